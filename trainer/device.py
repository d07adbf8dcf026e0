"""Which device, which number format, what the card could do at most. Pure choices, so that they are tested without the cards.

bf16 from compute capability 8.0; fp16 with loss scaling on 7.x cards that have tensor cores; fp32 on the GTX 16 family and
its kin (7.5 without tensor cores), on older cards and on the CPU. `torch.cuda.is_bf16_supported()` is not asked: it counts
emulation.
"""

import os
import resource
import sys
import time
from contextlib import AbstractContextManager, nullcontext

import torch

from trainer.config import TrainerError

NO_TENSOR_CORES = ("GTX 16", "MX450", "MX550", "T400", "T500", "T550", "T600", "T1000", "T1200")  # TU116 and TU117
DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
# dense 16-bit TFLOP/s with fp32 accumulation, from the vendors' data sheets; the first match counts, other cards are measured
PEAK_TFLOPS = {"H100 PCIe": 756, "H100": 989, "H200": 989, "A100": 312, "L40S": 362, "L4": 121, "RTX 4090": 165, "T4": 65}


def choose_device(wanted: str) -> torch.device:
    """The card of this rank, Apple's GPU, or the CPU; a device asked for and missing is an error."""
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    if wanted.startswith("cuda") and not torch.cuda.is_available():
        raise TrainerError("--device cuda: torch sees no CUDA card here; use --device cpu or install torch for CUDA")
    return torch.device(f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if wanted == "cuda" else wanted)


def choose_precision(kind: str, capability: tuple[int, int], name: str) -> str:
    """`bf16`, `fp16` or `fp32` for a device kind, its compute capability and its marketing name."""
    if kind != "cuda" or capability < (7, 0):
        return "fp32"
    if capability >= (8, 0):
        return "bf16"
    return "fp32" if any(card in name for card in NO_TENSOR_CORES) else "fp16"


def precision_of(device: torch.device, wanted: str) -> str:
    """The flag, or the choice for this device."""
    if wanted != "auto" or device.type != "cuda":
        return "fp32" if wanted == "auto" else wanted
    return choose_precision("cuda", torch.cuda.get_device_capability(device), torch.cuda.get_device_name(device))


def autocast(device: torch.device, precision: str) -> AbstractContextManager[object]:
    """Weights stay fp32; matrix products run in the chosen format."""
    return nullcontext() if precision == "fp32" else torch.autocast(device.type, DTYPES[precision])


def set_up(device: torch.device, deterministic: bool) -> None:
    """TF32 for what stays fp32 on CUDA; with `deterministic`, kernels that give the same bits every time (some are slower)."""
    if device.type == "cuda":
        torch.cuda.set_device(device)
        torch.set_float32_matmul_precision("highest" if deterministic else "high")
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(deterministic)


def peak_flops(device: torch.device, precision: str) -> float:
    """FLOP/s of this device: the data sheet's for known cards in 16 bit, otherwise the best of a few large matrix products,
    measured here."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" and precision != "fp32" else ""
    if known := next((tera for card, tera in PEAK_TFLOPS.items() if card in name), None):
        return known * 1e12
    return measured_flops(device, DTYPES[precision], 512 if device.type == "cpu" else 4096)


def measured_flops(device: torch.device, dtype: torch.dtype, size: int) -> float:
    """Best rate over five rounds of products of size × size matrices."""
    a, rates = torch.randn(size, size, device=device).to(dtype), []
    for _ in range(5):
        begin = time.perf_counter()
        for _ in range(4):
            product = a @ a
        float(product[0, 0])  # waits for the device
        rates.append(8 * size**3 / (time.perf_counter() - begin))
    return max(rates)


def memory_used(device: torch.device) -> int:
    """Peak bytes on the card, or the process's peak resident set."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
