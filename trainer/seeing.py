"""What a run shows: metrics.jsonl (the only log, one line an event), a progress line, samples; from the log loss.svg and
report.html, without plotting library, network or account. Only rank 0 writes.

Losses stay on the device until `flush`: reading each at once would stop a GPU after every step. Speed is counted over
training time only, as the mean since the last flush; evaluation, samples and saving stand still.
"""

import html
import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console

from trainer.config import TrainerError
from trainer.device import memory_used
from trainer.folder import write_atomically

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 380, 56, 704, 34, 340
BLUE, ORANGE, GREY = "#1f6feb", "#d1570b", "#7d8590"
Points = list[tuple[float, float]]
PAGE = (Path(__file__).parent / "report.html").read_text(encoding="utf-8")
ROW = "<tr><td>{name}<td>{bits_per_byte:.4f}<td>{low:.3f} to {high:.3f}<td>{documents}<td>{bytes:,}"


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """All complete lines; a killed run may leave half of one."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [json.loads(line) for line in text.split("\n")[:-1]]


class Show:
    """Goes on after step `start`: what was logged behind it is forgotten, so that each step stands in the log once. `peak`:
    tokens/s at which all devices would be fully used."""

    def __init__(self, out: Path, active: bool, start: int, steps: int, tokens: int, peak: float, device: torch.device):
        self.steps, self.tokens, self.peak, self.device = steps, tokens, peak, device
        self.path = out / "metrics.jsonl" if active else None
        self.print = Console(quiet=not active, highlight=False, markup=False, soft_wrap=True).print
        if self.path:
            kept = [line for line in read_metrics(self.path) if line["step"] <= start and start]
            write_atomically(self.path, "".join(json.dumps(line) + "\n" for line in kept))
        self.pending: list[tuple[int, float, float, torch.Tensor, torch.Tensor]] = []
        self.bits_per_byte, self.spent, self.done, self.begin = "", 0.0, 0, time.perf_counter()

    def record(self, kind: str, step: int, **values: Any) -> None:
        """One line of metrics.jsonl, on disk at once: a killed run keeps what it logged."""
        if self.path:
            with self.path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({"kind": kind, "step": step, **values}) + "\n")

    def flush(self) -> None:
        """Wait for the device, log the steps since the last time, show where the run stands."""
        read = torch.stack([x.float() for *_, loss, norm in self.pending for x in (loss, norm)]).tolist()
        count = len(self.pending)
        seconds = (time.perf_counter() - self.begin) / count
        speed, memory, waited = self.tokens / seconds, memory_used(self.device), sum(line[2] for line in self.pending)
        common = {"seconds": round(seconds, 5), "tokens_per_second": round(speed, 1), "mfu": round(speed / self.peak, 4)}
        common |= {"data_wait": round(waited / seconds / count, 5), "memory_bytes": memory}
        for (step, lr, *_), loss, norm in zip(self.pending, read[::2], read[1::2], strict=True):
            if not math.isfinite(loss):
                raise TrainerError(f"loss is {loss} at step {step}: lower --lr or lengthen --warmup (last checkpoint kept)")
            self.record("train", step, loss=loss, grad_norm=norm, lr=lr, **common)
        self.spent, self.done, self.pending = self.spent + seconds * count, self.done + count, []
        left = time.strftime("%H:%M:%S", time.gmtime(self.spent / self.done * (self.steps - step)))
        speeds = f"{speed:,.0f} tok/s  MFU {100 * speed / self.peak:.0f} %  {memory / 2**30:.2f} GiB  {left} left"
        self.print(f"step {step}/{self.steps}  loss {loss:.4f}{self.bits_per_byte}  {speeds}")
        self.begin = time.perf_counter()

    def evaluation(self, step: int, groups: dict[str, dict[str, Any]]) -> None:
        """`groups` as `bits_per_byte` gives them."""
        whole, parts = groups["all"], "  ".join(f"{name} {v['bits_per_byte']:.3f}" for name, v in groups.items() if name != "all")
        self.bits_per_byte = f"  {whole['bits_per_byte']:.3f} bits/byte"
        self.record("eval", step, bits_per_byte=whole["bits_per_byte"], groups=groups)
        self.print(f"eval {step}/{self.steps}{self.bits_per_byte} [{whole['low']:.3f}, {whole['high']:.3f}]  {parts}")

    def sample(self, step: int, prompt: str, text: str) -> None:
        self.record("sample", step, prompt=prompt, text=text)
        self.print(f"sample {step}/{self.steps}  {prompt}▸{text}")


def smooth(points: Points, most: int = 300) -> Points:
    """Means over at most so many stretches of equal length."""
    return [tuple(s.mean(0).tolist()) for s in np.array_split(np.array(points), min(most, len(points)) or 1) if len(s)]


def ticks(low: float, high: float) -> list[float]:
    """About five round numbers between the two."""
    power = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = next(power * m for m in (1, 2, 5, 10) if power * m * 6 >= high - low)
    return [round(i * step, 10) for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def label(x: float, y: float, text: str, colour: str = GREY, anchor: str = "middle") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'


def curve(points: Points, last: float, side: int, colour: str, name: str) -> list[str]:
    """A line over its own scale, which stands at `side`."""
    values = [value for _, value in points]
    low, high, anchor, gap = min(values), max(values) + 1e-6, *(("end", -6) if side == LEFT else ("start", 6))
    rise, wide = (BOTTOM - TOP) / (high - low), (RIGHT - LEFT) / last
    path = " ".join(f"{LEFT + wide * step:.1f},{BOTTOM - rise * (value - low):.1f}" for step, value in points)
    line = f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{path}"/>'
    scale = [label(side + gap, BOTTOM - rise * (tick - low) + 4, f"{tick:g}", colour, anchor) for tick in ticks(low, high)]
    return [line, label(side, 18, name, colour, "start" if side == LEFT else "end"), *scale]


def loss_svg(metrics: list[dict[str, Any]]) -> str:
    """Training loss (left scale), bits per byte of the eval rows (right scale)."""
    train = smooth([(m["step"], m["loss"]) for m in metrics if m["kind"] == "train"])
    evals: Points = [(m["step"], m["bits_per_byte"]) for m in metrics if m["kind"] == "eval"]
    last = max([step for step, _ in train + evals], default=1)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">']
    parts += curve(train, last, LEFT, BLUE, "loss (nats per token)") if train else []
    parts += curve(evals, last, RIGHT, ORANGE, "bits per byte (eval)") if evals else []
    parts += [label(LEFT + (RIGHT - LEFT) * step / last, HEIGHT - 22, f"{step:g}") for step in ticks(0, last)]
    return "\n".join([*parts, label(WIDTH / 2, HEIGHT - 4, "step"), "</svg>\n"])


def write_report(out: Path, facts: list[str]) -> None:
    """loss.svg and report.html beside metrics.jsonl; `facts` are the lines that explain the run."""
    metrics = read_metrics(out / "metrics.jsonl")
    train, evals, made = ([m for m in metrics if m["kind"] == kind] for kind in ("train", "eval", "sample"))
    rows = "".join(ROW.format(name=html.escape(name), **v) for last in evals[-1:] for name, v in last["groups"].items())
    texts = [(m["step"], html.escape(m["prompt"]), html.escape(m["text"])) for m in made[-4:]]
    samples = "".join(f"<p>step {step}</p><pre><b>{prompt}</b>{text}</pre>" for step, prompt, text in texts)
    speed, picture = np.median([m["tokens_per_second"] for m in train] or [0]), loss_svg(metrics)
    page = PAGE.format(speed=speed, picture=picture, rows=rows, samples=samples, facts=html.escape("\n".join(facts)))
    write_atomically(out / "loss.svg", picture)
    write_atomically(out / "report.html", page)
