"""Where the records of one long JSON list begin, told from inside the list: so a list of a gigabyte is read in parts.

In: the head of the file, from which the way its program writes is learned (what stands between two records, the first key,
the keys that all records have), and a stream that can seek forward. Out: the bytes between two borders. A part begins and
ends at the first border at or after its offsets, found by one function, so parts neither lose nor repeat a record.

A border is the same bytes as between the first records, and behind them an object with the keys of all of them. Inside a
string those bytes cannot stand: a quotation mark there is escaped, as a line end is. A list inside a record may look alike
only in JSON without line ends; a file whose first records hold such a list is not cut.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

from curation.source import MAX_RECORD_BYTES, Part

BLOCK_BYTES = 1 << 20
MIN_RECORDS = 4  # in the head, to learn from
_OPENING = re.compile(r'\{\s*"(?:[^"\\]|\\.)*"\s*:')
_SCANNER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Borders:
    """`start`: where the list begins in the file. `between` ends before a record's brace, `opening` begins with it.

    What is written so is a record, however large, unless `is_record` asks what it holds: of its first bytes, None where more
    of them are needed to tell.
    """

    start: int
    between: bytes
    opening: bytes
    is_record: Callable[[bytes], bool | None] | None = None

    def cut(self, stream: BinaryIO, part: Part) -> tuple[Iterator[bytes], int]:
        """(records that start in the part, with what separates them; where they stand), of a stream at its beginning."""
        at = max(self.start + 1, part.start - len(self.between))
        stream.seek(at)
        search = _Search(self, stream, at)
        begin: int | None = at
        if part.start > self.start + 1:
            deque(search.before(part.start, part.stop), maxlen=0)
            begin = search.border
        return (iter(()), part.stop) if begin is None or begin >= part.stop else (search.before(part.stop), begin)


class _Search:
    """The next border in a stream that stood at `at`. Holds a block and the record at the border, whatever lies before it."""

    def __init__(self, borders: Borders, stream: BinaryIO, at: int) -> None:
        self._borders, self._stream, self._at, self._bytes = borders, stream, at, bytearray()
        self._pattern = re.compile(re.escape(borders.between) + b"(?=" + re.escape(borders.opening) + b")")
        self.border: int | None = None

    def before(self, offset: int, limit: int | None = None) -> Iterator[bytes]:
        """The bytes up to the first border at or after `offset`, to the end, or beyond `limit`; then `border` tells where."""
        margin = len(self._borders.between) + len(self._borders.opening)
        while True:
            self.border = self._first(offset)
            given = len(self._bytes) - margin if self.border is None else self.border - self._at
            if given > 0:
                yield self._given(given)
            if self.border is not None:
                return
            if limit is not None and self._at >= limit:
                return
            if not self._more():
                yield self._given(len(self._bytes))
                return

    def _given(self, size: int) -> bytes:
        data = bytes(self._bytes[:size])
        del self._bytes[:size]
        self._at += size
        return data

    def _first(self, offset: int) -> int | None:
        """In what is held."""
        place = max(0, offset - len(self._borders.between) - self._at)
        held = len(self._bytes)
        while found := self._pattern.search(self._bytes, place, held):  # finditer would keep the bytes from growing
            place = found.end()
            if self._at + place >= offset and self._is_record(place):
                return self._at + place
        return None

    def _is_record(self, place: int) -> bool:
        size = 1 << 16
        while self._borders.is_record:
            piece = bytes(self._bytes[place : place + size])
            verdict = self._borders.is_record(piece)
            if verdict is not None:
                return verdict
            if size >= MAX_RECORD_BYTES or (len(piece) < size and not self._more()):
                return False
            size *= 2 if len(piece) == size else 1
        return True

    def _more(self) -> bool:
        piece = self._stream.read(BLOCK_BYTES)
        self._bytes += piece
        return bool(piece)


def learned(head: bytes, start: int) -> Borders | None:
    """How the list whose bracket stands at `start` is written; None where its first records do not say."""
    text = head[start:].decode("utf-8", "ignore")
    found = list(_records(text))
    if len(found) < MIN_RECORDS:
        return None
    between = {text[before[1] : after[0]] for before, after in pairwise(found)}
    openings = {match[0] for begin, *_ in found if (match := _OPENING.match(text, begin))}
    keys = frozenset.intersection(*(frozenset(value) for *_, value in found))
    if len(between) != 1 or len(openings) != 1 or len(keys) < 2:
        return None
    separator, opening = "}" + between.pop(), openings.pop()
    if "\n" not in separator + opening and any(_holds_alike(value, keys) for *_, value in found):
        return None
    return Borders(start, separator.encode(), opening.encode(), _with(keys))


def _with(keys: frozenset[str]) -> Callable[[bytes], bool | None]:
    """Whether the bytes begin with an object that has all of the keys."""

    def test(data: bytes) -> bool | None:
        try:
            value = _SCANNER.raw_decode(data.decode("utf-8", "replace"))[0]
        except (ValueError, RecursionError):
            return None
        return isinstance(value, dict) and keys <= value.keys()

    return test


def _records(text: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """(start, end, value) of the complete objects at the beginning of a list."""
    place = 1
    while True:
        place += len(text[place : place + 256]) - len(text[place : place + 256].lstrip(", \t\r\n"))
        try:
            value, end = _SCANNER.raw_decode(text, place)
        except (ValueError, RecursionError):
            return
        if not isinstance(value, dict):
            return
        yield place, end, value
        place = end


def _holds_alike(value: Any, keys: frozenset[str], depth: int = 0) -> bool:
    """Whether a list inside holds objects with all of `keys`."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if depth and isinstance(value, dict) and keys <= value.keys():
        return True
    return depth < 20 and any(_holds_alike(each, keys, depth + 1) for each in inner)
