"""Large, cut or damaged JSON exports, of one chat or a whole account, a few thousand messages at a time; whole or by parts.

In: a Member, and the bytes already read from its stream, or a part. Out: values of the shape of the whole file with the Piece of
a list of messages that they hold, so that every format reads them as it reads small files; then a Dropped where the file ends
before its list does (`truncated`) or where a value is too large. A part holds the messages of one chat, or the chats of an
account, that start in it.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

from curation.source import Dropped, Part
from curation.sources.chats.json_walk import Entry, Found, Walk, Wrap, entry, leads
from curation.sources.encoding import decode
from curation.sources.jsonborders import BLOCK_BYTES, Borders, learned
from curation.sources.jsonrows import Blocks, Window
from curation.sources.members import Member, read_up_to

MESSAGES_AT_ONCE = 5000
SEARCH_BYTES = 32 << 20  # of a Telegram account: contacts, sessions and the like stand before the chats
_OTHERS = re.compile(
    rb'"(?:personal_information|profile_pictures|stories|contacts|frequent_contacts|sessions|web_sessions|other_data)"\s*:\s*[{\[]'
)
_INDENTED = re.compile(rb'(\r?\n[ \t]+)(\{\r?\n[ \t]+")')
_OPENING = re.compile(rb'(\s*)(\{\s*"(?:[^"\\]|\\.)*"\s*:)')


def batched(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, size)):
        yield batch


def values(member: Member, data: bytes, rest: BinaryIO, *, is_damaged: bool) -> Iterator[Found | Dropped]:
    stream = io.BufferedReader(_Joined(data, rest))
    walk = Walk(Window(stream, decode(member.head).encoding), MESSAGES_AT_ONCE)
    reason = "truncated" if is_damaged else ""
    try:
        yield from walk.whole()
    except ValueError as error:
        reason = str(error)
    if not walk.has_entered:
        reason = "record_too_large" if reason == "record_too_large" or not is_damaged else "broken_record"
    if reason:
        yield Dropped(member.origin, reason)


@dataclass(frozen=True, slots=True)
class Cut:
    """How to cut a file. `wrap`: what a list of messages, or a chat, stands in."""

    borders: Borders
    wrap: Wrap
    is_account: bool


def has_messages(head: bytes) -> bool:
    return entry(head) is not None


def cut(member: Member) -> Cut | None:
    """None where it is no list of messages or chats, or where their borders cannot be told."""
    data = member.head
    found = entry(data)
    if found is None and member.reopen and _OTHERS.search(data):
        with member.open() as stream:
            data = read_up_to(stream, SEARCH_BYTES)
        found = entry(data)
    if found and not found.is_account and len(found.way) > 1:
        return None  # other lists may follow that stand in something else
    borders = _borders(data, found) if found else None
    return Cut(borders, found.wrap, found.is_account) if found and borders else None


def _borders(data: bytes, found: Entry) -> Borders | None:
    """A message is told by its keys, a chat by the messages that it holds; either, in indented text, by the line and the
    indentation of its brace, which no string can hold."""
    if not found.is_account and (borders := learned(data, found.start)):
        return borders
    indented = _INDENTED.match(data, found.start + 1)
    if indented:
        return Borders(found.start, indented[1], indented[2])
    if not found.is_account:
        return None
    opening = _OPENING.match(data, found.start + 1)
    if opening is None:
        return None
    space = opening[1] or (b" " if data.count(b"}, {") > data.count(b"},{") else b"")
    return Borders(found.start, b"}," + space, opening[2], is_record=leads(found.way))


def part_values(member: Member, part: Part, cut: Cut) -> Iterator[Found | Dropped]:
    """What is damaged ends the part; the next one begins anew."""
    with member.open() as stream:
        blocks, begin = cut.borders.cut(stream, part)
        window = Window(Blocks(blocks), "utf-8")
        place = "" if cut.is_account else f"byte {part.start}."
        walk = Walk(window, MESSAGES_AT_ONCE, place, None if cut.is_account else partial(_before, member, begin))
        try:
            yield from (walk.chats if cut.is_account else walk.messages)(cut.wrap)
        except ValueError as error:
            yield Dropped(f"{member.origin}#byte {begin + window.num_bytes}", str(error))


def _before(member: Member, offset: int) -> Iterator[bytes]:
    with member.open() as stream:
        while offset > 0 and (block := stream.read(min(offset, BLOCK_BYTES))):
            offset -= len(block)
            yield block


class _Joined(io.RawIOBase):
    """Bytes already read, then the stream that they came from."""

    def __init__(self, data: bytes, rest: BinaryIO) -> None:
        self._data, self._rest = memoryview(data), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data: bytes | memoryview = self._data[: len(buffer)] or self._rest.read(len(buffer))
        self._data = self._data[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)
