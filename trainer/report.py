"""loss.svg and report.html from metrics.jsonl: no plotting library, no network, no account. The picture stands on light and
dark pages."""

import html
import math
from pathlib import Path
from statistics import median
from typing import Any

from trainer.checkpoint import read_metrics
from trainer.folder import write_atomically

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 380, 56, 704, 34, 340
BLUE, PALE, ORANGE, GREY = "#1f6feb", "#9ec5f4", "#d1570b", "#7d8590"
Points = list[tuple[float, float]]
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Training run</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;color-scheme:light dark}}
td,th{{padding:.2rem .8rem;text-align:left}}pre{{white-space:pre-wrap;background:#8881;padding:.8rem}}</style>
<h1>Training run</h1><p>{speed} tokens/s (median step)</p>{picture}
<h2>Evaluation</h2><table><tr><th>rows<th>bits per byte<th>95 % interval<th>documents<th>bytes{rows}</table>
<h2>Samples</h2>{samples}<h2>Settings</h2><pre>{facts}</pre>
"""


def smooth(points: Points, memory: float = 0.95) -> Points:
    """Exponential mean without the bias of its start."""
    result, mean = [], 0.0
    for number, (step, value) in enumerate(points, 1):
        mean = memory * mean + (1 - memory) * value
        result.append((step, mean / (1 - memory**number)))
    return result


def ticks(low: float, high: float) -> list[float]:
    """About five round numbers between the two."""
    power = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = next(power * m for m in (1, 2, 5, 10) if power * m * 6 >= high - low)
    return [round(i * step, 10) for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def label(x: float, y: float, text: str, colour: str = GREY, anchor: str = "middle") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'


def curve(lines: list[tuple[str, Points]], last: float, side: int, name: str) -> list[str]:
    """Lines (colour, points) over one scale, which stands at `side` in the last line's colour."""
    values, colour, anchor = [v for _, v in lines[0][1]], lines[-1][0], "end" if side == LEFT else "start"
    margin = 0.05 * (max(values) - min(values)) + 1e-6
    low, high = min(values) - margin, max(values) + margin

    def height(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)

    drawn = [label(side, 18, name, colour, "start" if side == LEFT else "end")]
    for stroke, points in lines:
        shown = points[:: max(1, len(points) // 600)]
        path = " ".join(f"{LEFT + (RIGHT - LEFT) * step / last:.1f},{height(value):.1f}" for step, value in shown)
        drawn.append(f'<polyline fill="none" stroke="{stroke}" stroke-width="1.5" points="{path}"/>')
    gap = -6 if side == LEFT else 6
    return drawn + [label(side + gap, height(tick) + 4, f"{tick:g}", colour, anchor) for tick in ticks(low, high)]


def loss_svg(metrics: list[dict[str, Any]]) -> str:
    """Training loss and its smoothed course (left scale), bits per byte of the eval rows (right scale)."""
    train: Points = [(m["step"], m["loss"]) for m in metrics if m["kind"] == "train"]
    evals: Points = [(m["step"], m["bits_per_byte"]) for m in metrics if m["kind"] == "eval"]
    last = max([step for step, _ in train + evals], default=1)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">']
    parts += curve([(PALE, train), (BLUE, smooth(train))], last, LEFT, "loss (nats per token)") if train else []
    parts += curve([(ORANGE, evals)], last, RIGHT, "bits per byte (eval)") if evals else []
    parts += [label(LEFT + (RIGHT - LEFT) * step / last, HEIGHT - 22, f"{step:g}") for step in ticks(0, last)]
    return "\n".join([*parts, label(WIDTH / 2, HEIGHT - 4, "step"), "</svg>\n"])


def write_report(out: Path, facts: list[str]) -> None:
    """loss.svg and report.html beside metrics.jsonl; `facts` are the lines that explain the run."""
    metrics = read_metrics(out / "metrics.jsonl")
    kinds = {kind: [m for m in metrics if m["kind"] == kind] for kind in ("train", "eval", "sample")}
    rows, samples = "", ""
    for last in kinds["eval"][-1:]:
        for name, v in [("all", last), *last["by_source"].items(), *last["by_lang"].items()]:
            numbers = f"{v['bits_per_byte']:.4f}<td>{v['low']:.3f} to {v['high']:.3f}<td>{v['documents']}<td>{v['bytes']:,}"
            rows += f"<tr><td>{html.escape(name)}<td>{numbers}"
    for m in kinds["sample"][-4:]:
        samples += f"<p>step {m['step']}</p><pre><b>{html.escape(m['prompt'])}</b>{html.escape(m['text'])}</pre>"
    speed = f"{median([m['tokens_per_second'] for m in kinds['train']] or [0]):,.0f}"
    picture, listed = loss_svg(metrics), html.escape("\n".join(facts))
    write_atomically(out / "loss.svg", picture)
    page = PAGE.format(speed=speed, picture=picture, rows=rows, samples=samples, facts=listed)
    write_atomically(out / "report.html", page)
