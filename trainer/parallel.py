"""One process or many by the same command (torchrun): DDP by default, FSDP2 by flag. Every rank builds the same batch and
takes its slice.

Both wrappers average gradients over ranks, so each rank's loss is scaled by the number of ranks; the result is the loss of
one process.
"""

import os
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.fsdp import FSDPModule, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

from trainer.model import Decoder


def start(device: torch.device) -> tuple[int, int]:
    """(rank, number of ranks); joins the group that torchrun's environment names."""
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        return 0, 1
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo", device_id=device if device.type == "cuda" else None)
    return dist.get_rank(), dist.get_world_size()


def stop() -> None:
    """Leave together: a rank that left while another still wrote would be taken for a failed one."""
    if dist.is_initialized():
        dist.barrier()
        dist.destroy_process_group()


def wrap(model: Decoder, world: int, device: torch.device, fsdp: bool) -> nn.Module:
    """The module to call for a loss; `model` keeps the parameters and their names."""
    if world == 1:
        return model
    if not fsdp:
        return nn.parallel.DistributedDataParallel(model, device_ids=[device.index] if device.type == "cuda" else None)
    mesh = dist.device_mesh.init_device_mesh(device.type, (world,))
    for part in [*model.parts()[1], model]:
        fully_shard(part, mesh=mesh, reshard_after_forward=True)  # the root too: the optimizer holds the sharded form
    return model


def exchange(wrapped: nn.Module, last: bool) -> AbstractContextManager[Any]:
    """Exchange gradients with the step's last micro-batch only."""
    if isinstance(wrapped, FSDPModule):
        wrapped.set_requires_gradient_sync(last)
    waits = isinstance(wrapped, nn.parallel.DistributedDataParallel) and not last
    return wrapped.no_sync() if waits else nullcontext()  # type: ignore[operator]


def total(value: Tensor) -> Tensor:
    """Sum over ranks, in place."""
    if dist.is_initialized():
        dist.all_reduce(value)
    return value


def whole(value: Tensor) -> Tensor:
    """A sharded tensor put together (every rank takes part), on the CPU."""
    return (value.full_tensor() if isinstance(value, DTensor) else value).detach().cpu().contiguous()


def like(value: Tensor, parameter: Tensor) -> Tensor:
    """A whole tensor on the parameter's device, cut as the parameter is cut."""
    value = value.to(parameter.device)
    return distribute_tensor(value, parameter.device_mesh, parameter.placements) if isinstance(parameter, DTensor) else value
