"""One decoder in Hugging Face's parameter names: the Qwen3 shape (Llama's without QK-norm) and, for learners and comparison,
GPT-2's.

In: token ids [rows, T], optionally targets (-1 = not scored) and, per token, where its document starts in the row. Out:
logits [rows, T, vocabulary], or the sum of the scored tokens' losses in nats. Logits equal transformers' to 1e-6 in fp32.
The loss never keeps the logits: each chunk's gradients are computed while they are at hand, so nothing is computed twice and
memory holds [chunk, vocabulary] instead of [tokens, vocabulary]: 64 × 1024 tokens and 50k ids save 13 GB for the logits alone.
Sums, not means: gradients stay of order one in fp16, and accumulation over micro-batches is exact.

References: Attention Is All You Need; RoFormer (rotary positions); GLU Variants (SwiGLU); Qwen3 technical report (QK-norm);
GPT-2 (2019).
"""

import math
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from trainer.config import ModelConfig

Memory = list[Tensor]  # keys and values that one block has seen while generating; empty at first


def rope_frequencies(config: ModelConfig) -> Tensor:
    """Angle per position of each channel pair: theta^(-2i/head_dim), for Llama 3 with its long waves stretched."""
    frequency = config.rope_theta ** -(torch.arange(0, config.head_dim, 2, dtype=torch.float32) / config.head_dim)
    if (scale := config.rope_scaling) is not None:
        turns = scale["original_max_position_embeddings"] * frequency / (2 * math.pi)
        keep = ((turns - scale["low_freq_factor"]) / (scale["high_freq_factor"] - scale["low_freq_factor"])).clamp(0, 1)
        frequency = frequency * (keep + (1 - keep) / scale["factor"])
    return frequency


def rope_table(config: ModelConfig, positions: Tensor) -> tuple[Tensor, Tensor]:
    """cos and sin [rows or 1, 1, T, head_dim], fp32."""
    angles = positions[..., None].float() * rope_frequencies(config).to(positions.device)
    angles = torch.cat((angles, angles), dim=-1).unsqueeze(-3)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn each pair (i, i + head_dim/2) of x [rows, heads, T, head_dim] by its position's angle."""
    left, right = x.chunk(2, dim=-1)
    return (x * cos + torch.cat((-right, left), dim=-1) * sin).to(x.dtype)


def document_mask(starts: Tensor) -> Tensor:
    """Who may look at whom, [rows, 1, T, T] booleans. Two tokens share a document exactly if their starts (from the shards' list
    offsets, never from a search for EOS) are equal."""
    causal = torch.ones(starts.shape[1], starts.shape[1], dtype=torch.bool, device=starts.device).tril()
    return (causal & (starts[:, :, None] == starts[:, None, :])).unsqueeze(1)


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, memory: Memory | None, dropout: float) -> Tensor:
    """softmax(q·k / sqrt(head_dim)) · v, as [rows, T, heads · head_dim]; q, k and v are [rows, heads, T, head_dim] (fewer heads
    of k and v: grouped-query attention)."""
    if memory is not None:
        memory[:] = k, v = (torch.cat((memory[0], k), 2), torch.cat((memory[1], v), 2)) if memory else (k, v)
    (new, seen), grouped = (q.shape[2], k.shape[2]), k.shape[1] != q.shape[1]
    if seen > new > 1:
        mask = torch.ones(new, seen, dtype=torch.bool, device=q.device).tril(seen - new)
    out = F.scaled_dot_product_attention(q, k, v, mask, dropout, mask is None and new > 1, enable_gqa=grouped)
    return out.transpose(1, 2).flatten(2)


class RMSNorm(nn.RMSNorm):
    """x / rms(x) · weight, in fp32 whatever the input (as Hugging Face does)."""

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x.float(), self.normalized_shape, self.weight, self.eps).to(x.dtype)


