"""Page numbers, running heads and other traces of printed pages in plain text.

In: plain text, perhaps with form feeds. Out: the text without them; a sentence that went over the page is joined.
A number is a page number where numbers that stand alone rise through the text at the regular distance of pages;
a running head is a short line, digits apart, that repeats next to page breaks.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

MIN_PAGES = 6

_NUMBER = re.compile(r"^\W{0,6}(?:page|pg|p|seite|s|str|стр|с|صفحه)?[.: ]{0,2}(\d{1,4})\W{0,6}$", re.IGNORECASE)
_HEADED = re.compile(r"^\s*(?:(\d{1,4})\s{3,}(\S.{2,60}?)|(\S.{2,60}?)\s{3,}(\d{1,4}))\s*$")
_MARK = re.compile(r"[ \t]*(?:\[(?:Pg|Page|p\.|S\.|str\.)\s*[\divxlc]+\]|\{(?:Pg\.?\s*)?\d{1,4}\})[ \t]*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:;。！？؟۔।\"'”’»)\]]\s*$")


def without_pages(text: str) -> str:
    """The text without page numbers, running heads and page marks."""
    if len(_MARK.findall(text)) >= MIN_PAGES:
        text = _MARK.sub(" ", text)
    if text.count("\f") >= MIN_PAGES:
        return join_pages(text.split("\f"))
    lines = text.replace("\f", "\n").split("\n")
    breaks = _regular(_lone_numbers(lines))
    heads = _running_heads(lines, breaks) if breaks else set()
    breaks = breaks or _regular(_headed_numbers(lines))
    if not breaks:
        return "\n".join(lines)
    return _rejoined(lines, set(breaks) | heads, set(breaks))


def join_pages(pages: list[str]) -> str:
    """Pages to one text: numbers and repeating lines at the top and bottom of pages go."""
    split = [page.split("\n") for page in pages]
    edges: Counter[str] = Counter()
    for lines in split:
        edges.update({_masked(lines[i]) for i in _edge(lines)})
    repeated = {line for line, count in edges.items() if count >= max(3, len(pages) // 6)}
    out = ""
    for lines in split:
        drop = {i for i in _edge(lines) if _masked(lines[i]) in repeated or _NUMBER.match(lines[i].strip())}
        body = "\n".join(line for i, line in enumerate(lines) if i not in drop).strip("\n")
        if not body.strip():
            continue
        goes_on = out and not _SENTENCE_END.search(out[-20:]) and body.lstrip()[:1].islower()
        out = f"{out}{chr(10) if goes_on else chr(10) * 2}{body}" if out else body
    return out


def _edge(lines: list[str]) -> list[int]:
    filled = [i for i, line in enumerate(lines) if line.strip()]
    return sorted(set(filled[:2] + filled[-2:]))


def _masked(line: str) -> str:
    return re.sub(r"\d+|\b[ivxlcIVXLC]+\b", "0", line.strip())


def _lone_numbers(lines: list[str]) -> list[tuple[int, int]]:
    found = []
    for i, line in enumerate(lines):
        if line and len(line) < 40 and (match := _NUMBER.match(line.strip())):
            found.append((i, int(match[1])))
    return found


def _headed_numbers(lines: list[str]) -> list[tuple[int, int]]:
    """`12     THE QUAY` where the words come back; those of a table of contents do not."""
    found = [
        (i, int(match[1] or match[4]), match[2] or match[3])
        for i, line in enumerate(lines)
        if 8 < len(line) < 120 and (line[-1:].isdigit() or line.lstrip()[:1].isdigit()) and (match := _HEADED.match(line))
    ]
    counts = Counter(head for _, _, head in found)
    return [(i, number) for i, number, head in found if counts[head] >= 3]


def _regular(found: list[tuple[int, int]]) -> list[int]:
    """Indices of lines that are page numbers, alone or beside a running head; none unless they rise in regular steps."""
    rising = [found[0]] if found else []
    for i, number in found[1:]:
        if 0 < number - rising[-1][1] <= 4:
            rising.append((i, number))
        elif len(rising) < 3:
            rising = [(i, number)]
    if len(rising) < MIN_PAGES or len(rising) < 0.6 * len(found):
        return []
    gaps = sorted((b[0] - a[0]) / (b[1] - a[1]) for a, b in pairwise(rising))
    low, middle, high = gaps[len(gaps) // 5], gaps[len(gaps) // 2], gaps[len(gaps) * 4 // 5]
    is_regular = 8 <= middle <= 120 and high <= 1.8 * max(low, 1)
    return [i for i, _ in rising] if is_regular else []


def _running_heads(lines: list[str], breaks: list[int]) -> set[int]:
    near: dict[int, str] = {}
    for at in breaks:
        filled = [i for i in (*range(at - 1, at - 4, -1), *range(at + 1, at + 4)) if 0 <= i < len(lines) and lines[i].strip()]
        for i in filled:
            if len(lines[i].strip()) <= 70:
                near[i] = _masked(lines[i])
    counts = Counter(near.values())
    return {i for i, line in near.items() if counts[line] >= max(3, len(breaks) // 6)}


def _rejoined(lines: list[str], drop: set[int], breaks: set[int]) -> str:
    out: list[str] = []
    after_break = False
    for i, line in enumerate(lines):
        if i in drop:
            after_break = after_break or i in breaks
            continue
        if after_break and not line.strip():
            continue
        if after_break:
            while out and not out[-1].strip():
                out.pop()
            if not (out and not _SENTENCE_END.search(out[-1]) and line.lstrip()[:1].islower()):
                out.append("")
            after_break = False
        out.append(line)
    return "\n".join(out)
