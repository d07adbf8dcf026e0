"""Passages: stretches of about a paragraph, the unit that is called toxic or not.

A passage ends at a line break, else at a sentence, else at a space, and has at most MAX_CHARS characters; together
they cover the whole text. Training examples (posts, comments) have the same order of length.
"""

from __future__ import annotations

MIN_CHARS, MAX_CHARS = 80, 300
WHOLE_CHARS = 4000
_SENTENCE_ENDS = (". ", "! ", "? ", "。", "！", "？", "؟ ", "۔ ", "… ")


def passages(text: str) -> list[tuple[int, int]]:
    """(start, end) of every passage, in order, without gaps."""
    found = []
    start = 0
    while start < len(text):
        end = cut(text, start)
        found.append((start, end))
        start = end
    return found


def sampled_passages(text: str, number: int = 0) -> list[tuple[int, int]]:
    """All passages of a text up to WHOLE_CHARS, else `number` (3 to 12) that begin at places spread evenly over it."""
    if len(text) <= WHOLE_CHARS:
        return passages(text)
    number = number or min(12, 2 + len(text) // WHOLE_CHARS)
    found = []
    for index in range(number):
        start = round(index * (len(text) - MAX_CHARS) / (number - 1))
        if index:
            start = _boundary(text, start, start + MAX_CHARS // 2)
        found.append((start, cut(text, start)))
    return found


def cut(text: str, start: int) -> int:
    """Where the passage that begins at `start` ends."""
    stop = start + MAX_CHARS
    if stop >= len(text):
        return len(text)
    return _boundary(text, start + MIN_CHARS, stop)


def _boundary(text: str, low: int, high: int) -> int:
    """Just behind the last line break in text[low:high], else the last sentence end, else the last space, else `high`."""
    at = text.rfind("\n", low, high)
    if at >= 0:
        return at + 1
    at = max(text.rfind(end, low, high) + len(end) for end in _SENTENCE_ENDS)
    if at > low:
        return at
    at = text.rfind(" ", low, high)
    return at + 1 if at >= 0 else high
