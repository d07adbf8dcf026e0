"""One decoder in Hugging Face's parameter names: the Qwen3 shape (Llama's without QK-norm) and, for learners and comparison,
GPT-2's.

In: token ids [rows, T], optionally targets (-1 = not scored) and, per token, where its document starts in the row. Out:
logits [rows, T, vocabulary], or the sum of the scored tokens' losses in nats. Logits equal transformers' to 1e-6 in fp32.
References: Attention Is All You Need; GLU Variants (SwiGLU); Qwen3 technical report (QK-norm); GPT-2 (2019).
"""

import math
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from trainer.attention import Cache, attend, document_mask, rope_table, rotate
from trainer.config import ModelConfig
from trainer.loss import summed_loss


class RMSNorm(nn.Module):
    """x / rms(x) · weight, in fp32 whatever the input (as Hugging Face does)."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x.float(), (x.shape[-1],), self.weight, self.eps).to(x.dtype)


class Attention(nn.Module):
    """Each token looks back at the earlier ones: queries meet keys, values flow."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        d, bias, self.config = config.hidden_size, config.attention_bias, config
        self.q_proj = nn.Linear(d, config.num_heads * config.head_dim, bias=bias)
        self.k_proj = nn.Linear(d, config.num_kv_heads * config.head_dim, bias=bias)
        self.v_proj = nn.Linear(d, config.num_kv_heads * config.head_dim, bias=bias)
        self.o_proj = nn.Linear(config.num_heads * config.head_dim, d, bias=bias)
        norm = partial(RMSNorm, config.head_dim, config.norm_eps) if config.qk_norm else nn.Identity
        self.q_norm, self.k_norm = norm(), norm()

    def forward(self, x: Tensor, rope: tuple[Tensor, Tensor], mask: Any, cache: Cache | None) -> Tensor:
        q, k, v = (part(x).unflatten(-1, (-1, self.config.head_dim)) for part in (self.q_proj, self.k_proj, self.v_proj))
        q, k = (rotate(part.transpose(1, 2), *rope) for part in (self.q_norm(q), self.k_norm(k)))
        out = attend(q, k, v.transpose(1, 2), mask, cache, self.config.dropout if self.training else 0.0)
        mixed: Tensor = self.o_proj(out.transpose(1, 2).flatten(2))
        return mixed


class MLP(nn.Module):
    """SwiGLU: silu(gate) · up, then down."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.mlp_bias)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=config.mlp_bias)

    def forward(self, x: Tensor) -> Tensor:
        down: Tensor = self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))
        return down


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


class Conv1D(nn.Module):
    """x · weight + bias, weight [in, out]: how Hugging Face stores GPT-2's projections."""

    def __init__(self, num_in: int, num_out: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.empty(num_in, num_out)), nn.Parameter(torch.zeros(num_out))

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight.t(), self.bias)


class ClassicBlock(nn.Module):
    """GPT-2's block: LayerNorm, one projection for queries, keys and values, GELU in its tanh form; called like `Block`."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        d, self.config = config.hidden_size, config
        self.ln_1, self.ln_2 = (nn.LayerNorm(d, eps=config.norm_eps) for _ in range(2))
        self.attn = nn.ModuleDict({"c_attn": Conv1D(d, 3 * d), "c_proj": Conv1D(d, d)})
        self.mlp = nn.ModuleDict({"c_fc": Conv1D(d, config.intermediate_size), "c_proj": Conv1D(config.intermediate_size, d)})

    def forward(self, x: Tensor, rope: None, mask: Any, cache: Cache | None) -> Tensor:
        dropout = self.config.dropout if self.training else 0.0
        parts = self.attn["c_attn"](self.ln_1(x).to(x.dtype)).chunk(3, dim=-1)
        q, k, v = (part.unflatten(-1, (-1, self.config.head_dim)).transpose(1, 2) for part in parts)
        out = attend(q, k, v, mask, cache, dropout)
        x = x + F.dropout(self.attn["c_proj"](out.transpose(1, 2).flatten(2)), dropout)
        up = F.gelu(self.mlp["c_fc"](self.ln_2(x).to(x.dtype)), approximate="tanh")
        return x + F.dropout(self.mlp["c_proj"](up), dropout)


class Decoder(nn.Module):
    """Embedding, blocks, final norm, head. `checkpointing` and `loss_chunk` (tokens, 0 = off) trade time for memory."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config, self.checkpointing, self.loss_chunk = config, False, 0
        make = ClassicBlock if config.classic else Block
        embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        blocks = nn.ModuleList(make(config) for _ in range(config.num_layers))
        if config.classic:
            norm: nn.Module = nn.LayerNorm(config.hidden_size, eps=config.norm_eps)
            positions = nn.Embedding(config.context, config.hidden_size)
            self.transformer = nn.ModuleDict({"wte": embedding, "wpe": positions, "h": blocks, "ln_f": norm})
        else:
            norm = RMSNorm(config.hidden_size, config.norm_eps)
            self.model = nn.ModuleDict({"embed_tokens": embedding, "layers": blocks, "norm": norm})
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        if config.tied:
            self.lm_head.weight = embedding.weight
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:  # 2·layers additions keep the residual stream's variance
                last = name.endswith(("o_proj.weight", "down_proj.weight", "c_proj.weight"))
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * config.num_layers) if last else 0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def parts(self) -> tuple[nn.Embedding, nn.ModuleList, nn.Module]:
        """Embedding, blocks, final norm, by whatever names."""
        names = ("wte", "h", "ln_f") if self.config.classic else ("embed_tokens", "layers", "norm")
        return tuple((self.transformer if self.config.classic else self.model)[name] for name in names)  # type: ignore[return-value]

    def forward(
        self, tokens: Tensor, targets: Tensor | None = None, starts: Tensor | None = None, cache: Cache | None = None
    ) -> Tensor:
        """Logits; with `targets` the summed loss of those that are not -1; with `cache` tokens continue what it holds."""
        (embedding, blocks, norm), past = self.parts(), cache.length if cache else 0
        positions, mask = torch.arange(past, past + tokens.shape[1], device=tokens.device).unsqueeze(0), None
        if starts is not None:
            positions, mask = positions - starts, document_mask(starts, flex=tokens.is_cuda)
        x = embedding(tokens)
        x = F.dropout(x + self.transformer["wpe"](positions) if self.config.classic else x, self.config.dropout, self.training)
        rope = None if self.config.classic else rope_table(self.config, positions)
        kind = x.device.type
        if torch.is_autocast_enabled(kind) and torch.get_autocast_dtype(kind) == torch.bfloat16:
            x = x.bfloat16()  # the residual stream too: half the memory traffic; fp16 would overflow here
        for block in blocks:
            again = self.checkpointing and self.training
            x = checkpoint(block, x, rope, mask, None, use_reentrant=False) if again else block(x, rope, mask, cache)
        x = norm(x)
        if targets is None:
            return self.lm_head(x)  # type: ignore[no-any-return]
        return summed_loss(x.flatten(0, 1), self.lm_head.weight, targets.flatten(), self.loss_chunk)
