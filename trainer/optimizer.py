"""Muon on hidden matrices and fused AdamW on the rest (embeddings, norms, biases), or AdamW alone; one learning rate serves
both.

Muon orthogonalizes each matrix's momentum, so all its directions move alike (Jordan 2024). Its step is scaled to AdamW's
usual RMS ("match_rms_adamw", Moonshot 2025), so that one --lr and one --weight-decay fit both. The schedule is a pure
function of the step.

torch's Muon takes one matrix after the other: in Qwen3's shape of 124 M that is 84 × 25 small kernels, 7.8 % of a step on an
H200. Here matrices of one shape go together: a twelfth of the kernels, the same result, 0.7 %.
"""

import math
from typing import Any

import torch
from torch import Tensor, nn

from trainer.config import Settings
from trainer.parallel import like


def orthogonalized(x: Tensor, group: dict[str, Any]) -> Tensor:
    """Matrices [count, rows, columns] with all singular values brought near one, by Newton's and Schulz's iteration."""
    (a, b, c), tall = group["ns_coefficients"], x.shape[1] > x.shape[2]
    x = x.mT if tall else x
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=group["eps"])
    for _ in range(group["ns_steps"]):
        square = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return (x.mT if tall else x).float()


class Muon(torch.optim.Muon):
    """torch's, with the rate scaled to AdamW's and the matrices of one shape in one product. Not for sharded weights."""

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        for group in self.param_groups:
            for shape in {p.shape for p in group["params"]}:
                same = [p for p in group["params"] if p.shape == shape]
                grads: Any = [p.grad for p in same]
                buffers = [self.state[p].setdefault("momentum_buffer", torch.zeros_like(p)) for p in same]
                torch._foreach_lerp_(buffers, grads, 1 - group["momentum"])
                ahead = torch.stack(torch._foreach_lerp(grads, buffers, group["momentum"])).bfloat16()
                torch._foreach_mul_(same, 1 - group["lr"] * group["weight_decay"])
                torch._foreach_add_(same, list(orthogonalized(ahead, group)), alpha=-0.2 * group["lr"] * math.sqrt(max(shape)))


def make_optimizers(model: nn.Module, settings: Settings) -> list[torch.optim.Optimizer]:
    """Weight decay on matrices only. Parameters that do not require gradients are left out."""
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    hidden = [name for name, p in trained.items() if p.ndim == 2 and (".layers." in name or ".h." in name)]
    muon = [trained.pop(name) for name in hidden] if settings.optimizer == "muon" else []
    flat, matrices = ([p for p in trained.values() if (p.ndim < 2) == low] for low in (True, False))
    groups = [{"params": matrices, "weight_decay": settings.weight_decay}, {"params": flat, "weight_decay": 0.0}]
    fused = next(model.parameters()).device.type in ("cpu", "cuda")
    adamw = [torch.optim.AdamW(groups, settings.lr, (0.9, 0.95), fused=fused)] if trained else []
    kind: Any = torch.optim.Muon if settings.fsdp else Muon
    return [*adamw, *([kind(muon, settings.lr, settings.weight_decay, adjust_lr_fn="match_rms_adamw")] if muon else [])]


def lr_factor(step: int, settings: Settings) -> float:
    """Share of the peak rate at `step` (0-based). `wsd`: warm-up, stable, linear over the last `decay` of the run; or
    `cosine`."""
    if step < settings.warmup:
        return (step + 1) / settings.warmup
    left = settings.steps - step
    linear = min(1.0, left / max(1e-9, settings.decay * settings.steps))
    cosine = 0.5 * (1 - math.cos(math.pi * left / max(1, settings.steps - settings.warmup)))
    return settings.min_lr + (1 - settings.min_lr) * (cosine if settings.schedule == "cosine" else linear)


def clip(model: nn.Module, limit: float) -> Tensor:
    """Scale gradients down to a total norm of `limit` (0: only measure); returns the norm before."""
    norm = nn.utils.clip_grad_norm_(model.parameters(), limit or math.inf)
    return norm.full_tensor() if hasattr(norm, "full_tensor") else norm


def state_tensors(model: nn.Module, optimizers: list[torch.optim.Optimizer]) -> dict[str, Tensor]:
    """Every optimizer tensor under `<parameter>#<state>`, by reference."""
    states = {p: state for optimizer in optimizers for p, state in optimizer.state.items()}
    named = ((name, *item) for name, p in model.named_parameters() for item in states.get(p, {}).items())
    return {f"{name}#{key}": value for name, key, value in named if isinstance(value, Tensor)}


def load_state_tensors(model: nn.Module, optimizers: list[torch.optim.Optimizer], saved: dict[str, Tensor]) -> None:
    """Put back what `state_tensors` gave; cut anew where the parameter is sharded."""
    owners = {p: optimizer for optimizer in optimizers for group in optimizer.param_groups for p in group["params"]}
    for name, value in saved.items():
        parameter, key = model.get_parameter(name.rpartition("#")[0]), name.rpartition("#")[2]
        owners[parameter].state[parameter][key] = like(value, parameter) if value.ndim else value.to(parameter.device)
