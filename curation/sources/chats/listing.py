"""Lists of messages in no particular format: dicts that say who, what and when under some usual name.

Covers per-day Discord dumps, Telethon and Pyrogram lists, meeting transcripts, IRC in JSON, and the like.
"""

from __future__ import annotations

import itertools
from operator import attrgetter, le
from typing import Any

from curation.sources.chats import columns, discord, fields
from curation.sources.chats.fields import Fields
from curation.sources.chats.message import Channel, Message, Piece
from curation.sources.chats.stamps import SHORTEST, moments

_BROKEN = Message("", "", "", reason="broken_record")
_time, _thread = attrgetter("time"), attrgetter("thread")


def is_messages(value: Any, *, with_author: bool = False) -> bool:
    """A list whose dicts have a text and an author or a time; rows of a table with a time alone are texts of their own."""
    if not isinstance(value, list) or not value:
        return False
    sample = [each for each in value[:50] if isinstance(each, dict)]
    return 2 * sum(fields.fits(tuple(each), with_author) for each in sample) > len(value[:50])


def plain_channels(value: list[Any], piece: Piece) -> list[Channel] | None:
    """None unless every row has the keys of a message, and none a key that hints at a format of its own."""
    if set(map(type, value)) != {dict}:
        return None
    kinds = set(map(tuple, value))
    if not all(map(fields.are_plain, kinds)):
        return None
    places = piece.places(len(value))
    is_one = len(kinds) == 1
    return _channels(value, *(_table(value, places, fields.of_keys(kinds.pop())) if is_one else _tables(value, places)))


def channels(value: list[Any], places: list[str] | None = None) -> list[Channel]:
    """One channel, or several where the messages name theirs. `places`: of messages without a number of their own."""
    return _channels(value, *_tables(value, places or list(map(str, range(len(value))))))


def _channels(value: list[Any], names: list[str], messages: list[Message]) -> list[Channel]:
    """`names`: of the channel of each."""
    times = list(map(_time, messages))
    is_dated = all(times)
    if not is_dated:
        _date(value, messages)
    found: dict[str, list[Message]] = {}
    for name, message in zip(names, messages, strict=True):
        found.setdefault(name, []).append(message)
    if any(map(_thread, messages)):
        for inside in found.values():
            _join_threads(inside)
    if not is_dated or not all(map(le, times, itertools.islice(times, 1, None))):
        for inside in found.values():
            if all(map(_time, inside)):
                inside.sort(key=_time)
    return [Channel(name, inside, spans_files=True) for name, inside in found.items()]


def _tables(value: list[Any], places: list[str]) -> tuple[list[str], list[Message]]:
    """The name of its channel and the Message of each."""
    tables: dict[Fields | None, list[int]] = {}
    for index, each in enumerate(value):
        tables.setdefault(fields.of_keys(tuple(each)) if isinstance(each, dict) else None, []).append(index)
    if len(tables) == 1:
        return _table(value, places, next(iter(tables)))
    names, messages = [""] * len(value), [_BROKEN] * len(value)
    for keys, numbers in tables.items():
        found = _table([value[number] for number in numbers], [places[number] for number in numbers], keys)
        for number, name, message in zip(numbers, *found, strict=True):
            names[number], messages[number] = name, message
    return names, messages


def _table(rows: list[Any], places: list[str], keys: Fields | None) -> tuple[list[str], list[Message]]:
    """Of rows with the same keys; None: of what is no dict."""
    if keys is None:
        return [""] * len(rows), [_BROKEN._replace(place=place) for place in places]
    messages = columns.messages(rows, places, keys)
    if keys.has_kind:
        messages = [
            discord.message(row, place) if discord.is_api_message(row) else message
            for row, place, message in zip(rows, places, messages, strict=True)
        ]
    return columns.channel_names(rows, keys), messages


def _date(value: list[Any], messages: list[Message]) -> None:
    """Stamps that none explains alone are read the same way for all."""
    stamps = [each.get(fields.of_keys(tuple(each)).time) if isinstance(each, dict) else None for each in value]
    undated = [
        (index, stamp)
        for index, (stamp, message) in enumerate(zip(stamps, messages, strict=True))
        if message.time is None and isinstance(stamp, str) and len(stamp) >= SHORTEST
    ]
    for (index, _), time in zip(undated, moments([stamp for _, stamp in undated]), strict=True):
        messages[index] = messages[index]._replace(time=time)


def _join_threads(messages: list[Message]) -> None:
    """What is answered opens the thread of its answers."""
    threads = set(map(_thread, messages))
    for index, message in enumerate(messages):
        if not message.thread and message.place in threads:
            messages[index] = message._replace(thread=message.place)
