"""Large, cut or damaged JSON exports, a few thousand messages at a time.

In: a Member, the bytes already read from its stream, and the stream. Out: values of the same shape as the whole file
(its head with a part of its messages, or a part of its list), so that every format reads them as it reads small ones;
then a Dropped where the file ends before its list does (`truncated`) or where an element is too large.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from curation.source import Dropped, Part
from curation.sources.chats import json_nested
from curation.sources.chats.json_text import loads
from curation.sources.chats.message import PIECE
from curation.sources.encoding import decode
from curation.sources.jsonborders import Borders, learned
from curation.sources.jsonrows import Broken, Window, json_rows, list_part
from curation.sources.members import Member

MESSAGES_AT_ONCE = 5000
_LIST = re.compile(rb"\"(messages|chunk|events)\"\s*:\s*(?=\[)")


def batched(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, size)):
        yield batch


def values(member: Member, data: bytes, rest: BinaryIO, *, is_damaged: bool) -> Iterator[Any]:
    head, name, start = _head(member.head)
    if start is None or head is None:
        yield from _nested(member, data, rest, is_damaged=is_damaged)
        return
    joined = Joined(data[start:], rest)
    rewound = replace(member, head=b"[{", open=lambda: io.BufferedReader(joined))
    ending: list[str] = []
    for number, batch in enumerate(batched(_elements(json_rows(rewound), ending), MESSAGES_AT_ONCE)):
        yield {**head, name: batch, PIECE: f"{number}." if number else ""} if name else batch
    if ending or is_damaged or joined.last.rstrip()[-1:] not in (b"]", b"}"):
        yield Dropped(member.origin, (ending or ["truncated"])[0])


def _nested(member: Member, data: bytes, rest: BinaryIO, *, is_damaged: bool) -> Iterator[Any]:
    window = Window(io.BufferedReader(Joined(data, rest)), decode(member.head).encoding)
    is_silent, reason = True, "truncated" if is_damaged else ""
    try:
        for value in json_nested.values(window, MESSAGES_AT_ONCE):
            is_silent = False
            yield value
    except json_nested.TooLarge:
        reason = "record_too_large"
    except (ValueError, RecursionError):
        reason = "truncated"
    if is_silent:
        reason = "record_too_large" if reason == "record_too_large" or not is_damaged else "broken_record"
    if reason:
        yield Dropped(member.origin, reason)


def borders(head: bytes) -> Borders | None:
    """How to cut a file that is a list of messages, or an object with one."""
    before, _, start = _head(head)
    return None if start is None or before is None else learned(head, start + head[start:].find(b"["))


def part_values(member: Member, part: Part, borders: Borders) -> Iterator[Any]:
    """As `values`, of the messages that start in the part. What is damaged ends it; the next part begins anew."""
    head, name, _ = _head(member.head)
    head = head or {}
    for number, batch in enumerate(batched(list_part(member, part, borders), MESSAGES_AT_ONCE)):
        found = [value for _, value in batch if not isinstance(value, (Broken, str))]
        if found:
            yield {**head, name: found, PIECE: f"byte {part.start}.{number}."} if name else found
        for place, value in batch:
            if isinstance(value, Broken):
                yield Dropped(f"{member.origin}#{place}", "truncated" if value.reason == "broken_record" else value.reason)


def _head(data: bytes) -> tuple[dict[str, Any] | None, str, int | None]:
    """(what stands before the list, or None where the list lies deeper; its name; where it starts, or None)."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":
        return {}, "", 0
    found = _LIST.search(data)
    if found is None:
        return {}, "", None
    before = decode(data[: found.start()]).text.lstrip("\ufeff").rstrip().rstrip(",")
    try:
        head = loads(before + "}")
    except ValueError:
        head = None
    return head if isinstance(head, dict) else None, found[1].decode(), found.end()


def _elements(rows: Iterator[tuple[str, Any]], ending: list[str]) -> Iterator[Any]:
    """The list's elements. What follows the list looks like a key; damage anywhere else is noted in `ending`."""
    for _, value in rows:
        if isinstance(value, Broken):
            ending.append("truncated" if value.reason == "broken_record" else value.reason)
            return
        if isinstance(value, str):
            return
        yield value


class Joined(io.RawIOBase):
    """Bytes already read, then the stream that they came from; `last`: the end of what was given."""

    def __init__(self, data: bytes, rest: BinaryIO) -> None:
        self._data, self._rest, self.last = memoryview(data), rest, b"]"

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data: bytes | memoryview = self._data[: len(buffer)] or self._rest.read(len(buffer))
        self._data = self._data[len(buffer) :]
        buffer[: len(data)] = data
        self.last = bytes(data[-64:]) or self.last
        return len(data)
