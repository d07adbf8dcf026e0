"""The pieces of report.html: numbers, tables, bars, a histogram, the page around them. Plain HTML, CSS and SVG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

STYLE = """
:root{color-scheme:light dark;--ink:#1d2430;--soft:#667085;--line:#e4e7ec;--paper:#fff;--back:#f6f7f9;--main:#2f6feb}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#98a2b3;--line:#2b3240;--paper:#171b22;--back:#0f1217;--main:#6ea0ff}}
*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}h1{margin:0;font-size:1.7rem}h2{margin:0 0 .2rem;font-size:1.1rem}
header p,.hint{color:var(--soft);margin:.1rem 0 .9rem}section{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:1.1rem;margin-top:1rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:1rem;margin-top:1rem}
.tile{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:1rem}.tile b{display:block;font-size:1.6rem;line-height:1.2}.tile span{color:var(--soft)}
.scroll{overflow-x:auto;max-height:32rem;overflow-y:auto}table{border-collapse:collapse;width:100%}th,td{padding:.25rem .7rem .25rem 0;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
th{color:var(--soft);font-weight:500;position:sticky;top:0;background:var(--paper)}.n{text-align:right;font-variant-numeric:tabular-nums}
.bar{display:grid;grid-template-columns:minmax(6rem,12rem) 1fr 6rem;gap:.7rem;align-items:center;margin:.2rem 0}.bar>span:first-child{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.bar i{display:block;height:.9rem;border-radius:3px;background:var(--main);min-width:1px}.bar>span:last-child{text-align:right;font-variant-numeric:tabular-nums;color:var(--soft)}
.stack{display:flex;height:1.1rem;border-radius:4px;overflow:hidden;background:var(--line)}.stack i{display:block;height:100%}
.key{display:flex;flex-wrap:wrap;gap:.3rem 1rem;margin-top:.7rem;color:var(--soft)}.key i{display:inline-block;width:.8rem;height:.8rem;border-radius:2px;margin-right:.35rem;vertical-align:-1px}
.alarm{background:#fff4e5;color:#7a4b00;border:1px solid #ffd599;border-radius:8px;padding:.7rem;margin:1rem 0 0}svg{width:100%;height:auto}svg text{fill:var(--soft);font-size:11px}svg rect{fill:var(--main)}
code{font-size:.92em}
"""

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
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
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
        f'<div class="bar"><span>{escape(name or "unknown")}</span><span><i style="width:{100 * value / most:.2f}%"></i></span><span>{shown(value)}</span></div>'
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
            f'<i style="width:{100 * value / total:.3f}%;background:{colours.get(name, "#667")}" title="{escape(name)}: {number(value)}"></i>'
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
        height = 110 * counts.get(power, 0) / most
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
    return f'<svg viewBox="0 0 {width} 142" role="img" aria-label="documents by size">{"".join(parts)}</svg>'
