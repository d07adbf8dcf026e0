"""Matrix: rooms exported by Element as JSON, and what the client-server API answers: lists of events, `/messages`, `/sync`.

Reference: https://spec.matrix.org (m.room.message, m.relates_to). The state beside a timeline gives names, no messages. Edits
replace the text of what they edit; the quoted fallback of replies is taken off; threads are `m.thread` relations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from curation.sources.chats.message import WHOLE, Channel, Message, Piece, dict_of, list_of, one_line, seconds, text_of

_SECTIONS = ("join", "leave")
_FALLBACK = re.compile(r"\A(?:>[^\n]*\n)+\n?")


def events_of(value: Any) -> list[Any] | None:
    """The list of events, wherever this dump keeps it."""
    candidates = (
        [value]
        if isinstance(value, list)
        else [value.get(key) for key in ("messages", "chunk", "events", "timeline")]
        if isinstance(value, dict)
        else []
    )
    for events in candidates:
        if isinstance(events, dict):
            events = events.get("events")
        if isinstance(events, list) and any(_is_event(each) for each in events[:50]):
            return events
    return None


def _is_event(value: Any) -> bool:
    return isinstance(value, dict) and "origin_server_ts" in value and "sender" in value and isinstance(value.get("type"), str)


def channels(value: Any, events: list[Any], piece: Piece = WHOLE) -> Iterator[Channel]:
    """One channel; several where the events name theirs and are of several rooms."""
    rooms = {one_line(each.get("room_id")) for each in events if isinstance(each, dict)}
    if len(rooms) < 2:
        about = value if isinstance(value, dict) else {}
        yield _channel(one_line(about.get("room_id") or about.get("room_name")), events, list_of(about.get("state")), piece)
        return
    found: dict[str, list[Any]] = {}
    for each in events:
        found.setdefault(one_line(dict_of(each).get("room_id")), []).append(each)
    for room, inside in found.items():
        yield _channel(room, inside, [], replace(piece, place=f"{piece.place}{room}/" if room else piece.place))


def is_sync(value: Any) -> bool:
    rooms = dict_of(dict_of(value).get("rooms"))
    return any("timeline" in dict_of(room) for section in _SECTIONS for room in list(dict_of(rooms.get(section)).values())[:20])


def sync(value: dict[str, Any], piece: Piece = WHOLE) -> Iterator[Channel]:
    """A channel a room that the user is in, or left."""
    for section in _SECTIONS:
        for number, room in dict_of(dict_of(value["rooms"]).get(section)).items():
            state = list_of(dict_of(dict_of(room).get("state")).get("events"))
            events = list_of(dict_of(dict_of(room).get("timeline")).get("events"))
            yield _channel(one_line(number), events, state, replace(piece, place=f"{piece.place}{one_line(number)}/"))


def _channel(key: str, events: list[Any], state: list[Any], piece: Piece) -> Channel:
    names = _display_names([*state, *events])
    edits = _edits(events)
    roots = {_thread(each) for each in events if isinstance(each, dict)}
    found = [_message(each, piece.of(index), names, edits, roots) for index, each in enumerate(events)]
    found.sort(key=lambda message: message.time.timestamp() if message.time else 0)
    return Channel(key, found)


def _content(value: dict[str, Any]) -> dict[str, Any]:
    content = value.get("content")
    return content if isinstance(content, dict) else {}


def _relation(value: dict[str, Any]) -> dict[str, Any]:
    relation = _content(value).get("m.relates_to")
    return relation if isinstance(relation, dict) else {}


def _thread(value: dict[str, Any]) -> str:
    relation = _relation(value)
    return one_line(relation.get("event_id")) if relation.get("rel_type") == "m.thread" else ""


def _display_names(events: list[Any]) -> dict[str, str]:
    names: dict[str, str] = {}
    for each in events:
        if isinstance(each, dict) and each.get("type") == "m.room.member":
            name = one_line(_content(each).get("displayname"))
            if name:
                names[one_line(each.get("state_key")) or one_line(each.get("sender"))] = name
    return names


def _edits(events: list[Any]) -> dict[str, str]:
    edits: dict[str, str] = {}
    for each in events:
        if isinstance(each, dict) and _relation(each).get("rel_type") == "m.replace":
            new = _content(each).get("m.new_content")
            if isinstance(new, dict):
                edits[text_of(_relation(each).get("event_id"))] = text_of(new.get("body"))
    return edits


def _message(value: Any, place: str, names: dict[str, str], edits: dict[str, str], roots: set[str]) -> Message:
    if not isinstance(value, dict):
        return Message(place, "", "", reason="broken_record")
    sender = one_line(value.get("sender"))
    author = names.get(sender) or sender
    text = _FALLBACK.sub("", edits.get(text_of(value.get("event_id"))) or text_of(_content(value).get("body")))
    number = one_line(value.get("event_id"))
    handle = sender.partition(":")[0].lstrip("@")
    return Message(
        place=place,
        author=author,
        text=text,
        time=seconds(value.get("origin_server_ts")),
        thread=_thread(value) or (number if number in roots else ""),
        names=tuple(name for name in (sender, handle) if name and name != author),
        reason=_reason(value, text),
    )


def _reason(value: dict[str, Any], text: str) -> str:
    kind = value.get("type")
    if kind == "m.room.member":
        return "join"
    if kind == "m.reaction":
        return "reaction"
    if kind == "m.sticker":
        return "media"
    if kind == "m.room.encrypted":
        return "encrypted"
    if kind != "m.room.message":
        return "service"
    if "redacted_because" in value or (isinstance(value.get("unsigned"), dict) and "redacted_because" in value["unsigned"]):
        return "deleted"
    if _relation(value).get("rel_type") == "m.replace":
        return "edit"
    content = _content(value)
    form = content.get("msgtype")
    if form in ("m.image", "m.file", "m.audio", "m.video") and content.get("filename") not in (None, content.get("body")):
        return "" if text.strip() else "media"  # `body` is a caption where the file has a name of its own
    if form in ("m.image", "m.file", "m.audio", "m.video", "m.location", "m.sticker"):
        return "media"
    if form == "m.notice":
        return "bot"
    return "" if text.strip() else "deleted" if not _content(value) else "empty"
