"""The report card as a piece of HTML: two pictures (SVG) and three tables, for the release's report.

In: the card's JSON. Out: HTML that needs nothing but the page around it: colours come from the page's variables --ink,
--soft, --line and --main, with fallbacks. Tokens are escaped; blanks are shown as ␣.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

MAX_LANGUAGES = 24
MAX_TOKENS = 6
BAR_HEIGHT, LABEL_WIDTH, TEXT_WIDTH, WIDTH = 22, 62, 150, 460


def fragment(card: dict[str, Any]) -> str:
    """The whole card; parts that have nothing to say are left out."""
    languages = sorted((row for row in card["languages"] if row["tokens"]), key=lambda row: -row["tokens"])[:MAX_LANGUAGES]
    parts = [
        f"<p>{_headline(card)}</p>",
        _titled("Bytes per token (longer is cheaper)", _bytes_picture(languages, card["compare"])),
        _titled(
            "Tokens of the same text beside English (dashed: the limit)",
            _parallel_picture(card["parallel"], card["max_parallel_ratio"]),
        ),
        _titled("By source and language", _strata_table(card["strata"])),
        _titled("Tokens to look at", _tokens_table(card)),
    ]
    return '<div class="card">' + "".join(parts) + "</div>"


def _headline(card: dict[str, Any]) -> str:
    total = card["total"]
    entities = len(card["entities"])
    private = f"<b>{entities} tokens hold personal data.</b>" if entities else "No token holds personal data."
    if left_out := card.get("left_out"):
        private += f" To that end {left_out:,} strings were left out of training."
    return (
        f"{card['vocab_size']:,} ids; {total['bytes_per_token']:.2f} bytes, {total['chars_per_token']:.2f} characters a token, "
        f"{total['tokens_per_word']:.2f} tokens a word on text that training did not see. "
        f"{card['unused']['count']:,} learned tokens ({card['unused']['share']:.1%}) were never used, "
        f"{card['almost_unused']['count']:,} almost never. {private}"
    )


def _bytes_picture(rows: Sequence[dict[str, Any]], compare: Sequence[dict[str, Any]]) -> str:
    """One bar a language; a tick for each tokenizer that ours is compared with."""
    if not rows:
        return ""
    others = [entry["bytes_per_token"] for entry in compare]
    most = max([row["bytes_per_token"] for row in rows] + [value for other in others for value in other.values()])
    drawn = []
    for line, row in enumerate(rows):
        ticks = [other[row["lang"]] for other in others if row["lang"] in other]
        text = f"{row['bytes_per_token']:.2f} · {row['tokens_per_word']:.1f} tokens/word"
        drawn.append(_bar(line, row["lang"] or "unknown", row["bytes_per_token"] / most, text, [tick / most for tick in ticks]))
    names = ", ".join(escape(entry["name"]) for entry in compare)
    note = f'<p class="hint">Ticks: {names}.</p>' if names else ""
    return _svg(drawn, len(rows), "bytes per token by language") + note


def _parallel_picture(rows: Sequence[dict[str, Any]], limit: float) -> str:
    if not rows:
        return ""
    most = max([row["ratio"] for row in rows] + [limit])
    drawn = [
        _bar(
            line,
            row["lang"],
            row["ratio"] / most,
            f"{row['ratio']:.2f}" + ("" if row["fair"] is not False else " too many"),
            [limit / most],
        )
        for line, row in enumerate(sorted(rows, key=lambda row: row["ratio"]))
    ]
    return _svg(drawn, len(rows), "tokens of parallel text beside English")


def _bar(line: int, label: str, share: float, text: str, ticks: Sequence[float]) -> str:
    room = WIDTH - LABEL_WIDTH - TEXT_WIDTH
    y, width = line * BAR_HEIGHT, share * room
    marks = "".join(
        f'<line x1="{LABEL_WIDTH + tick * room:.1f}" x2="{LABEL_WIDTH + tick * room:.1f}" y1="{y + 1}" y2="{y + BAR_HEIGHT - 3}" '
        'stroke="var(--ink,#111)" stroke-width="1.5" stroke-dasharray="3 2"/>'
        for tick in ticks
    )
    return (
        f'<text x="{LABEL_WIDTH - 8}" y="{y + 14}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="{LABEL_WIDTH}" y="{y + 3}" width="{width:.1f}" height="{BAR_HEIGHT - 8}" rx="2" '
        f'fill="var(--main,#2f6feb)"/>{marks}'
        f'<text x="{LABEL_WIDTH + max([width, *(tick * room for tick in ticks)]) + 8:.1f}" y="{y + 14}">{escape(text)}</text>'
    )


def _svg(drawn: Sequence[str], lines: int, label: str) -> str:
    return (
        f'<div class="scroll"><svg viewBox="0 0 {WIDTH} {lines * BAR_HEIGHT}" role="img" aria-label="{escape(label)}" '
        'style="max-width:640px;'
        f'font:12px system-ui,sans-serif" fill="var(--soft,#667085)">{"".join(drawn)}</svg></div>'
    )


def _strata_table(rows: Sequence[dict[str, Any]]) -> str:
    names = ("bytes_per_token", "chars_per_token", "tokens_per_word", "single_byte_share")
    head = ("source", "language", "tokens", "bytes/token", "chars/token", "tokens/word", "single bytes")
    cells = [
        [row["source"], row["lang"], f"{row['tokens']:,}", *(f"{row[name]:.2f}" for name in names[:3]), f"{row[names[3]]:.1%}"]
        for row in rows
    ]
    return _table(head, cells, 5)


def _tokens_table(card: dict[str, Any]) -> str:
    kinds = [
        ("longest", card["longest"]),
        ("never used", card["unused"]["examples"]),
        ("almost unused", card["almost_unused"]["examples"]),
        ("strange", card["strange"]),
    ]
    cells = [
        [kind, shown(row["token"]), str(row["id"]), f"{row['count']:,}", ", ".join(row.get("why", ()))]
        for kind, rows in kinds
        for row in rows[:MAX_TOKENS]
    ]
    return _table(("why", "token", "id", "uses", "note"), cells, 0)


def shown(token: str) -> str:
    """Blanks and control characters made visible."""
    return "".join("␣" if char == " " else char if char.isprintable() else f"\\x{ord(char):02x}" for char in token)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numeric: int) -> str:
    if not rows:
        return ""
    first = len(head) - numeric

    def line(cells: Sequence[str], tag: str) -> str:
        return "".join(f"<{tag}{' class=n' if place >= first else ''}>{escape(cell)}</{tag}>" for place, cell in enumerate(cells))

    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{line(head, "th")}</tr></thead><tbody>{body}</tbody></table></div>'


def _titled(title: str, body: str) -> str:
    return f"<h3>{escape(title)}</h3>{body}" if body else ""
