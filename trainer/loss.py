"""Cross-entropy over a large vocabulary without keeping the logits: summed in nats over the targets that are not -1.

Chunked: each chunk's gradients are computed while its logits are at hand, so nothing is computed twice and memory holds one
chunk [chunk, vocabulary] instead of [tokens, vocabulary]: 64 × 1024 tokens and 50k ids save 13 GB for the logits alone. Sums,
not means: gradients stay of order one in fp16, and accumulation over micro-batches is exact.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


def _loss_and_slope(logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Summed loss, and its slope by the logits in their own format: softmax minus one at the target, zero where nothing is
    scored."""
    scored, wanted = (targets >= 0).unsqueeze(1), targets.clamp(min=0).unsqueeze(1)
    log_probability = torch.log_softmax(logits.float(), dim=-1)
    loss = -(log_probability.gather(1, wanted) * scored).sum()
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


def summed_loss(hidden: Tensor, weight: Tensor, targets: Tensor, chunk: int) -> Tensor:
    """hidden [tokens, width], weight [vocabulary, width], targets [tokens]; chunk 0 keeps all logits."""
    targets = targets.long()
    if chunk and torch.is_grad_enabled():
        kind = hidden.device.type
        dtype = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else weight.dtype
        with torch.autocast(kind, enabled=False):
            loss: Tensor = _ChunkedLoss.apply(hidden, weight, targets, chunk, dtype)  # type: ignore[no-untyped-call]
            return loss
    return F.cross_entropy(F.linear(hidden, weight).float(), targets, ignore_index=-1, reduction="sum")
