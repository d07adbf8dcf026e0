"""From the ends that the automaton reports to the matches of one regex: the same as `finditer` on the whole text.

Why it is the same: every true match ends at a reported end, so it lies in the window before that end. Windows that
touch are one window. No match crosses a window's border, so a scan that starts at a window finds what the scan of the
whole text finds there. The text to the right stays visible as far as a match or a lookahead can reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from curation.pii.extent import Extent

MAX_UNBROKEN = 20_000  # characters without white space, beyond which a spaceless pattern sees only its surroundings
UNBROKEN_REACH = 2_000
NOT_SPACE_RUN = re.compile(r"\S*")
SEPARATORS = "\x1c\x1d\x1e\x1f"  # white space to `str` and `re`, not to the `regex` module: a match may cross them


def windows(text: str, ends: Sequence[int], extent: Extent) -> Iterable[tuple[int, int]]:
    """Disjoint ascending (start, end): every match lies in one of them. For a local extent only."""
    if extent.max_width is None:
        return _merged(_chunks(text, ends))
    width = extent.max_width
    return _merged([(end - width if end > width else 0, end) for end in ends])


def finditer(compiled: Any, text: str, ends: Sequence[int], extent: Extent) -> Iterator[Any]:
    """Matches of a compiled pattern of the `regex` module."""
    if extent.max_width is None and any(separator in text for separator in SEPARATORS):
        yield from compiled.finditer(text)
        return
    reach = (extent.max_width or 0) + extent.lookahead + 1
    for start, end in windows(text, ends, extent):
        for match in compiled.finditer(text, start, min(len(text), end + reach)):
            if match.start() > end:
                break
            yield match


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    start, end = 0, -1
    for left, right in spans:
        if left > end:
            if end >= 0:
                merged.append((start, end))
            start = left
        if right > end:
            end = right
    if end >= 0:
        merged.append((start, end))
    return merged


def _chunks(text: str, ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The stretch without white space around the character before each end."""
    done = 0
    for end in ends:
        if end <= done:
            continue
        start = _chunk_start(text, end)
        done = NOT_SPACE_RUN.match(text, end).end()  # type: ignore[union-attr]  # matches the empty string
        if done - start > MAX_UNBROKEN:
            done = min(done, end + UNBROKEN_REACH)
            start = max(start, end - UNBROKEN_REACH)
        yield start, done


def _chunk_start(text: str, end: int) -> int:
    reach = 64
    while True:
        start = max(0, end - reach)
        head = text[start:end]
        pieces = head.split()
        if not pieces or head[-1].isspace():
            return end
        if len(pieces[-1]) < len(head) or start == 0:
            return end - len(pieces[-1])
        reach *= 4
