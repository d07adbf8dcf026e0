"""What a run shows: metrics.jsonl (the only log, one line an event), a progress line, samples. Only rank 0 writes.

Losses stay on the device until `flush`: reading each at once would stop a GPU after every step. Speed is counted over
training time only, as the mean since the last flush; evaluation, samples and saving stand still.
"""

import json
import math
import time
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from torch import Tensor

from trainer.config import TrainerError
from trainer.device import memory_used


def in_units(value: float, unit: str) -> str:
    """1234567 → `1.2 M<unit>`."""
    power = min(4, int(math.log10(max(value, 1)) // 3))
    return f"{value / 1000**power:.1f} {' kMGT'[power].strip()}{unit}"


class Show:
    """`peak`: tokens/s at which all devices would be fully used."""

    def __init__(self, out: Path, active: bool, steps: int, tokens: int, peak: float, device: torch.device) -> None:
        self.steps, self.tokens, self.peak, self.device = steps, tokens, peak, device
        self.console = Console(quiet=not active, highlight=False, markup=False, soft_wrap=True)
        self.stream = (out / "metrics.jsonl").open("a", encoding="utf-8") if active else None
        self.print, self.bits_per_byte, self.spent, self.done = self.console.print, "", 0.0, 0
        self.pending: list[tuple[int, Tensor, Tensor, float]] = []
        self.busy = self.waited = 0.0
        self.begin = time.perf_counter()

    def record(self, kind: str, step: int, **values: Any) -> None:
        """One line of metrics.jsonl, flushed: a killed run keeps what it logged."""
        if self.stream is not None:
            self.stream.write(json.dumps({"kind": kind, "step": step, **values}) + "\n")
            self.stream.flush()

    def batch_came(self) -> None:
        self.waited += time.perf_counter() - self.begin

    def add(self, step: int, loss: Tensor, norm: Tensor, lr: float) -> None:
        self.pending.append((step, loss, norm, lr))

    def flush(self) -> None:
        """Wait for the device, log the steps since the last time, show where the run stands."""
        read = torch.stack([part.float() for _, *parts, _ in self.pending for part in parts]).tolist()
        seconds = (self.busy + time.perf_counter() - self.begin) / len(self.pending)
        speed, memory = self.tokens / seconds, memory_used(self.device)
        common = {"seconds": round(seconds, 5), "tokens_per_second": round(speed, 1), "mfu": round(speed / self.peak, 4)}
        common |= {"data_wait": round(self.waited / seconds / len(self.pending), 5), "memory_bytes": memory}
        for (step, _, _, lr), loss, norm in zip(self.pending, read[::2], read[1::2], strict=True):
            if not math.isfinite(loss):
                raise TrainerError(f"loss is {loss} at step {step}: lower --lr or lengthen --warmup (last checkpoint kept)")
            self.record("train", step, loss=loss, grad_norm=norm, lr=lr, **common)
        self.spent, self.done = self.spent + seconds * len(self.pending), self.done + len(self.pending)
        left = time.strftime("%H:%M:%S", time.gmtime(self.spent / self.done * (self.steps - step)))
        speeds = f"{in_units(speed, 'tok/s')}  MFU {100 * speed / self.peak:.0f} %  {in_units(memory, 'B')}  {left} left"
        self.print(f"step {step}/{self.steps}  loss {loss:.4f}{self.bits_per_byte}  {speeds}")
        self.pending, self.busy, self.waited = [], 0.0, 0.0

    def training_again(self) -> None:
        """What has passed since counts only while steps are pending: looking and saving do not."""
        now = time.perf_counter()
        self.busy += now - self.begin if self.pending else 0.0
        self.begin = now

    def evaluation(self, step: int, result: dict[str, Any]) -> None:
        """`result` as `bits_per_byte` gives it."""
        whole, groups = result["all"], result["source"] | result["lang"]
        self.bits_per_byte = f"  {whole['bits_per_byte']:.3f} bits/byte"
        self.record("eval", step, **whole, by_source=result["source"], by_lang=result["lang"])
        parts = "  ".join(f"{name} {value['bits_per_byte']:.3f}" for name, value in groups.items())
        self.print(f"eval {step}/{self.steps}{self.bits_per_byte} [{whole['low']:.3f}, {whole['high']:.3f}]  {parts}")

    def sample(self, step: int, prompt: str, text: str) -> None:
        self.record("sample", step, prompt=prompt, text=text)
        self.print(f"sample {step}/{self.steps}  {prompt}▸{text}")

    def close(self) -> None:
        if self.stream is not None:
            self.stream.close()
