"""Which device, which number format, what it could do at most, what fits into it. Pure choices, so that they are tested
without the cards.

bf16 from compute capability 8.0; fp16 with loss scaling on 7.x cards that have tensor cores; fp32 on the GTX 16 family and
its kin (7.5 without tensor cores), on older cards and on the CPU. `torch.cuda.is_bf16_supported()` is not asked: it counts
emulation.

What fits is an account of what a step keeps. Per weight: fp32 value and gradient, optimizer state (AdamW 8 bytes, Muon 4), a
16-bit copy. Per token and layer: what the backward pass reads. A test checks it against torch's own record of saved tensors.
"""

import os
import resource
import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch.utils.benchmark import Timer

from trainer.config import ModelConfig, Settings, TrainerError

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


def choose_precision(capability: tuple[int, int], name: str) -> str:
    """`bf16`, `fp16` or `fp32` for a card's compute capability and its marketing name."""
    cores = capability >= (7, 0) and not any(card in name for card in NO_TENSOR_CORES)
    return "bf16" if capability >= (8, 0) else "fp16" if cores else "fp32"


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
    """FLOP/s of this device: the data sheet's for known cards in 16 bit, otherwise measured with large matrix products."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" and precision != "fp32" else ""
    known = [tera * 1e12 for card, tera in PEAK_TFLOPS.items() if card in name]
    return known[0] if known else measured_flops(device, DTYPES[precision], 512 if device.type == "cpu" else 4096)


def measured_flops(device: torch.device, dtype: torch.dtype, size: int) -> float:
    """Median rate of products of size × size matrices."""
    a = torch.randn(size, size, device=device).to(dtype)
    timer = Timer("a @ a", globals={"a": a}, num_threads=torch.get_num_threads())
    return 2 * size**3 / float(timer.blocked_autorange(min_run_time=0.1).median)


def memory_used(device: torch.device) -> int:
    """Peak bytes on the card, or the process's peak resident set."""
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return torch.cuda.max_memory_allocated(device) if device.type == "cuda" else resident


def budget_bytes(device: torch.device, given_gib: float) -> float:
    """What may be used: the flag, or the card's free memory, of which 10 % stay free; no limit on a CPU."""
    free = given_gib * 2**30 or (torch.cuda.mem_get_info(device)[0] if device.type == "cuda" else float("inf"))
    return 0.9 * free - 0.6e9  # context, workspaces, gaps


@dataclass(frozen=True)
class Account:
    """What decides the bytes of a step, but for the micro-batch and recomputing."""

    config: ModelConfig
    settings: Settings
    world: int = 1

    def activation_bytes(self, again: bool) -> float:
        """Per token, for all layers."""
        config, low = self.config, DTYPES[self.settings.precision].itemsize
        d, f = config.hidden_size, config.intermediate_size
        q, kv = config.num_heads * config.head_dim, config.num_kv_heads * config.head_dim
        modern = 8 * d + low * (4 * d + 3 * q + kv + 4 * f) + (4 + low) * 2 * (q + kv)
        block = low * (6 * d + 4 * q + 2 * f) if config.classic else modern
        return config.num_layers * d * low + block if again else config.num_layers * block

    def step_bytes(self, micro_batch: int, again: bool) -> float:
        """Bytes of one optimizer step; `again`: activations are recomputed."""
        config, settings, low = self.config, self.settings, DTYPES[self.settings.precision].itemsize
        head, tokens, each = config.vocab_size * config.hidden_size, micro_batch * settings.context, 16 + (2 if low == 2 else 0)
        looked_up = head * (not config.tied) + config.context * config.hidden_size * config.classic
        hidden = (config.matrix_parameters - head) * (each - 4 * (settings.optimizer == "muon"))
        weights = (hidden + (head + looked_up) * each) / (self.world if settings.fsdp else 1)
        logits = min(tokens, settings.loss_chunk or tokens) * config.vocab_size * (8 + low) + head * 4
        return weights + tokens * (self.activation_bytes(again) + 8 * config.hidden_size) + logits

    def fit(self, rows: int, budget: float) -> tuple[int, bool] | None:
        """(micro-batch, recompute): the most rows that divide the step's, if possible without recomputing; None: nothing."""
        asked, most = self.settings.checkpointing, min(rows, max(1, 65536 // self.settings.context))
        choices = [(micro, again) for again in (False, True) for micro in range(most, 0, -1) if asked in (None, again)]
        return next((c for c in choices if rows % c[0] == 0 and self.step_bytes(*c) <= budget), None)

    def table(self, budget: float) -> list[str]:
        """One line per micro-batch: what it needs, plain and with activations recomputed."""
        sizes = {2**i: [self.step_bytes(2**i, again) / 2**30 for again in (False, True)] for i in range(7)}
        lines = [f"{rows:4d} {plain:8.2f} GiB {again:8.2f} GiB with --checkpointing" for rows, (plain, again) in sizes.items()]
        return [f"rows of {self.settings.context} tokens at once, of {budget / 2**30:.1f} GiB:", *lines]
