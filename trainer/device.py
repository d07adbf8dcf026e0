"""Which device, which number format, what the card could do at most. Pure choices, so that they are tested without the cards.

bf16 from compute capability 8.0; fp16 with loss scaling on 7.x cards that have tensor cores; fp32 on the GTX 16 family and its kin (7.5 without
tensor cores), on older cards and on the CPU. `torch.cuda.is_bf16_supported()` is not asked: it counts emulation, which is slower than fp32.
"""

from __future__ import annotations

import os
import time
from contextlib import AbstractContextManager, nullcontext

import torch

from trainer.errors import TrainerError

NO_TENSOR_CORES = ("GTX 16", "MX450", "MX550", "T400", "T500", "T550", "T600", "T1000", "T1200")  # TU116 and TU117
DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
# dense 16-bit TFLOP/s with fp32 accumulation, from the vendors' data sheets; first match counts
PEAK_TFLOPS = (("H200", 989), ("H100 PCIe", 756), ("H100", 989), ("GH200", 989), ("B200", 2250), ("A100", 312), ("A800", 312), ("L40S", 362),
               ("L40", 181), ("L4", 121), ("A10", 125), ("A6000", 155), ("RTX 5090", 210), ("RTX 4090", 165), ("RTX 4080", 97), ("RTX 3090", 71),
               ("RTX 3080", 60), ("V100", 125), ("T4", 65))


def choose_device(wanted: str = "auto") -> torch.device:
    """The card of this rank, Apple's GPU, or the CPU; a device asked for and missing is an error."""
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    if wanted.startswith("cuda") and not torch.cuda.is_available():
        raise TrainerError("--device cuda: torch sees no CUDA card here; use --device cpu or install torch for CUDA")
    if wanted == "cuda":
        wanted = f"cuda:{os.environ.get('LOCAL_RANK', '0')}"
    return torch.device(wanted)


def choose_precision(kind: str, capability: tuple[int, int] | None, name: str = "") -> str:
    """`bf16`, `fp16` or `fp32` for a device kind, its compute capability and its marketing name."""
    if kind != "cuda" or capability is None:
        return "fp32"
    if capability >= (8, 0):
        return "bf16"
    has_tensor_cores = capability >= (7, 0) and not any(card in name for card in NO_TENSOR_CORES)
    return "fp16" if has_tensor_cores else "fp32"


def precision_of(device: torch.device, wanted: str = "auto") -> str:
    """The flag, or the choice for this device."""
    if wanted != "auto":
        return wanted
    if device.type != "cuda":
        return choose_precision(device.type, None)
    return choose_precision("cuda", torch.cuda.get_device_capability(device), torch.cuda.get_device_name(device))


def autocast(device: torch.device, precision: str) -> AbstractContextManager[object]:
    """Weights stay fp32; matrix products run in the chosen format."""
    return nullcontext() if precision == "fp32" else torch.autocast(device.type, DTYPES[precision])


def set_up(device: torch.device, deterministic: bool) -> None:
    """TF32 for what stays fp32; with `deterministic`, kernels that give the same bits every time (some are slower)."""
    if device.type == "cuda":
        torch.cuda.set_device(device)
        torch.set_float32_matmul_precision("highest" if deterministic else "high")
        if deterministic:
            os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
            torch.use_deterministic_algorithms(True)
            torch.backends.cudnn.benchmark = False


def peak_flops(device: torch.device, precision: str) -> float:
    """FLOP/s of this device: the data sheet's for known cards in 16 bit, otherwise the best of a few large matrix products, measured here."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else ""
    if precision != "fp32":
        for card, tera in PEAK_TFLOPS:
            if card in name:
                return tera * 1e12
    return measured_flops(device, DTYPES[precision], 512 if device.type == "cpu" else 4096)


def measured_flops(device: torch.device, dtype: torch.dtype, size: int) -> float:
    """Best rate over five products of size × size matrices."""
    a = torch.randn(size, size, device=device).to(dtype)
    best = 0.0
    for _ in range(5):
        synchronize(device)
        begin = time.perf_counter()
        for _ in range(4):
            a @ a
        synchronize(device)
        best = max(best, 8 * size**3 / (time.perf_counter() - begin))
    return best


def synchronize(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def memory_used(device: torch.device) -> int:
    """Peak bytes on the card, or the process's peak resident set."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    import resource
    import sys

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
