"""Muon on hidden matrices and fused AdamW on the rest (embeddings, norms, biases), or AdamW alone; one learning rate serves both.

Muon orthogonalizes each matrix's momentum, so all its directions move alike (Jordan 2024). Its step is scaled to AdamW's usual RMS
("match_rms_adamw", Moonshot 2025), so that one --lr and one --weight-decay fit both. The schedule is a pure function of the step.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


def make_optimizers(model: nn.Module, kind: str, lr: float, weight_decay: float, betas: tuple[float, float],
                    momentum: float) -> list[torch.optim.Optimizer]:
    """`kind`: muon | adamw. Weight decay on matrices only. Parameters that do not require gradients are left out."""
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    hidden = [p for name, p in named if kind == "muon" and p.ndim == 2 and (".layers." in name or ".h." in name)]
    taken = {id(p) for p in hidden}
    rest = [p for _, p in named if id(p) not in taken]
    groups = [{"params": [p for p in rest if p.ndim >= 2], "weight_decay": weight_decay},
              {"params": [p for p in rest if p.ndim < 2], "weight_decay": 0.0}]
    fused = all(p.device.type in ("cpu", "cuda") for p in rest)
    optimizers: list[torch.optim.Optimizer] = []
    if any(group["params"] for group in groups):
        optimizers.append(torch.optim.AdamW([g for g in groups if g["params"]], lr=lr, betas=betas, fused=fused))
    if hidden:
        optimizers.append(torch.optim.Muon(hidden, lr=lr, weight_decay=weight_decay, momentum=momentum, adjust_lr_fn="match_rms_adamw"))
    return optimizers


def lr_factor(step: int, steps: int, warmup: int, schedule: str, decay: float, floor: float) -> float:
    """Share of the peak rate at `step` (0-based). `wsd`: warm-up, stable, linear over the last `decay` of the run; `cosine`; `constant`."""
    if step < warmup:
        return (step + 1) / warmup
    if schedule == "cosine":
        progress = (step - warmup) / max(1, steps - warmup)
        return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
    cooldown = max(1, round(decay * steps)) if schedule == "wsd" and decay > 0 else 0
    left = steps - step
    return floor + (1 - floor) * left / cooldown if left < cooldown else 1.0


def set_lr(optimizers: list[torch.optim.Optimizer], lr: float) -> None:
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = lr


def clip(model: nn.Module, limit: float) -> float:
    """Scale gradients down to a total norm of `limit` (0 = only measure); returns the norm before."""
    parameters = [p for p in model.parameters() if p.grad is not None]
    norm = nn.utils.clip_grad_norm_(parameters, limit if limit > 0 else math.inf)
    full = norm.full_tensor() if hasattr(norm, "full_tensor") else norm  # type: ignore[operator]
    return float(full)


def state_tensors(model: nn.Module, optimizers: list[torch.optim.Optimizer]) -> dict[str, Tensor]:
    """Every optimizer tensor under `<parameter>#<state>`, by reference."""
    names = {id(p): name for name, p in model.named_parameters()}
    return {f"{names[id(p)]}#{key}": value for optimizer in optimizers for p, state in optimizer.state.items()
            for key, value in state.items() if isinstance(value, Tensor)}


def load_state_tensors(model: nn.Module, optimizers: list[torch.optim.Optimizer], saved: dict[str, Tensor]) -> None:
    """Put back what `state_tensors` gave; shards are cut anew where the parameter is sharded."""
    from trainer.parallel import like

    owners = {id(p): optimizer for optimizer in optimizers for group in optimizer.param_groups for p in group["params"]}
    for name, parameter in model.named_parameters():
        if (optimizer := owners.get(id(parameter))) is None:
            continue
        for key, value in saved.items():
            if key.rpartition("#")[0] == name:
                part = value if value.ndim == 0 else like(value, parameter)
                optimizer.state[parameter][key.rpartition("#")[2]] = part
