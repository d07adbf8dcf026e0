"""Where a dropped copy and its keeper differ: the passages, for `explain`.

In: two texts. Out: passages in order of place, words of each side; equal stretches are left out. White space is ignored.
Compared by words up to MAX_WORDS a side, by lines above: difflib takes time in the square of what differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

MAX_WORDS = 5_000


class Passage(NamedTuple):
    """What stands in one text where the other has something else; empty where it has nothing."""

    kept: str
    dropped: str


def passages(kept: str, dropped: str) -> Iterator[Passage]:
    """All differing passages of a kept text and its dropped copy."""
    words = kept.split(), dropped.split()
    if max(map(len, words)) <= MAX_WORDS:
        yield from _differing(*words, " ")
    else:
        yield from _differing(_lines(kept), _lines(dropped), "\n")


def _differing(kept: list[str], dropped: list[str], joint: str) -> Iterator[Passage]:
    for kind, first, last, start, stop in SequenceMatcher(None, kept, dropped, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Passage(joint.join(kept[first:last]), joint.join(dropped[start:stop]))


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
