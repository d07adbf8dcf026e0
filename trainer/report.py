"""loss.svg and report.html from metrics.jsonl: no plotting library, no network, no account. The picture stands on light and
dark pages."""

import html
import math
from pathlib import Path
from typing import Any

from trainer.checkpoint import read_metrics
from trainer.folder import write_atomically

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 380, 56, 704, 34, 340
BLUE, PALE, ORANGE, GREY = "#1f6feb", "#9ec5f4", "#d1570b", "#7d8590"
STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
svg{width:100%;height:auto}table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:right}
td:first-child,th:first-child{text-align:left}pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#8881;padding:.8rem}"""


def smooth(values: list[float], memory: float = 0.95) -> list[float]:
    """Exponential mean without the bias of its start."""
    result, mean = [], 0.0
    for number, value in enumerate(values, 1):
        mean = memory * mean + (1 - memory) * value
        result.append(mean / (1 - memory**number))
    return result


def ticks(low: float, high: float) -> list[float]:
    """About five round numbers between the two."""
    power = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = next(power * m for m in (1, 2, 5, 10) if power * m * 6 >= high - low)
    return [round(i * step, 10) for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def curve(points: list[tuple[int, float]], extra: list[float], last: int, colour: str, side: int, name: str) -> list[str]:
    """One scale with its line; `extra` is a second, smoother line over the same steps."""
    low, high = min(v for _, v in points), max(v for _, v in points)
    low, high = low - 0.05 * (high - low) - 1e-6, high + 0.05 * (high - low) + 1e-6
    thin, anchor = max(1, len(points) // 600), "end" if side == LEFT else "start"

    def at(step: float, value: float) -> str:
        return f"{LEFT + (RIGHT - LEFT) * step / last:.1f},{BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low):.1f}"

    def line(values: list[float], stroke: str, width: float) -> str:
        path = " ".join(at(step, value) for (step, _), value in list(zip(points, values, strict=True))[::thin])
        return f'<polyline fill="none" stroke="{stroke}" stroke-width="{width}" points="{path}"/>'

    drawn = [line([v for _, v in points], PALE if extra else colour, 1 if extra else 2)] + (
        [line(extra, colour, 2)] if extra else []
    )
    labels = [(tick, float(at(0, tick).split(",")[1])) for tick in ticks(low, high)]
    drawn += [
        f'<text x="{side + (-6 if side == LEFT else 6)}" y="{y + 4}" text-anchor="{anchor}" fill="{colour}">{tick:g}</text>'
        for tick, y in labels
    ]
    if side == LEFT:
        drawn += [f'<line x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}" stroke="{GREY}" stroke-opacity=".25"/>' for _, y in labels]
    return [*drawn, f'<text x="{side}" y="18" text-anchor="{"start" if side == LEFT else "end"}" fill="{colour}">{name}</text>']


def loss_svg(metrics: list[dict[str, Any]]) -> str:
    """Training loss and its smoothed course (left scale), bits per byte of the eval rows (right scale)."""
    train = [(m["step"], m["loss"]) for m in metrics if m["kind"] == "train"]
    evals = [(m["step"], m["bits_per_byte"]) for m in metrics if m["kind"] == "eval"]
    last = max([step for step, _ in train + evals], default=1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" '
        f'fill="{GREY}" role="img" aria-label="training loss and bits per byte by step">'
    ]
    parts += curve(train, smooth([v for _, v in train]), last, BLUE, LEFT, "loss (nats per token)") if train else []
    parts += curve(evals, [], last, ORANGE, RIGHT, "bits per byte (eval)") if evals else []
    parts += [
        f'<text x="{LEFT + (RIGHT - LEFT) * s / last:.0f}" y="{HEIGHT - 22}" text-anchor="middle">{s:g}</text>'
        for s in ticks(0, last)
    ]
    return "\n".join([*parts, f'<text x="{WIDTH / 2}" y="{HEIGHT - 4}" text-anchor="middle">step</text>', "</svg>\n"])


def write_report(out: Path, facts: list[str]) -> None:
    """loss.svg and report.html beside metrics.jsonl; `facts` are the lines that explain the run."""
    metrics = read_metrics(out / "metrics.jsonl")
    picture = loss_svg(metrics)
    write_atomically(out / "loss.svg", picture)
    evals, samples = [m for m in metrics if m["kind"] == "eval"], [m for m in metrics if m["kind"] == "sample"]
    rows = []
    if evals:
        groups = [("all", evals[-1]), *evals[-1]["by_source"].items(), *evals[-1]["by_lang"].items()]
        rows = [
            f"<tr><td>{html.escape(name)}<td>{v['bits_per_byte']:.4f}<td>{v['low']:.3f} to {v['high']:.3f}"
            f"<td>{v['documents']}<td>{v['bytes']:,}"
            for name, v in groups
        ]
    speeds = sorted(m["tokens_per_second"] for m in metrics if m["kind"] == "train")
    speed = f"<p>{speeds[len(speeds) // 2]:,.0f} tokens/s (median step)</p>" if speeds else ""
    shown = [f"<p>step {m['step']}</p><pre><b>{html.escape(m['prompt'])}</b>{html.escape(m['text'])}</pre>" for m in samples[-4:]]
    head = "<tr><th>rows<th>bits per byte<th>95 % interval<th>documents<th>bytes"
    write_atomically(
        out / "report.html",
        "\n".join(
            [
                '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
                f"<title>Training run</title><style>{STYLE}</style><h1>Training run</h1>{speed}",
                picture,
                "<h2>Evaluation</h2><table>",
                head,
                *rows,
                "</table><h2>Samples</h2>",
                *shown,
                "<h2>Settings</h2><pre>",
                html.escape("\n".join(facts)),
                "</pre>",
            ]
        ),
    )
