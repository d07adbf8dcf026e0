"""One decoder in Hugging Face's parameter names: the Qwen3 shape (Llama's without QK-norm) here, GPT-2's blocks in `classic`.

In: token ids [rows, T], optionally targets (-1 = not scored) and, per token, where its document starts in the row.
Out: logits [rows, T, vocabulary], or the sum of the scored tokens' losses in nats. Logits equal transformers' to 1e-5 in fp32.
References: Attention Is All You Need; RoFormer (rotary positions); GLU Variants (SwiGLU); Qwen3 technical report (QK-norm).
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from trainer.attention import Cache, attend, document_mask
from trainer.classic import Conv1D, classic_backbone
from trainer.config import ModelConfig
from trainer.loss import summed_loss


def rope_table(config: ModelConfig, positions: Tensor) -> tuple[Tensor, Tensor]:
    """cos and sin [rows or 1, 1, T, head_dim] of the angles position · theta^(-2i/head_dim), in fp32."""
    half = torch.arange(0, config.head_dim, 2, dtype=torch.float32, device=positions.device) / config.head_dim
    frequency = 1.0 / config.rope_theta**half
    if (scale := config.rope_scaling) is not None:  # Llama 3: long waves are stretched, short ones kept, a ramp between
        wave = scale["original_max_position_embeddings"] * frequency / (2 * math.pi)
        keep = ((wave - scale["low_freq_factor"]) / (scale["high_freq_factor"] - scale["low_freq_factor"])).clamp(0, 1)
        frequency = frequency * (keep + (1 - keep) / scale["factor"])
    angles = positions[..., None].float() * frequency
    angles = torch.cat((angles, angles), dim=-1).unsqueeze(-3)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn each pair (i, i + head_dim/2) of x [rows, heads, T, head_dim] by its position's angle."""
    left, right = x.chunk(2, dim=-1)
    return (x * cos + torch.cat((-right, left), dim=-1) * sin).to(x.dtype)


class RMSNorm(nn.Module):
    """x / rms(x) · weight, in fp32 whatever the input (as Hugging Face does)."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x.float(), (x.shape[-1],), self.weight, self.eps).to(x.dtype)


class Attention(nn.Module):
    """Each token looks back at the others of its document: softmax(q·k / sqrt(head_dim)) · v, per head."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        d, bias, self.config = config.hidden_size, config.attention_bias, config
        self.q_proj = nn.Linear(d, config.num_heads * config.head_dim, bias=bias)
        self.k_proj = nn.Linear(d, config.num_kv_heads * config.head_dim, bias=bias)
        self.v_proj = nn.Linear(d, config.num_kv_heads * config.head_dim, bias=bias)
        self.o_proj = nn.Linear(config.num_heads * config.head_dim, d, bias=bias)
        if config.qk_norm:
            self.q_norm = RMSNorm(config.head_dim, config.norm_eps)
            self.k_norm = RMSNorm(config.head_dim, config.norm_eps)

    def forward(self, x: Tensor, rope: tuple[Tensor, Tensor], mask: Any, cache: Cache | None) -> Tensor:
        heads = (*x.shape[:-1], -1, self.config.head_dim)
        q, k, v = (projection(x).view(heads) for projection in (self.q_proj, self.k_proj, self.v_proj))
        if self.config.qk_norm:
            q, k = self.q_norm(q), self.k_norm(k)
        q, k, v = (part.transpose(1, 2) for part in (q, k, v))
        q, k = rotate(q, *rope), rotate(k, *rope)
        out = attend(q, k, v, mask, cache, self.config.dropout if self.training else 0.0)
        return self.o_proj(out.transpose(1, 2).flatten(2))


class MLP(nn.Module):
    """SwiGLU: silu(gate) · up, then down."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.mlp_bias)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=config.mlp_bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    """Residual stream: what attention and the feed-forward add to each token."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.self_attn, self.mlp, self.dropout = Attention(config), MLP(config), config.dropout
        self.input_layernorm = RMSNorm(config.hidden_size, config.norm_eps)
        self.post_attention_layernorm = RMSNorm(config.hidden_size, config.norm_eps)

    def forward(self, x: Tensor, rope: Any, mask: Any, cache: Cache | None) -> Tensor:
        x = x + F.dropout(self.self_attn(self.input_layernorm(x), rope, mask, cache), self.dropout, self.training)
        return x + F.dropout(self.mlp(self.post_attention_layernorm(x)), self.dropout, self.training)


class Decoder(nn.Module):
    """Embedding, blocks, final norm, head. `checkpointing` and `loss_chunk` (tokens, 0 = off) trade time for memory."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config, self.checkpointing, self.loss_chunk = config, False, 0
        if config.classic:
            self.transformer = classic_backbone(config)
        else:
            self.model = nn.ModuleDict({
                "embed_tokens": nn.Embedding(config.vocab_size, config.hidden_size),
                "layers": nn.ModuleList(Block(config) for _ in range(config.num_layers)),
                "norm": RMSNorm(config.hidden_size, config.norm_eps)})
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.apply(self._initialize)
        for name, parameter in self.named_parameters():
            if name.endswith(("o_proj.weight", "down_proj.weight", "c_proj.weight")):  # 2·layers additions keep the stream's variance
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * config.num_layers))
        if config.tied:
            self.lm_head.weight = self.embedding.weight

    @staticmethod
    def _initialize(module: nn.Module) -> None:
        if isinstance(module, nn.Linear | nn.Embedding | Conv1D):
            nn.init.normal_(module.weight, std=0.02)
            if getattr(module, "bias", None) is not None:
                nn.init.zeros_(module.bias)  # type: ignore[arg-type]

    @property
    def embedding(self) -> nn.Embedding:
        return self.transformer["wte"] if self.config.classic else self.model["embed_tokens"]  # type: ignore[return-value]

    @property
    def blocks(self) -> nn.ModuleList:
        return self.transformer["h"] if self.config.classic else self.model["layers"]  # type: ignore[return-value]

    def forward(self, tokens: Tensor, targets: Tensor | None = None, starts: Tensor | None = None, cache: Cache | None = None) -> Tensor:
        """Logits; with `targets` the summed loss of those that are not -1; with `cache` tokens continue what it holds."""
        past = 0 if cache is None else cache.length
        positions = torch.arange(past, past + tokens.shape[1], device=tokens.device).unsqueeze(0)
        mask = None
        if starts is not None:
            positions, mask = positions - starts, document_mask(starts, flex=tokens.is_cuda)
        x = self.embedding(tokens)
        if self.config.classic:
            x, rope = x + self.transformer["wpe"](positions), None
        else:
            rope = rope_table(self.config, positions)
        x = F.dropout(x, self.config.dropout, self.training)
        if torch.is_autocast_enabled(x.device.type) and torch.get_autocast_dtype(x.device.type) == torch.bfloat16:
            x = x.bfloat16()  # the residual stream too: half the memory traffic; fp16 would overflow here
        for block in self.blocks:
            if self.checkpointing and self.training:
                x = checkpoint(block, x, rope, mask, None, use_reentrant=False)
            else:
                x = block(x, rope, mask, cache)
        x = (self.transformer["ln_f"] if self.config.classic else self.model["norm"])(x)
        if targets is None:
            return self.lm_head(x)
        return summed_loss(x.flatten(0, 1), self.lm_head.weight, targets.flatten(), self.loss_chunk)
