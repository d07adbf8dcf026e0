"""loss.svg from metrics.jsonl: training loss of every step (thinned), its smoothed course, and bits per byte on its own scale. No plotting library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from trainer.folder import write_atomically

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 380, 56, 56, 34, 40
INK, GRID, RAW, LINE, EVAL = "#57606a", "#d0d7de", "#9ec5f4", "#1f6feb", "#d1570b"


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """All complete lines."""
    lines = path.read_text().splitlines() if path.is_file() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def smooth(values: list[float], memory: float = 0.95) -> list[float]:
    """Exponential mean without the bias of its start."""
    result, mean, weight = [], 0.0, 0.0
    for value in values:
        mean, weight = memory * mean + (1 - memory) * value, memory * weight + 1 - memory
        result.append(mean / weight)
    return result


def _ticks(low: float, high: float) -> list[float]:
    rough = (high - low) / 5 or 1.0
    power = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 10.0 ** -next(i for i in range(1, 12) if rough * 10**i >= 1)
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    first = -(-low // step)
    return [round((first + i) * step, 10) for i in range(int((high - first * step) // step) + 1)]


def _polyline(points: list[tuple[float, float]], colour: str, width: float) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round" points="{path}"/>'


def loss_svg(metrics: list[dict[str, Any]]) -> str:
    """A picture that stands on light and on dark pages."""
    train = [(m["step"], m["loss"]) for m in metrics if m["kind"] == "train"]
    evals = [(m["step"], m["bits_per_byte"]) for m in metrics if m["kind"] == "eval"]
    last = max([step for step, _ in train + evals], default=1)

    def x(step: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * step / last

    def scale(values: list[float]) -> tuple[float, float]:
        low, high = min(values), max(values)
        return low - 0.05 * (high - low or 1), high + 0.05 * (high - low or 1)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="{INK}" '
             f'role="img" aria-label="training loss and bits per byte">']
    parts += [f'<text x="{x(s):.1f}" y="{HEIGHT - 18}" text-anchor="middle">{s:g}</text>' for s in _ticks(0, last)]
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 3}" text-anchor="middle">step</text>')
    for points, colour, side, name in ((train, LINE, LEFT, "loss (nats per token)"), (evals, EVAL, WIDTH - RIGHT, "bits per byte (eval)")):
        if not points:
            continue
        anchor, shift = ("end", -6) if side == LEFT else ("start", 6)
        low, high = scale([value for _, value in points])

        def y(value: float, low: float = low, high: float = high) -> float:
            return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)

        for tick in _ticks(low, high):
            if side == LEFT:
                parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="{GRID}" stroke-opacity=".5"/>')
            parts.append(f'<text x="{side + shift}" y="{y(tick) + 4:.1f}" text-anchor="{anchor}" fill="{colour}">{tick:g}</text>')
        parts.append(f'<text x="{side}" y="18" text-anchor="{"start" if side == LEFT else "end"}" fill="{colour}">{name}</text>')
        thin = max(1, len(points) // 600)
        if side == LEFT:
            parts.append(_polyline([(x(s), y(v)) for s, v in points[::thin]], RAW, 1))
            smoothed = smooth([value for _, value in points])
            parts.append(_polyline([(x(s), y(v)) for (s, _), v in list(zip(points, smoothed, strict=True))[::thin]], colour, 2))
        else:
            parts.append(_polyline([(x(s), y(v)) for s, v in points], colour, 2))
            parts += [f'<circle cx="{x(s):.1f}" cy="{y(v):.1f}" r="3" fill="{colour}"/>' for s, v in points]
    return "\n".join([*parts, "</svg>\n"])


def draw(out: Path) -> None:
    """Write loss.svg beside metrics.jsonl."""
    write_atomically(out / "loss.svg", loss_svg(read_metrics(out / "metrics.jsonl")))
