"""The pieces of report.html: numbers, tables, bars, a histogram, the page around them. Plain HTML, CSS and SVG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.resources import files

STYLE = files("curation").joinpath("report.css").read_text(encoding="utf-8")

COLOURS = ("#2f9e62", "#98a2b3", "#c4a46b", "#5b8def", "#8f6fd8", "#e08a3c", "#d64f4f", "#7a7f8a", "#b45f9d", "#4fb3bf")


def number(value: float) -> str:
    return f"{value:,.0f}"


def size(num_bytes: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if num_bytes < 1000:
            return f"{num_bytes:.0f} {unit}" if unit == "B" else f"{num_bytes:.1f} {unit}"
        num_bytes /= 1000
    return f"{num_bytes:.1f} TB"


def page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


def section(title: str, hint: str, body: str) -> str:
    return f'<section><h2>{escape(title)}</h2><p class="hint">{hint}</p>{body}</section>' if body else ""


def tiles(entries: Sequence[tuple[str, str]]) -> str:
    return (
        '<div class="tiles">'
        + "".join(f'<div class="tile"><b>{escape(big)}</b><span>{escape(small)}</span></div>' for big, small in entries)
        + "</div>"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: int) -> str:
    """The last `numeric` columns are right-aligned."""
    if not rows:
        return ""

    def cells(row: Sequence[str], tag: str) -> str:
        first = len(row) - numeric
        return "".join(
            f"<{tag}{' class=n' if index >= first else ''}>{escape(str(cell))}</{tag}>" for index, cell in enumerate(row)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{cells(head, "th")}</tr></thead><tbody>{body}</tbody></table></div>'


def bars(entries: Sequence[tuple[str, float]], shown: Callable[[float], str]) -> str:
    most = max((value for _, value in entries), default=0)
    return "".join(
        f'<div class="bar"><span>{escape(name or "unknown")}</span>'
        f'<span><i style="width:{100 * value / most:.2f}%"></i></span><span>{shown(value)}</span></div>'
        for name, value in entries
        if value > 0
    )


def stacked(rows: Sequence[tuple[str, Sequence[tuple[str, int]]]], order: Sequence[str]) -> str:
    """One bar a row, parts coloured by name; `order` fixes the colours."""
    colours = {name: COLOURS[index % len(COLOURS)] for index, name in enumerate(order)}
    out, used = [], set()
    for label, parts in rows:
        total = max(sum(value for _, value in parts), 1)
        used |= {name for name, _ in parts}
        inner = "".join(
            f'<i style="width:{100 * value / total:.3f}%;background:{colours.get(name, "#667")}"'
            f' title="{escape(name)}: {number(value)}"></i>'
            for name, value in parts
        )
        out.append(
            f'<div class="bar"><span>{escape(label)}</span><span class="stack">{inner}</span><span>{number(total)}</span></div>'
        )
    key = "".join(f'<span><i style="background:{colours[name]}"></i>{escape(name)}</span>' for name in order if name in used)
    return "".join(out) + f'<div class="key">{key}</div>'


def histogram(counts: Mapping[int, int]) -> str:
    """Counts by power of two as an SVG."""
    if not counts:
        return ""
    first, last, most = min(counts), max(counts), max(counts.values())
    width, columns = 640, last - first + 1
    step = width / columns
    parts = []
    for index, power in enumerate(range(first, last + 1)):
        height = 100 * counts.get(power, 0) / most
        x = index * step
        parts.append(f'<rect x="{x + 2:.1f}" y="{120 - height:.1f}" width="{step - 4:.1f}" height="{height:.1f}" rx="2"/>')
        parts.append(
            f'<text x="{x + step / 2:.1f}" y="136" text-anchor="middle">{size(2**power)}</text>'
            if columns < 16 or index % 2 == 0
            else ""
        )
        parts.append(
            f'<text x="{x + step / 2:.1f}" y="{116 - height:.1f}" text-anchor="middle">{number(counts.get(power, 0))}</text>'
        )
    picture = f'<svg viewBox="0 0 {width} 142" role="img" aria-label="documents by size">{"".join(parts)}</svg>'
    return f'<div class="scroll">{picture}</div>'
