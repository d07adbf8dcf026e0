"""Telegram Desktop's export of a whole account, chat by chat, from its beginning or from inside.

In: a Member, or its bytes as a stream. Out: Channels as telegram.py makes them of the whole object, a few thousand messages
at a time (`goes_on` from the second batch of a chat on); then a Dropped where the file ends before its object does
(`truncated`) or where a message is too large. A part holds the chats that start in it; chats are told apart by the line
and the indentation of their brace, which no string can hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from curation.source import Dropped, Part
from curation.sources.chats import telegram
from curation.sources.chats.json_pieces import MESSAGES_AT_ONCE
from curation.sources.chats.message import Channel
from curation.sources.encoding import decode
from curation.sources.jsonborders import Borders
from curation.sources.jsonrows import Blocks, Window
from curation.sources.members import Member, read_up_to

SEARCH_BYTES = 32 << 20  # contacts, sessions and the like stand before the chats
_CHATS = re.compile(rb'"(?:left_)?chats"\s*:\s*\{\s*(?:"about"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*)?"list"\s*:\s*(\[)')
_OTHERS = re.compile(
    rb'"(?:personal_information|profile_pictures|stories|contacts|frequent_contacts|sessions|web_sessions|other_data)"\s*:\s*[{\[]'
)
_FIRST = re.compile(rb'(\r?\n[ \t]+)(\{\r?\n[ \t]+")')
_SCANNER = json.JSONDecoder(strict=False)


def is_account(head: bytes) -> bool:
    """Of the first bytes, as many as there are: whether a list of chats begins before any message."""
    found = _CHATS.search(head)
    return found is not None and b'"messages"' not in head[: found.start()]


def borders(member: Member) -> Borders | None:
    """How to cut the export; None where it is none, or written without line ends."""
    data = member.head
    if not is_account(data):
        if not (_OTHERS.search(data) and member.reopen):
            return None
        with member.open() as stream:
            data = read_up_to(stream, SEARCH_BYTES)
    found = _CHATS.search(data)
    first = _FIRST.match(data, found.end()) if found else None
    return Borders(found.start(1), first[1], first[2], frozenset()) if found and first and is_account(data) else None


def part_channels(member: Member, part: Part, borders: Borders) -> Iterator[Channel | Dropped]:
    with member.open() as stream:
        blocks, begin = borders.cut(stream, part)
        yield from _Walk(Window(Blocks(blocks), "utf-8"), f"{member.origin}#byte {begin}").part()


def channels(member: Member, stream: BinaryIO) -> Iterator[Channel | Dropped]:
    """Of the whole file."""
    yield from _Walk(Window(stream, decode(member.head).encoding), member.origin).whole()


class _Walk:
    """Through an object without holding it. `origin`: where damage is said to be."""

    def __init__(self, window: Window, origin: str) -> None:
        self._window, self._origin = window, origin

    def whole(self) -> Iterator[Channel | Dropped]:
        try:
            self._take("{")
            for key in self._keys():
                if key in ("chats", "left_chats") and self._window.peek() == "{":
                    self._take("{")
                    for inner in self._keys():
                        if inner == "list" and self._window.peek() == "[":
                            self._take("[")
                            yield from self._chats(is_part=False)
                        else:
                            self._value()
                else:
                    self._value()
        except ValueError as error:
            yield Dropped(self._origin, str(error))

    def part(self) -> Iterator[Channel | Dropped]:
        """Of a list that was entered at a chat; what follows its end is no chat but perhaps the list of chats that were left."""
        try:
            yield from self._chats(is_part=True)
            while self._window.peek():
                if self._window.peek() == "[":
                    self._take("[")
                    yield from self._chats(is_part=True)
                elif self._window.peek() in "{}:,":
                    self._take(self._window.peek())
                else:
                    self._value()
        except ValueError as error:
            yield Dropped(self._origin, str(error))

    def _chats(self, *, is_part: bool) -> Iterator[Channel]:
        while mark := self._window.peek():
            if mark == "{":
                yield from self._chat()
            elif mark == ",":
                self._take(",")
            else:
                self._take("]")
                return
        if not is_part:
            raise ValueError("truncated")

    def _chat(self) -> Iterator[Channel]:
        self._take("{")
        fields: dict[str, Any] = {}
        for key in self._keys():
            if key != "messages" or self._window.peek() != "[":
                fields[key] = self._value()
                continue
            topics: dict[Any, str] = {}
            for first, batch in self._batches():
                for channel in telegram.in_account({**fields, "messages": batch}, first, topics):
                    yield replace(channel, goes_on=first > 0)

    def _batches(self) -> Iterator[tuple[int, list[Any]]]:
        self._take("[")
        first, batch = 0, []
        try:
            while (mark := self._window.peek()) != "]":
                if mark == ",":
                    self._take(",")
                    continue
                batch.append(self._value())
                if len(batch) == MESSAGES_AT_ONCE:
                    yield first, batch
                    first, batch = first + len(batch), []
        except ValueError:
            yield first, batch  # what stands before the damage is kept
            raise
        self._take("]")
        yield first, batch

    def _keys(self) -> Iterator[str]:
        """The keys of an object whose brace was taken; whoever asks for the next has taken the value."""
        while (mark := self._window.peek()) != "}":
            if mark == ",":
                self._take(",")
                continue
            key = self._value()
            self._take(":")
            yield str(key)
        self._take("}")

    def _take(self, mark: str) -> None:
        if self._window.peek() != mark:
            raise ValueError("truncated")
        self._window.drop(1)

    def _value(self) -> Any:
        if not self._window.peek():
            raise ValueError("truncated")
        try:
            value, size = self._window.scan(_SCANNER)
        except (ValueError, RecursionError):
            raise ValueError("truncated") from None
        if size is None:
            raise ValueError("record_too_large")
        self._window.drop(size)
        return value
