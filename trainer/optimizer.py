"""Muon on hidden matrices and fused AdamW on the rest (embeddings, norms, biases), or AdamW alone; one learning rate serves
both.

Muon orthogonalizes each matrix's momentum, so all its directions move alike (Jordan 2024). Its step is scaled to AdamW's
usual RMS ("match_rms_adamw", Moonshot 2025), so that one --lr and one --weight-decay fit both. The schedule is a pure
function of the step.
"""

import math

from torch import Tensor, nn
from torch.distributed.tensor import DTensor
from torch.optim import AdamW, Muon, Optimizer

from trainer.config import Settings
from trainer.parallel import like


def make_optimizers(model: nn.Module, settings: Settings) -> list[Optimizer]:
    """Weight decay on matrices only. Parameters that do not require gradients are left out."""
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    hidden = [name for name, p in trained.items() if p.ndim == 2 and (".layers." in name or ".h." in name)]
    muon = [trained.pop(name) for name in hidden] if settings.optimizer == "muon" else []
    flat, matrices = ([p for p in trained.values() if (p.ndim < 2) == low] for low in (True, False))
    groups = [{"params": matrices, "weight_decay": settings.weight_decay}, {"params": flat, "weight_decay": 0.0}]
    fused = next(model.parameters()).device.type in ("cpu", "cuda")
    adamw = [AdamW(groups, settings.lr, (0.9, 0.95), fused=fused)] if trained else []
    return [*adamw, *([Muon(muon, settings.lr, settings.weight_decay, adjust_lr_fn="match_rms_adamw")] if muon else [])]


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
    return norm.full_tensor() if isinstance(norm, DTensor) else norm


def state_tensors(model: nn.Module, optimizers: list[Optimizer]) -> dict[str, Tensor]:
    """Every optimizer tensor under `<parameter>#<state>`, by reference."""
    states = {p: state for optimizer in optimizers for p, state in optimizer.state.items()}
    named = [(f"{name}#{key}", value) for name, p in model.named_parameters() for key, value in states.get(p, {}).items()]
    return {name: value for name, value in named if isinstance(value, Tensor)}


def load_state_tensors(model: nn.Module, optimizers: list[Optimizer], saved: dict[str, Tensor]) -> None:
    """Put back what `state_tensors` gave; cut anew where the parameter is sharded."""
    owners = {p: optimizer for optimizer in optimizers for group in optimizer.param_groups for p in group["params"]}
    for name, value in saved.items():
        parameter, key = model.get_parameter(name.rpartition("#")[0]), name.rpartition("#")[2]
        owners[parameter].state[parameter][key] = like(value, parameter) if value.ndim else value.to(parameter.device)
