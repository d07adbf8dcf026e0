"""One process or many by the same command (torchrun): DDP by default, FSDP2 by flag. Every rank builds the same batch and takes its slice.

Gradients are averaged over ranks by both wrappers, so each rank's loss is scaled by the number of ranks; the result is the loss of one process.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.tensor import DTensor, distribute_tensor

from trainer.model import Decoder


def start(device: torch.device) -> tuple[int, int]:
    """(rank, number of ranks); joins the group that torchrun's environment names."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        return 0, 1
    if not dist.is_initialized():
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo", device_id=device if device.type == "cuda" else None)
    return dist.get_rank(), dist.get_world_size()


def stop() -> None:
    if dist.is_initialized():
        dist.destroy_process_group()


def wrap(model: Decoder, world: int, device: torch.device, fsdp: bool) -> nn.Module:
    """The module to call for a loss; `model` keeps the parameters and their names."""
    if fsdp and world > 1:
        from torch.distributed.fsdp import fully_shard

        mesh = dist.device_mesh.init_device_mesh(device.type, (world,))
        for block in model.blocks:
            fully_shard(block, mesh=mesh)
        fully_shard(model, mesh=mesh)
        return model
    if world > 1:
        return nn.parallel.DistributedDataParallel(model, device_ids=[device.index] if device.type == "cuda" else None)
    return model


def last_only(wrapped: nn.Module, last: bool) -> AbstractContextManager[Any]:
    """Exchange gradients with the step's last micro-batch only."""
    if isinstance(wrapped, nn.parallel.DistributedDataParallel) and not last:
        return wrapped.no_sync()
    if hasattr(wrapped, "set_requires_gradient_sync"):
        wrapped.set_requires_gradient_sync(last)
    return nullcontext()


def total(value: Tensor) -> Tensor:
    """Sum over ranks, in place."""
    if dist.is_initialized():
        dist.all_reduce(value)
    return value


def whole(value: Tensor) -> Tensor:
    """A sharded tensor put together (every rank takes part), on the CPU."""
    full = value.full_tensor() if isinstance(value, DTensor) else value
    return full.detach().cpu().contiguous()


def like(value: Tensor, parameter: Tensor) -> Tensor:
    """A whole tensor on the parameter's device, cut as the parameter is cut."""
    if isinstance(parameter, DTensor):
        return distribute_tensor(value.to(parameter.device), parameter.device_mesh, parameter.placements)
    return value.to(parameter.device)
