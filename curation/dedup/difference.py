"""Where a dropped copy and its keeper differ: the passages, for `explain`.

In: two texts. Out: passages in order of place, words of each side (characters in scripts without spaces); equal stretches are
left out. White space is ignored.
What both begin and end with is set aside first. The rest is compared by words up to MAX_WORDS a side, by lines above:
difflib takes time in the square of what differs, so that of more than MAX_LINES lines a side the two rests are one passage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from curation.dedup.tokens import UNSPACED

MAX_WORDS = 5_000
MAX_LINES = 50_000
_SINGLE = "".join(f"{chr(first)}-{chr(last)}" for first, last in UNSPACED)
_WORD = re.compile(rf"[{_SINGLE}]|[^\s{_SINGLE}]+")
_JOINED = re.compile(rf"(?<=[{_SINGLE}]) (?=[{_SINGLE}])")


class Passage(NamedTuple):
    """What stands in one text where the other has something else; empty where it has nothing."""

    kept: str
    dropped: str


def passages(kept: str, dropped: str) -> Iterator[Passage]:
    """All differing passages of a kept text and its dropped copy."""
    words = _apart(_WORD.findall(kept), _WORD.findall(dropped))
    if max(map(len, words)) <= MAX_WORDS:
        yield from _differing(*words, _sentence)
        return
    lines = _apart(_lines(kept), _lines(dropped))
    if max(map(len, lines)) <= MAX_LINES:
        yield from _differing(*lines, "\n".join)
    else:
        yield Passage("\n".join(lines[0]), "\n".join(lines[1]))


def _apart(kept: list[str], dropped: list[str]) -> tuple[list[str], list[str]]:
    """Both without what they begin with, and then end with, in common."""
    shorter = min(len(kept), len(dropped))
    start = next((place for place in range(shorter) if kept[place] != dropped[place]), shorter)
    rest = shorter - start
    end = next((place for place in range(rest) if kept[-1 - place] != dropped[-1 - place]), rest)
    return kept[start : len(kept) - end], dropped[start : len(dropped) - end]


def _differing(kept: list[str], dropped: list[str], join: Callable[[list[str]], str]) -> Iterator[Passage]:
    for kind, first, last, start, stop in SequenceMatcher(None, kept, dropped, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Passage(join(kept[first:last]), join(dropped[start:stop]))


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _sentence(words: list[str]) -> str:
    return _JOINED.sub("", " ".join(words))
