"""Attention over one's own document: causal, a document mask from list offsets, a key-value cache for generation.

`starts[row, t]` is where the document of token t begins in its row (from the shards' list offsets, never from a search for EOS), so two tokens
of a row share a document exactly if their starts are equal. On CUDA the mask is a FlexAttention block mask, elsewhere a boolean matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention.flex_attention import BlockMask, create_block_mask, flex_attention


class Cache:
    """Keys and values of the tokens seen so far, per layer; `layer` counts up within one forward pass."""

    def __init__(self, num_layers: int) -> None:
        self.keys: list[Tensor | None] = [None] * num_layers
        self.values: list[Tensor | None] = [None] * num_layers
        self.layer = 0

    @property
    def length(self) -> int:
        return 0 if self.keys[0] is None else self.keys[0].shape[2]

    def extend(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        at, self.layer = self.layer, (self.layer + 1) % len(self.keys)
        old_k, old_v = self.keys[at], self.values[at]
        if old_k is not None and old_v is not None:
            k, v = torch.cat((old_k, k), 2), torch.cat((old_v, v), 2)
        self.keys[at], self.values[at] = k, v
        return k, v


def document_mask(starts: Tensor, flex: bool) -> Any:
    """Who may look at whom: [rows, 1, T, T] booleans, or the same as a block mask that skips whole blocks."""
    rows, length = starts.shape
    if flex:
        def same_document(b: Tensor, h: Tensor, q: Tensor, k: Tensor) -> Tensor:
            return (q >= k) & (starts[b, q] == starts[b, k])

        return create_block_mask(same_document, rows, None, length, length, device=starts.device.type, _compile=starts.is_cuda)
    causal = torch.ones(length, length, dtype=torch.bool, device=starts.device).tril()
    return (causal & (starts[:, :, None] == starts[:, None, :])).unsqueeze(1)


@cache
def _flex() -> Callable[..., Tensor]:
    """The fused kernel also where blocks are not compiled: uncompiled FlexAttention writes out all scores."""
    return torch.compile(flex_attention, dynamic=False)


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Any, cache: Cache | None, dropout: float) -> Tensor:
    """[rows, heads, T, head_dim] each (fewer heads of k and v: grouped-query attention); the same shape as q comes out."""
    if cache is not None:
        k, v = cache.extend(k, v)
    past = k.shape[2] - q.shape[2]
    grouped = k.shape[1] != q.shape[1]
    if isinstance(mask, BlockMask):
        return _flex()(q, k, v, block_mask=mask, enable_gqa=grouped)
    if past and q.shape[2] > 1 and mask is None:
        mask = torch.ones(q.shape[2], k.shape[2], dtype=torch.bool, device=q.device).tril(past)
    causal = mask is None and q.shape[2] > 1
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=dropout, is_causal=causal, enable_gqa=grouped)
