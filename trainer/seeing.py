"""What a run shows: metrics.jsonl (the only log, one line an event), a progress line, samples. Only rank 0 writes."""

import json
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


def in_units(value: float, unit: str) -> str:
    """1234567 → `1.2 M<unit>`."""
    size, prefix = next(
        ((size, prefix) for size, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")) if value >= size), (1.0, "")
    )
    return f"{value / size:.1f} {prefix}{unit}"


class Show:
    """Speed is counted over training time only: evaluation, samples and saving stand still."""

    def __init__(self, out: Path, active: bool, start: int, steps: int, log_every: int) -> None:
        self.steps, self.log_every = steps, log_every
        self.console = Console(quiet=not active, highlight=False, markup=False, soft_wrap=True)
        self.stream = (out / "metrics.jsonl").open("a", encoding="utf-8") if active else None
        self.bar = Progress(
            MofNCompleteColumn(),
            BarColumn(20),
            TextColumn("{task.description}"),
            TimeRemainingColumn(),
            console=self.console,
            disable=not (active and self.console.is_terminal),
        )
        self.task = self.bar.add_task("", total=steps, completed=start)
        self.bar.start()
        self.bits_per_byte = ""
        self.spent, self.done = 0.0, 0

    def record(self, kind: str, step: int, **values: Any) -> None:
        """One line of metrics.jsonl, flushed: a killed run keeps what it logged."""
        if self.stream is not None:
            self.stream.write(json.dumps({"kind": kind, "step": step, **values}) + "\n")
            self.stream.flush()

    def step(self, step: int, seconds: float, tokens: int, mfu: float, **values: Any) -> None:
        """One optimizer step that took `seconds` for `tokens` tokens."""
        self.spent, self.done = self.spent + seconds, self.done + 1
        self.record(
            "train", step, **values, seconds=round(seconds, 5), tokens_per_second=round(tokens / seconds, 1), mfu=round(mfu, 4)
        )
        line = (
            f"loss {values['loss']:.4f}{self.bits_per_byte}  {in_units(tokens / seconds, 'tok/s')}  MFU {100 * mfu:.0f} %  "
            f"{in_units(values['memory_bytes'], 'B')}"
        )
        self.bar.update(self.task, completed=step, description=line)
        if self.bar.disable and (step % self.log_every == 0 or step in (1, self.steps)):
            left = time.strftime("%H:%M:%S", time.gmtime(self.spent / self.done * (self.steps - step)))
            self.console.print(f"step {step}/{self.steps}  {line}  {left} left")

    def evaluation(self, step: int, result: dict[str, Any]) -> None:
        """`result` as `bits_per_byte` gives it."""
        whole = result["all"]
        self.bits_per_byte = f"  {whole['bits_per_byte']:.3f} bits/byte"
        self.record("eval", step, **whole, by_source=result["source"], by_lang=result["lang"])
        parts = "  ".join(f"{name} {value['bits_per_byte']:.3f}" for name, value in (result["source"] | result["lang"]).items())
        self.console.print(f"eval {step}/{self.steps}{self.bits_per_byte} [{whole['low']:.3f}, {whole['high']:.3f}]  {parts}")

    def sample(self, step: int, prompt: str, text: str) -> None:
        self.record("sample", step, prompt=prompt, text=text)
        self.console.print(f"sample {step}/{self.steps}  {prompt}▸{text}")

    def close(self) -> None:
        self.bar.stop()
        if self.stream is not None:
            self.stream.close()