class Attention(nn.Module):
    """Each token looks back at the earlier ones: queries meet keys, values flow."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        d, bias, self.config = config.hidden_size, config.attention_bias, config
        self.q_proj = nn.Linear(d, config.num_heads * config.head_dim, bias=bias)
        self.k_proj = nn.Linear(d, config.num_kv_heads * config.head_dim, bias=bias)
        self.v_proj = nn.Linear(d, config.num_kv_heads * config.head_dim, bias=bias)
        self.o_proj = nn.Linear(config.num_heads * config.head_dim, d, bias=bias)
        norm = partial(RMSNorm, config.head_dim, config.norm_eps) if config.qk_norm else nn.Identity
        self.q_norm, self.k_norm = norm(), norm()

    def forward(self, x: Tensor, rope: tuple[Tensor, Tensor], mask: Tensor | None, memory: Memory | None) -> Any:
        q, k, v = (part(x).unflatten(-1, (-1, self.config.head_dim)) for part in (self.q_proj, self.k_proj, self.v_proj))
        q, k = (rotate(part.transpose(1, 2), *rope) for part in (self.q_norm(q), self.k_norm(k)))
        return self.o_proj(attend(q, k, v.transpose(1, 2), mask, memory, self.config.dropout if self.training else 0.0))


class MLP(nn.Module):
    """SwiGLU: silu(gate) · up, then down."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.mlp_bias)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=config.mlp_bias)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=config.mlp_bias)

    def forward(self, x: Tensor) -> Any:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    """Residual stream: what attention and the feed-forward add to each token."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.self_attn, self.mlp, self.dropout = Attention(config), MLP(config), config.dropout
        self.input_layernorm = RMSNorm(config.hidden_size, config.norm_eps)
        self.post_attention_layernorm = RMSNorm(config.hidden_size, config.norm_eps)

    def forward(self, x: Tensor, rope: Any, mask: Tensor | None, memory: Memory | None) -> Tensor:
        x = x + F.dropout(self.self_attn(self.input_layernorm(x), rope, mask, memory), self.dropout, self.training)
        return x + F.dropout(self.mlp(self.post_attention_layernorm(x)), self.dropout, self.training)


class ClassicBlock(nn.Module):
    """GPT-2's block: LayerNorm, one projection for queries, keys and values, GELU; called like `Block`."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        d, f, self.config = config.hidden_size, config.intermediate_size, config
        self.ln_1, self.ln_2 = (nn.LayerNorm(d, eps=config.norm_eps) for _ in range(2))
        self.attn = nn.ModuleDict({"c_attn": nn.Linear(d, 3 * d), "c_proj": nn.Linear(d, d)})
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(d, f), "c_proj": nn.Linear(f, d)})

    def forward(self, x: Tensor, rope: None, mask: Tensor | None, memory: Memory | None) -> Tensor:
        dropout = self.config.dropout if self.training else 0.0
        parts = self.attn["c_attn"](self.ln_1(x).to(x.dtype)).chunk(3, dim=-1)
        q, k, v = (part.unflatten(-1, (-1, self.config.head_dim)).transpose(1, 2) for part in parts)
        x = x + F.dropout(self.attn["c_proj"](attend(q, k, v, mask, memory, dropout)), dropout)
        up = F.gelu(self.mlp["c_fc"](self.ln_2(x).to(x.dtype)), approximate="none" if self.config.exact_gelu else "tanh")
        return x + F.dropout(self.mlp["c_proj"](up), dropout)


