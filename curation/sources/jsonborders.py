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
from collections.abc import Iterator
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
    """`start`: where the list begins in the file. `between` ends before a record's brace, `opening` begins with it."""

    start: int
    between: bytes
    opening: bytes
    keys: frozenset[str]

    def cut(self, stream: BinaryIO, part: Part) -> tuple[bytes, int]:
        """(records that start in the part, with what separates them; where they stand), of a stream at its beginning."""
        margin = len(self.between)
        at = max(self.start + 1, part.start - margin) if part.start > self.start else self.start + 1
        stream.seek(at)
        data = _Data(stream, at)
        first = part.start <= self.start + 1
        begin = at if first else self._first(data, part.start)
        end = None if begin is None else self._first(data, part.stop)
        if begin is None:
            return b"", part.stop
        return data.between(begin, end), begin

    def _first(self, data: _Data, offset: int) -> int | None:
        """The first border at or after `offset`; None where the file ends before."""
        pattern = re.compile(re.escape(self.between) + b"(?=" + re.escape(self.opening) + b")")
        searched = max(0, offset - len(self.between) - data.at)
        while True:
            for found in pattern.finditer(data.bytes, searched):
                if data.at + found.end() >= offset and self._is_record(data, found.end()):
                    return data.at + found.end()
            searched = max(searched, len(data.bytes) - len(self.between) - len(self.opening))
            if not data.more():
                return None

    def _is_record(self, data: _Data, place: int) -> bool:
        size = 1 << 16
        while True:
            piece = bytes(data.bytes[place : place + size])
            try:
                value = _SCANNER.raw_decode(piece.decode("utf-8", "replace"))[0]
                return isinstance(value, dict) and self.keys <= value.keys()
            except (ValueError, RecursionError):
                if size >= MAX_RECORD_BYTES or (len(piece) < size and not data.more()):
                    return False
                size *= 2 if len(piece) == size else 1


class _Data:
    """What was read so far of a stream that stood at `at`."""

    def __init__(self, stream: BinaryIO, at: int) -> None:
        self._stream, self.at, self.bytes = stream, at, bytearray()

    def more(self) -> bool:
        piece = self._stream.read(BLOCK_BYTES)
        self.bytes += piece
        return bool(piece)

    def between(self, begin: int, end: int | None) -> bytes:
        while end is None and self.more():
            pass
        return bytes(self.bytes[begin - self.at : None if end is None else end - self.at])


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
    return Borders(start, separator.encode(), opening.encode(), keys)


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
