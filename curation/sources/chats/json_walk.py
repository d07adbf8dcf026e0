"""JSON exports of one chat or of a whole account, walked in one pass without being held.

In: a Window on JSON text, at its beginning or at a chat or a message that was entered from inside. Out: values of the shape of
the whole file, each with a few thousand messages of one chat and what stood before them, and the Piece that they are; ValueError,
its words a reason, where the text ends or breaks, after everything before it. Values that are neither messages nor on the way
to them are held, up to MAX_RECORD_BYTES beside each other.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from curation.source import MAX_RECORD_BYTES
from curation.sources.chats.message import Piece
from curation.sources.jsonrows import Window

MESSAGES = frozenset(["messages", "chunk", "events", "event", "MessageList", "zerver_message"])
FOLDERS = frozenset(["chats", "left_chats", "list", "conversations", "conversation_state"])
ROOMS = frozenset(["rooms", "join", "leave", "timeline"])  # of Matrix: objects; those in the middle hold rooms by their names
MAX_DEPTH = 8
_SCANNER = json.JSONDecoder(strict=False)
Wrap = Callable[[Any], Any]
Way = tuple[str, ...]


class Found(NamedTuple):
    """A value of the shape of the whole file, and which piece of its list of messages it holds."""

    value: Any
    piece: Piece


class Entry(NamedTuple):
    """The outermost list on the way to the first messages, of chats or of messages: where its bracket stands, what an element of
    it, or what they all, stand in; the names that lead to the messages, from a chat or from the beginning."""

    start: int
    wrap: Wrap
    is_account: bool
    way: Way


class Walk:
    """`size`: messages at once. `place` and `before`: of the pieces, see Piece. `has_entered`: a list of messages was met."""

    def __init__(self, window: Window, size: int, place: str = "", before: Callable[[], Iterator[bytes]] | None = None) -> None:
        self._window, self._size, self._place, self._before = window, size, place, before
        self._outer: tuple[int, Wrap] | None = None
        self.entry: Entry | None = None

    @property
    def has_entered(self) -> bool:
        return self.entry is not None

    def whole(self) -> Iterator[Found]:
        """Of a text from its beginning."""
        while mark := self._window.peek():
            if mark == "[":
                yield from self._messages(_itself, ())
            else:
                yield from self._object(_itself, ())

    def messages(self, wrap: Wrap) -> Iterator[Found]:
        """Of a list entered at a message, up to its end or that of the text."""
        yield from self._batches(wrap, is_inside=True)

    def chats(self, wrap: Wrap) -> Iterator[Found]:
        """Of a list entered at a chat; what follows its end is no chat but perhaps another list of them."""
        yield from self._elements(wrap, (), is_inside=True)
        while mark := self._window.peek():
            if mark == "[":
                self._take("[")
                yield from self._elements(wrap, (), is_inside=True)
            elif mark in "{}]:,":
                self._take(mark)
            else:
                self._value()

    def _object(self, wrap: Wrap, way: Way) -> Iterator[Found]:
        head: dict[str, Any] = {}
        size = 0
        for key in self._keys():
            mark, inner = self._window.peek(), _within(wrap, head, key)
            if mark == "[" and key in MESSAGES:
                yield from self._messages(inner, (*way, key))
            elif len(way) < MAX_DEPTH and _leads_on(mark, key, way):
                yield from (self._folder if mark == "[" else self._object)(inner, (*way, key))
            elif mark == "{" and key == "data" and isinstance(head.get("meta"), dict):
                yield from self._named_chats(inner, (*way, key))
            else:
                head[key], length = self._value()
                size += length
                if size > MAX_RECORD_BYTES:
                    raise ValueError("record_too_large")

    def _folder(self, wrap: Wrap, way: Way) -> Iterator[Found]:
        """A list of chats. Of its elements each is told alone in what the list stands in."""
        alone: Wrap = lambda value: wrap([value])  # noqa: E731
        is_outermost = self._outer is None
        if is_outermost:
            self._outer, way = (self._window.num_bytes, alone), ()
        self._take("[")
        yield from self._elements(alone, way, is_inside=False)
        if is_outermost:
            self._outer = None

    def _elements(self, wrap: Wrap, way: Way, *, is_inside: bool) -> Iterator[Found]:
        while (mark := self._window.peek()) != "]":
            if mark == ",":
                self._take(",")
            elif mark == "{":
                yield from self._object(wrap, way)
            elif is_inside and not mark:
                return
            else:
                self._value()
        self._take("]")

    def _named_chats(self, wrap: Wrap, way: Way) -> Iterator[Found]:
        """Chats by their numbers, in which messages stand by theirs, as Discord History Tracker has them."""
        for number in self._keys():
            if self._window.peek() != "{":
                self._value()
                continue
            self.entry = self.entry or Entry(self._window.num_bytes, wrap, False, way)
            inner, found, first = _within(wrap, {}, number), dict[str, Any](), 0
            try:
                for name in self._keys():
                    found[name], _ = self._value()
                    if len(found) == self._size:
                        yield Found(inner(found), Piece(first=first))
                        found, first = {}, first + len(found)
            except ValueError:
                if found:  # what stands before the damage is kept
                    yield Found(inner(found), Piece(first=first))
                raise
            if found:
                yield Found(inner(found), Piece(first=first))

    def _keys(self) -> Iterator[str]:
        """The keys of the object at the front; whoever asks for the next has taken the value."""
        self._take("{")
        while (mark := self._window.peek()) != "}":
            if mark == ",":
                self._take(",")
                continue
            key, _ = self._value()
            self._take(":")
            yield str(key)
        self._take("}")

    def _messages(self, wrap: Wrap, way: Way) -> Iterator[Found]:
        if self.entry is None:
            self.entry = Entry(*self._outer, True, way) if self._outer else Entry(self._window.num_bytes, wrap, False, way)
        self._take("[")
        yield from self._batches(wrap, is_inside=False)

    def _batches(self, wrap: Wrap, *, is_inside: bool) -> Iterator[Found]:
        memory: dict[str, Any] = {}
        first, batch = 0, list[Any]()
        try:
            while (mark := self._window.peek()) != "]" and (mark or not is_inside):
                if mark == ",":
                    self._take(",")
                    continue
                batch.append(self._value()[0])
                if len(batch) == self._size:
                    yield Found(wrap(batch), Piece(self._place, first, memory, self._before))
                    first, batch = first + len(batch), []
        except ValueError:
            if batch:  # what stands before the damage is kept
                yield Found(wrap(batch), Piece(self._place, first, memory, self._before))
            raise
        if mark:
            self._take("]")
        if batch:
            yield Found(wrap(batch), Piece(self._place, first, memory, self._before))

    def _take(self, mark: str) -> None:
        if self._window.peek() != mark:
            raise ValueError("truncated")
        self._window.drop(1)

    def _value(self) -> tuple[Any, int]:
        """(the value, its length in characters)"""
        try:
            value, length = self._window.scan(_SCANNER)
        except (ValueError, RecursionError):
            raise ValueError("truncated") from None
        if length is None:
            raise ValueError("record_too_large")
        self._window.drop(length)
        return value, length


def _leads_on(mark: str, key: str, way: Way) -> bool:
    is_room = mark == "{" and (key in ROOMS or way[-1:] in (("join",), ("leave",)))
    return is_room or (mark in ("[", "{") and key in FOLDERS)


def _itself(value: Any) -> Any:
    return value


def _within(wrap: Wrap, head: dict[str, Any], key: str) -> Wrap:
    return lambda value: wrap({**head, key: value})


def entry(data: bytes) -> Entry | None:
    """Of the first bytes of a file: how a walk comes to its first message; None where they do not hold one whole message."""
    walk = Walk(Window(io.BytesIO(data), "utf-8"), 1)
    try:
        found = next(walk.whole(), None)
    except ValueError:
        return None
    is_there = found is not None and walk.entry is not None and data[walk.entry.start : walk.entry.start + 1] == b"["
    return walk.entry if is_there else None


def leads(way: Way) -> Callable[[bytes], bool | None]:
    """Whether the bytes begin with an object that holds messages at the end of that way; None where more are needed to tell."""

    def test(data: bytes) -> bool | None:
        walk = Walk(Window(io.BytesIO(data), "utf-8"), 1)
        try:
            next(walk.whole(), None)
        except ValueError:
            return walk.entry.way == way if walk.entry else None
        return walk.entry is not None and walk.entry.way == way

    return test