def _loss_and_slope(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Summed loss, and its slope by the logits in their own format: softmax minus one at the target, zero where nothing is
    scored."""
    scored, wanted = (targets >= 0).unsqueeze(1), targets.clamp(min=0).unsqueeze(1)
    log_probability = torch.log_softmax(logits.float(), dim=-1)
    loss = -(log_probability.gather(1, wanted) * scored).sum()
    # One compiled kernel; with the scatter the chunk is written and read once more, in fp32 (31.7 → 28.1 ms).
    if logits.is_cuda:
        hit = torch.arange(logits.shape[1], device=logits.device) == wanted
        return loss, ((log_probability.exp() - hit.float()) * scored).to(logits.dtype)
    slope = log_probability.exp_()
    slope.scatter_add_(1, wanted, torch.full_like(wanted, -1, dtype=slope.dtype))
    return loss, slope.mul_(scored).to(logits.dtype)


@cache
def _fused() -> Callable[..., tuple[Tensor, Tensor]]:
    return torch.compile(_loss_and_slope, dynamic=False)


class _ChunkedLoss(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, chunk: int, dtype: torch.dtype) -> Tensor:
        low, total = weight.to(dtype), torch.zeros((), dtype=torch.float32, device=hidden.device)
        grad_hidden, grad_weight = torch.empty_like(hidden), torch.zeros_like(weight)
        compute = _fused() if hidden.is_cuda else _loss_and_slope
        for rows, wanted, out in zip(*(torch.split(t, chunk) for t in (hidden, targets, grad_hidden)), strict=True):
            loss, slope = compute((rows := rows.to(dtype)) @ low.t(), wanted)
            total += loss
            out.copy_(slope @ low)
            grad_weight += slope.t() @ rows
        ctx.save_for_backward(grad_hidden, grad_weight)
        return total

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None, None, None]:
        grad_hidden, grad_weight = ctx.saved_tensors
        return grad_hidden * grad.to(grad_hidden.dtype), grad_weight * grad, None, None, None


def summed_loss(hidden: Tensor, weight: Tensor, targets: Tensor, chunk: int) -> Any:
    """hidden [tokens, width], weight [vocabulary, width], targets [tokens]; chunk 0 keeps all logits."""
    kind, targets = hidden.device.type, targets.long()
    dtype = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else weight.dtype
    with torch.autocast(kind, enabled=False):
        return _ChunkedLoss.apply(hidden, weight, targets, chunk or len(targets), dtype)  # type: ignore[no-untyped-call]


class Decoder(nn.Module):
    """Embedding, blocks, final norm, head. `checkpointing` and `loss_chunk` (tokens, 0 = off) trade time for memory."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.config, self.checkpointing, self.loss_chunk = config, False, 0
        embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        blocks = nn.ModuleList((ClassicBlock if config.classic else Block)(config) for _ in range(config.num_layers))
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
                adds = name.endswith(("o_proj.weight", "down_proj.weight", "c_proj.weight"))
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * config.num_layers) if adds else 0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def parts(self) -> tuple[Any, ...]:
        """Embedding, blocks, final norm, by whatever names."""
        owner: Any = self.transformer if self.config.classic else self.model
        return tuple(owner[name] for name in (("wte", "h", "ln_f") if self.config.classic else owner))

    def forward(self, tokens: Tensor, targets: Any = None, starts: Any = None, cache: list[Memory] | None = None) -> Any:
        """Logits; with `targets` the summed loss of those that are not -1; with `cache` tokens continue what it holds."""
        embedding, blocks, norm = self.parts()
        past = cache[0][0].shape[2] if cache and cache[0] else 0
        positions, mask = torch.arange(past, past + tokens.shape[1], device=tokens.device).unsqueeze(0), None
        if starts is not None:
            positions, mask = positions - starts, document_mask(starts)
        x = embedding(tokens)
        x = F.dropout(x + self.transformer["wpe"](positions) if self.config.classic else x, self.config.dropout, self.training)
        rope = None if self.config.classic else rope_table(self.config, positions)
        if torch.is_autocast_enabled(x.device.type) and torch.get_autocast_dtype(x.device.type) == torch.bfloat16:
            x = x.bfloat16()  # the residual stream too: half the memory traffic; fp16 would overflow here
        again = self.checkpointing and self.training
        for block, memory in zip(blocks, cache or (None,) * len(blocks)):
            x = checkpoint(block, x, rope, mask, None, use_reentrant=False) if again else block(x, rope, mask, memory)
        x = norm(x)
        if targets is None:
            return self.lm_head(x)
        return summed_loss(x.flatten(0, 1), self.lm_head.weight, targets.flatten(), self.loss_chunk)
