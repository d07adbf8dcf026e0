"""Attention inside one's own document: rotary positions, the causal and document masks, a key-value cache for generation.

`starts[row, t]` is where the document of token t begins in its row (from the shards' list offsets, never from a search for
EOS), so two tokens share a document exactly if their starts are equal. On CUDA the mask is a FlexAttention block mask,
elsewhere a boolean matrix. References: RoFormer (2021); FlexAttention (2024).
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention.flex_attention import BlockMask, create_block_mask, flex_attention

from trainer.config import ModelConfig


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


class Cache:
    """Keys and values of the tokens seen so far, per layer; layers call `extend` in turn."""

    def __init__(self, num_layers: int) -> None:
        self.layers: list[tuple[Tensor, Tensor] | None] = [None] * num_layers
        self.turn = 0

    @property
    def length(self) -> int:
        return self.layers[0][0].shape[2] if self.layers[0] else 0

    def extend(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        old = self.layers[self.turn]
        both = (torch.cat((old[0], k), 2), torch.cat((old[1], v), 2)) if old else (k, v)
        self.layers[self.turn] = both
        self.turn = (self.turn + 1) % len(self.layers)
        return both


def document_mask(starts: Tensor, flex: bool) -> Any:
    """Who may look at whom: [rows, 1, T, T] booleans, or the same as a block mask that skips whole blocks."""
    rows, length = starts.shape
    if flex:

        def visible(b: Tensor, h: Tensor, q: Tensor, k: Tensor) -> Tensor:
            return (q >= k) & (starts[b, q] == starts[b, k])

        return create_block_mask(visible, rows, None, length, length, device=starts.device.type, _compile=starts.is_cuda)
    causal = torch.ones(length, length, dtype=torch.bool, device=starts.device).tril()
    return (causal & (starts[:, :, None] == starts[:, None, :])).unsqueeze(1)


@cache
def _flex() -> Callable[..., Tensor]:
    """The fused kernel also where blocks are not compiled: uncompiled FlexAttention writes out all scores."""
    return torch.compile(flex_attention, dynamic=False)


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Any, cache: Cache | None, dropout: float) -> Tensor:
    """softmax(q·k / sqrt(head_dim)) · v: [rows, heads, T, head_dim] each (fewer heads of k and v: grouped-query attention)."""
    if cache is not None:
        k, v = cache.extend(k, v)
    grouped, past = k.shape[1] != q.shape[1], k.shape[2] - q.shape[2]
    if isinstance(mask, BlockMask):  # without attention dropout, which FlexAttention does not have
        return _flex()(q, k, v, block_mask=mask, enable_gqa=grouped)
    if past and q.shape[2] > 1:
        mask = torch.ones(q.shape[2], k.shape[2], dtype=torch.bool, device=q.device).tril(past)
    causal = mask is None and q.shape[2] > 1
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=dropout, is_causal=causal, enable_gqa=grouped)
