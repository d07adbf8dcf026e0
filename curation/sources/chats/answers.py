"""What the interfaces of Matrix and Twitter answer, one a line: events, tweets, or whole answers with a list of events.

In: rows with their places, and the first of them. Out: Channels; None where they are something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from curation.source import Part
from curation.sources.chats import matrix, slack, twitter
from curation.sources.chats.json_pieces import MESSAGES_AT_ONCE, batched
from curation.sources.chats.message import Channel, Message, Piece
from curation.sources.jsonrows import Broken

Rows = Iterator[tuple[str, Any]]


def channels(rows: Rows, sample: list[Any], known: slack.People, part: Part | None) -> Iterator[Channel] | None:
    if any(map(_holds_events, sample)) and all(_holds_events(value) or _is_empty(value) for value in sample):
        return _whole_answers(rows)
    if matrix.events_of(sample) is not None:
        return _in_batches(rows, lambda values, piece: matrix.channels(None, values, piece), part)
    if twitter.is_archive(sample):
        return _in_batches(rows, partial(_tweets, known), part)
    return None


def _tweets(known: slack.People, values: list[Any], piece: Piece) -> Iterator[Channel]:
    return twitter.channels(values, known, piece)


def _in_batches(rows: Rows, read: Callable[[list[Any], Piece], Iterator[Channel]], part: Part | None) -> Iterator[Channel]:
    memory: dict[str, Any] = {}
    place = f"byte {part.start}." if part and part.start else ""
    for number, batch in enumerate(batched(rows, MESSAGES_AT_ONCE)):
        piece = Piece(place, number * MESSAGES_AT_ONCE, memory)
        for channel in read([value for _, value in batch], piece):
            yield replace(channel, goes_on=number > 0)


def _whole_answers(rows: Rows) -> Iterator[Channel]:
    for place, value in rows:
        piece = Piece(f"{place}.")
        events = _events(value)
        if isinstance(value, Broken):
            yield Channel("", [Message(place, "", "", reason=value.reason)])
        elif events is not None:
            yield from (replace(channel, goes_on=True) for channel in matrix.channels(value, events, piece))
        elif matrix.is_sync(value):
            yield from (replace(channel, goes_on=True) for channel in matrix.sync(value, piece))
        elif not _is_empty(value):
            yield Channel("", [Message(place, "", "", reason="broken_record")])


def _holds_events(value: Any) -> bool:
    return matrix.is_sync(value) or _events(value) is not None


def _is_empty(value: Any) -> bool:
    """Nothing happened, or nothing is left."""
    return isinstance(value, dict) and ("next_batch" in value or value.get("chunk") == [])


def _events(value: Any) -> list[Any] | None:
    return matrix.events_of(value) if isinstance(value, dict) else None
