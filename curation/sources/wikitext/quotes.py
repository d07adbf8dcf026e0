"""Apostrophes that mean bold and italics.

In: lines. Out: lines without those apostrophes, but with the ones that are text, counted as MediaWiki's
doQuotes counts them: four are one and bold, more than five are the surplus and both; where bold and italics are
both left open, one bold turns into an apostrophe and italics (after a single letter first, then after a word).
Table cells are balanced singly.
"""

from __future__ import annotations

import re

from curation.sources.wikitext.blocks import CELL

_RUN = re.compile(r"('{2,})")


def without_quotes(text: str) -> str:
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if "''" in line:
            lines[index] = CELL.join([_balanced(cell) for cell in line.split(CELL)]) if CELL in line else _balanced(line)
    return "\n".join(lines)


def _balanced(line: str) -> str:
    parts = _RUN.split(line)
    bold = italic = 0
    for index in range(1, len(parts), 2):
        size = len(parts[index])
        if size == 4 or size > 5:
            surplus = 1 if size == 4 else size - 5
            parts[index - 1] += "'" * surplus
            size -= surplus
            parts[index] = "'" * size
        bold += size != 2
        italic += size != 3
    if bold % 2 and italic % 2:
        _demote_one_bold(parts)
    return "".join(parts[::2])


def _demote_one_bold(parts: list[str]) -> None:
    first_word = first_single = first_space = 0
    for index in range(1, len(parts), 2):
        if len(parts[index]) != 3:
            continue
        before = parts[index - 1]
        if before[-1:] == " ":
            first_space = first_space or index
        elif before[-2:-1] == " ":
            first_single = first_single or index
            break
        else:
            first_word = first_word or index
    chosen = first_single or first_word or first_space
    if chosen:
        parts[chosen - 1] += "'"
