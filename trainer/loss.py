"""Cross-entropy over a large vocabulary without keeping the logits: summed in nats over the targets that are not -1.

Chunked: each chunk's gradients are computed while its logits are at hand, so nothing is computed twice and memory holds one chunk
[chunk, vocabulary] instead of [tokens, vocabulary]: 124 M at 64 × 1024 tokens and 50k ids saves 20 GB. Sums, not means: gradients stay
of order one in fp16, and accumulation over micro-batches is exact.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


class _ChunkedLoss(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, chunk: int, dtype: torch.dtype) -> Tensor:
        low, total = weight.to(dtype), torch.zeros((), dtype=torch.float32, device=hidden.device)
        grad_hidden, grad_weight = torch.empty_like(hidden), torch.zeros_like(weight, dtype=torch.float32)
        for start in range(0, len(targets), chunk):
            rows, wanted = hidden[start:start + chunk].to(dtype), targets[start:start + chunk]
            logits = (rows @ low.t()).float()
            total += F.cross_entropy(logits, wanted, ignore_index=-1, reduction="sum")
            scored = (wanted >= 0).unsqueeze(1)
            slope = logits.softmax(-1)
            slope.scatter_add_(1, wanted.clamp(min=0).unsqueeze(1), -torch.ones_like(scored, dtype=slope.dtype))
            slope = (slope * scored).to(dtype)
            grad_hidden[start:start + chunk] = slope @ low
            grad_weight += slope.t() @ rows
        ctx.save_for_backward(grad_hidden, grad_weight.to(weight.dtype))
        return total

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None, None, None]:  # type: ignore[override]
        grad_hidden, grad_weight = ctx.saved_tensors
        return grad_hidden * grad.to(grad_hidden.dtype), grad_weight * grad, None, None, None


def summed_loss(hidden: Tensor, weight: Tensor, targets: Tensor, chunk: int) -> Tensor:
    """hidden [tokens, width], weight [vocabulary, width], targets [tokens]; chunk 0 keeps all logits."""
    if chunk:
        kind = hidden.device.type
        dtype = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else weight.dtype
        with torch.autocast(kind, enabled=False):
            return _ChunkedLoss.apply(hidden, weight, targets, chunk, dtype)
    return F.cross_entropy(F.linear(hidden, weight).float(), targets, ignore_index=-1, reduction="sum")
