"""Muon on hidden matrices and fused AdamW on the rest (embeddings, norms, biases), or AdamW alone; one learning rate serves
both.

Muon orthogonalizes each matrix's momentum, so all its directions move alike (Jordan 2024). Its step is scaled to AdamW's
usual RMS ("match_rms_adamw", Moonshot 2025), so that one --lr and one --weight-decay fit both. The schedule is a pure
function of the step.
"""

import math

import torch
from torch import Tensor, nn
from torch.distributed.tensor import DTensor

from trainer.parallel import like
from trainer.settings import Settings


def make_optimizers(model: nn.Module, settings: Settings) -> list[torch.optim.Optimizer]:
    """Weight decay on matrices only. Parameters that do not require gradients are left out."""
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    hidden = [name for name, p in trained.items() if p.ndim == 2 and (".layers." in name or ".h." in name)]
    muon = [trained.pop(name) for name in hidden] if settings.optimizer == "muon" else []
    fused = all(p.device.type in ("cpu", "cuda") for p in trained.values())
    optimizers: list[torch.optim.Optimizer] = []
    if trained:
        groups = [
            {"params": [p for p in trained.values() if p.ndim >= 2], "weight_decay": settings.weight_decay},
            {"params": [p for p in trained.values() if p.ndim < 2], "weight_decay": 0.0},
        ]
        optimizers.append(torch.optim.AdamW(groups, lr=settings.lr, betas=(0.9, 0.95), fused=fused))
    if muon:
        optimizers.append(
            torch.optim.Muon(muon, lr=settings.lr, weight_decay=settings.weight_decay, adjust_lr_fn="match_rms_adamw")
        )
    return optimizers


def lr_factor(step: int, settings: Settings) -> float:
    """Share of the peak rate at `step` (0-based). `wsd`: warm-up, stable, linear over the last `decay` of the run; or
    `cosine`."""
    if step < settings.warmup:
        return (step + 1) / settings.warmup
    if settings.schedule == "cosine":
        progress = (step - settings.warmup) / max(1, settings.steps - settings.warmup)
        share = 0.5 * (1 + math.cos(math.pi * progress))
    else:
        share = min(1.0, (settings.steps - step) / max(1e-9, settings.decay * settings.steps))
    return settings.min_lr + (1 - settings.min_lr) * share


def set_lr(optimizers: list[torch.optim.Optimizer], lr: float) -> None:
    for group in (group for optimizer in optimizers for group in optimizer.param_groups):
        group["lr"] = lr


def clip(model: nn.Module, limit: float) -> Tensor:
    """Scale gradients down to a total norm of `limit` (0: only measure); returns the norm before."""
    norm = nn.utils.clip_grad_norm_(model.parameters(), limit or math.inf)
    return norm.full_tensor() if isinstance(norm, DTensor) else norm


def state_tensors(model: nn.Module, optimizers: list[torch.optim.Optimizer]) -> dict[str, Tensor]:
    """Every optimizer tensor under `<parameter>#<state>`, by reference."""
    names = {id(p): name for name, p in model.named_parameters()}
    found = [(f"{names[id(p)]}#{key}", v) for o in optimizers for p, state in o.state.items() for key, v in state.items()]
    return {name: value for name, value in found if isinstance(value, Tensor)}


def load_state_tensors(model: nn.Module, optimizers: list[torch.optim.Optimizer], saved: dict[str, Tensor]) -> None:
    """Put back what `state_tensors` gave; cut anew where the parameter is sharded."""
    owners = {id(p): optimizer for optimizer in optimizers for group in optimizer.param_groups for p in group["params"]}
    parameters = dict(model.named_parameters())
    for name, value in saved.items():
        parameter, key = parameters[name.rpartition("#")[0]], name.rpartition("#")[2]
        owners[id(parameter)].state[parameter][key] = like(value, parameter) if value.ndim else value.to(parameter.device)
