"""JSON in the shapes in which data sets come: one object a line, an array, one object, objects one after another.

In: a Member, perhaps a Part (of one object a line, or of a list whose borders can be told: jsonborders.py). Out: (place,
value) for every element; `broken_record` and `record_too_large` as (place, reason word) in `Broken`. Place is `byte N`
where N leads to the element (`tail -c +N+1`). A file with one object a line is read line by line; anything else through a
window that grows with its largest element, up to MAX_RECORD_BYTES. Deep nesting is a broken record.
"""

from __future__ import annotations

import codecs
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson

from curation.source import MAX_RECORD_BYTES, Part
from curation.sources.boundedlines import bounded_lines
from curation.sources.encoding import decode
from curation.sources.jsonborders import Borders, learned
from curation.sources.members import Member

WINDOW_CHARS = 1 << 20


@dataclass(frozen=True, slots=True)
class Broken:
    """An element that could not be read."""

    reason: str


def json_rows(member: Member, part: Part | None = None) -> Iterator[tuple[str, Any]]:
    """Elements with their places."""
    if part and (borders := list_borders(member.head)):
        yield from list_part(member, part, borders)
    elif part or is_json_lines(member.head):
        for offset, line in bounded_lines(member.open(), part):
            if line is None:
                yield f"byte {offset}", Broken("record_too_large")
            elif line.strip():
                yield f"byte {offset}", _loaded(line)
    else:
        yield from _values(member.open(), decode(member.head[:WINDOW_CHARS]).encoding)


def list_borders(head: bytes) -> Borders | None:
    """How to cut a file that is one list."""
    start = len(head) - len(head.lstrip(codecs.BOM_UTF8 + b" \t\r\n"))
    return learned(head, start) if head[start : start + 1] == b"[" and not is_json_lines(head) else None


def list_part(member: Member, part: Part, borders: Borders) -> Iterator[tuple[str, Any]]:
    """Elements of a list that start in the part, with their places."""
    with member.open() as stream:
        blocks, begin = borders.cut(stream, part)
        for place, value in _values(Blocks(itertools.chain([b"["], blocks)), "utf-8"):
            yield f"byte {int(place.removeprefix('byte ')) + begin - 1}", value


def is_json_lines(head: bytes) -> bool:
    """Whether the first line is a whole value and more follows (or nothing)."""
    line, end, rest = head.partition(b"\n")
    if not end and len(head) >= 1 << 16:
        return not head.lstrip().startswith(b"[")
    line = line.removeprefix(codecs.BOM_UTF8)
    if line.lstrip(b" \t\r")[:1] == b"[" and rest.lstrip()[:1] != b"[":
        return False  # one list, read as a whole later: a folder of small files was parsed twice
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


def _loaded(line: bytes) -> Any:
    try:
        return orjson.loads(line.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError:
        pass
    try:  # NaN, lone surrogates, a legacy encoding: rare, so the slow way
        return json.loads(decode(line).text, strict=False)
    except (ValueError, RecursionError):
        return Broken("broken_record")


def _values(stream: BinaryIO | Blocks, encoding: str) -> Iterator[tuple[str, Any]]:
    window = Window(stream, encoding)
    scanner = json.JSONDecoder(strict=False)
    in_array = window.peek() == "["
    if in_array:
        window.drop(1)
    is_closed = False
    while True:
        mark = window.peek()
        if mark == "," or (in_array and mark == "]"):
            is_closed = is_closed or mark == "]"
            window.drop(1)
            continue
        if not mark or (is_closed and mark == "}"):  # the end of the object that holds the list
            return
        place = f"byte {window.num_bytes}"
        try:
            value, size = window.scan(scanner)
        except (ValueError, RecursionError):
            yield place, Broken("broken_record")
            return
        if size is None:
            yield place, Broken("record_too_large")
            return
        yield place, value
        window.drop(size)


class Blocks:
    """Blocks of bytes, none of them empty, as something to read from; `read` gives whole blocks until it gave `size`."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks

    def read(self, size: int) -> bytes:
        pieces: list[bytes] = []
        while size > 0 and (block := next(self._blocks, b"")):
            pieces.append(block)
            size -= len(block)
        return b"".join(pieces)


class Window:
    """Text from a stream, taken off at the front; `num_bytes` counts what was taken, in UTF-8."""

    def __init__(self, stream: BinaryIO | Blocks, encoding: str) -> None:
        self._stream, self._text, self._ended, self.num_bytes = stream, "", False, 0
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._at = 0

    def _more(self, size: int) -> None:
        data = self._stream.read(size)
        self._ended = not data
        self._text = self._text[self._at :] + self._decoder.decode(data, self._ended)
        self._at = 0

    def peek(self) -> str:
        """The next character that is not white space, or nothing at the end."""
        while True:
            while self._at < len(self._text):
                char = self._text[self._at]
                if not (char.isspace() or char == "\ufeff"):
                    return char
                self.drop(1)
            if self._ended:
                return ""
            self._more(WINDOW_CHARS)

    def drop(self, size: int) -> None:
        taken = self._text[self._at : self._at + size]
        self.num_bytes += size if taken.isascii() else len(taken.encode("utf-8", "surrogatepass"))
        self._at += size

    def scan(self, scanner: json.JSONDecoder) -> tuple[Any, int | None]:
        """The value at the front and its length; length None where it is larger than a record may be."""
        while True:
            try:
                value, end = scanner.raw_decode(self._text, self._at)
                if end < len(self._text) or self._ended:
                    return value, end - self._at
            except ValueError:
                if self._ended:
                    raise
            if len(self._text) - self._at > MAX_RECORD_BYTES:
                return None, None
            self._more(max(WINDOW_CHARS, len(self._text) - self._at))
