"""Large or damaged JSON exports of a whole account: objects that hold chats that hold messages, read in one pass.

In: a stream of JSON text. Out: values of the shape of the whole file, each with a few thousand messages of one chat and what
stood before them; ValueError where the text ends or breaks, after everything before it. Values that are neither messages nor
on the way to them are held whole, up to MAX_RECORD_BYTES.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from curation.sources.chats.message import PIECE
from curation.sources.jsonrows import Window

MESSAGES = frozenset(["messages", "chunk", "events", "event", "MessageList"])
FOLDERS = frozenset(["chats", "left_chats", "list", "conversations", "conversation_state"])
MAX_DEPTH = 8
_SCANNER = json.JSONDecoder(strict=False)
Wrap = Callable[[Any], Any]


class TooLarge(ValueError):
    """A value larger than a record may be."""


def values(window: Window, size: int) -> Iterator[Any]:
    """`size`: messages at once."""
    if window.peek() == "{":
        yield from _object(window, size, lambda value: value, 0)


def _object(window: Window, size: int, wrap: Wrap, depth: int) -> Iterator[Any]:
    head: dict[str, Any] = {}
    window.drop(1)
    while (mark := window.peek()) != "}":
        if mark == ",":
            window.drop(1)
            continue
        key = _scanned(window)
        if not isinstance(key, str) or window.peek() != ":":
            raise ValueError("no member of an object")
        window.drop(1)
        mark = window.peek()
        if mark == "[" and key in MESSAGES:
            for number, batch in enumerate(_batches(window, size)):
                yield wrap({**head, key: batch, PIECE: f"{number}." if number else ""})
        elif mark == "{" and key in FOLDERS and depth < MAX_DEPTH:
            yield from _object(window, size, _within(wrap, head, key, is_list=False), depth + 1)
        elif mark == "[" and key in FOLDERS and depth < MAX_DEPTH:
            yield from _list(window, size, _within(wrap, head, key, is_list=True), depth + 1)
        else:
            head[key] = _scanned(window)
    window.drop(1)


def _within(wrap: Wrap, head: dict[str, Any], key: str, *, is_list: bool) -> Wrap:
    return lambda value: wrap({**head, key: [value] if is_list else value})


def _list(window: Window, size: int, wrap: Wrap, depth: int) -> Iterator[Any]:
    window.drop(1)
    while (mark := window.peek()) != "]":
        if mark == ",":
            window.drop(1)
        elif mark == "{":
            yield from _object(window, size, wrap, depth)
        else:
            _scanned(window)
    window.drop(1)


def _batches(window: Window, size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    window.drop(1)
    try:
        while (mark := window.peek()) != "]":
            if mark == ",":
                window.drop(1)
                continue
            batch.append(_scanned(window))
            if len(batch) == size:
                yield batch
                batch = []
        window.drop(1)
    except (ValueError, RecursionError) as error:
        if batch:
            yield batch
        raise ValueError("the list breaks off") from error
    if batch:
        yield batch


def _scanned(window: Window) -> Any:
    value, length = window.scan(_SCANNER)
    if length is None:
        raise TooLarge
    window.drop(length)
    return value
