"""A long text as documents of bounded size, cut where an edition would be cut too.

In: chapters (strings). Out: pieces in order, at most `max_bytes` of UTF-8 each, nothing lost but white space at cuts.
A chapter is a piece; short ones (under MIN_BYTES) join the next. A longer one is cut at the paragraph border whose
next words have the smallest hash within the second half of the allowed size, so that another edition of the same
book, shifted by a few words, is cut at the same paragraphs and its pieces stay near-duplicates.
Where there are no paragraphs: line ends, then sentence ends, then spaces, then anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b

MIN_BYTES = 8 << 10

_BORDERS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…。！？؟۔।])\s"), re.compile(r"\s"))
_LETTERS = re.compile(r"[^\W_]+")


def pieces(chapters: Iterable[str], max_bytes: int) -> Iterator[str]:
    """Non-empty, stripped of outer white space."""
    pending = ""
    for chapter in chapters:
        chapter = chapter.strip()
        if not chapter:
            continue
        joined = f"{pending}\n\n{chapter}" if pending else chapter
        if pending and _num_bytes(joined) > max_bytes:
            yield pending
            joined = chapter
        pending = ""
        if _num_bytes(joined) < min(MIN_BYTES, max_bytes):
            pending = joined
        else:
            yield from _cut(joined, max_bytes)
    if pending:
        yield pending


def _num_bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _cut(text: str, max_bytes: int) -> Iterator[str]:
    while _num_bytes(text) > max_bytes:
        at = _place(text, _fitting(text, max_bytes))
        piece, text = text[:at].rstrip(), text[at:].lstrip()
        if piece:
            yield piece
    if text:
        yield text


def _fitting(text: str, max_bytes: int) -> int:
    """Largest number of leading characters that take at most max_bytes."""
    head = text[:max_bytes]
    if head.isascii():
        return max_bytes
    return max(1, len(head.encode("utf-8", "surrogatepass")[:max_bytes].decode("utf-8", "ignore")))


def _place(text: str, limit: int) -> int:
    for border in _BORDERS:
        places = [match.end() for match in border.finditer(text, limit // 2, limit)]
        if places:
            return min(places, key=lambda place: (_rank(text, place), place)) if border is _BORDERS[0] else places[-1]
    return limit


def _rank(text: str, place: int) -> bytes:
    words = _LETTERS.findall(text[place : place + 80].lower())[:5]
    return blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest()
