"""Matrix: rooms exported by Element as JSON, and event lists of the client-server API.

Reference: https://spec.matrix.org (m.room.message, m.relates_to). Edits replace the text of what they edit; the quoted
fallback of replies is taken off; threads are `m.thread` relations.
"""

from __future__ import annotations

import re
from typing import Any

from curation.sources.chats.message import WHOLE, Channel, Message, Piece, one_line, seconds, text_of

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


def channel(value: Any, events: list[Any], piece: Piece = WHOLE) -> Channel:
    names = _display_names(events)
    edits = _edits(events)
    roots = {_thread(each) for each in events if isinstance(each, dict)}
    found = [_message(each, piece.of(index), names, edits, roots) for index, each in enumerate(events)]
    found.sort(key=lambda message: message.time.timestamp() if message.time else 0)
    key = one_line(value.get("room_id") or value.get("room_name")) if isinstance(value, dict) else ""
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
