"""Hangouts in Takeout: Hangouts.json, all conversations of an account, in both of its shapes.

In: the file's value. Out: a Channel a conversation. Calls and renamings are `service`, who is added or leaves `join`, pictures
`media`. Names stand in the conversation's list of people; the number of an account is a name too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curation.sources.chats.message import WHOLE, Channel, Message, Piece, dict_of, list_of, one_line, seconds, text_of

_JOINS = frozenset(["ADD_USER", "REMOVE_USER", "MEMBERSHIP_CHANGE"])


def is_export(value: Any) -> bool:
    return any("events" in found or "event" in found for found in _conversations(value))


def channels(value: Any, piece: Piece = WHOLE) -> Iterator[Channel]:
    for found in _conversations(value):
        about = dict_of(dict_of(found.get("conversation")).get("conversation")) or dict_of(found.get("conversation"))
        number = _number(
            dict_of(found.get("conversation")).get("conversation_id") or found.get("conversation_id") or about.get("id")
        )
        people = {
            _person(dict_of(each).get("id")): one_line(dict_of(each).get("fallback_name"))
            for each in list_of(about.get("participant_data"))
        }
        events = list_of(found.get("events")) or list_of(found.get("event"))
        said = [_message(each, f"{number}.{piece.of(index)}", people) for index, each in enumerate(events)]
        said.sort(key=lambda message: message.time.timestamp() if message.time else 0)
        yield Channel(number or one_line(about.get("name")), said)


def _conversations(value: Any) -> list[dict[str, Any]]:
    """Of `conversations: [{conversation, events}]`, or of `conversation_state: [{conversation_state: {…, event}}]`."""
    rows = list_of(dict_of(value).get("conversations")) or list_of(dict_of(value).get("conversation_state"))
    found = [dict_of(each) for each in rows]
    inner = [{**each, **dict_of(each.get("conversation_state"))} for each in found]
    return [each for each in inner if isinstance(each.get("conversation"), dict)]


def _number(value: Any) -> str:
    return one_line(dict_of(value).get("id")) or one_line(value)


def _person(value: Any) -> str:
    return one_line(dict_of(value).get("gaia_id")) or one_line(dict_of(value).get("chat_id"))


def _message(value: Any, place: str, people: dict[str, str]) -> Message:
    if not isinstance(value, dict):
        return Message(place, "", "", reason="broken_record")
    number = _person(value.get("sender_id"))
    content = dict_of(dict_of(value.get("chat_message")).get("message_content"))
    text = "".join(map(_segment, list_of(content.get("segment"))))
    kind = one_line(value.get("event_type"))
    if kind in _JOINS or "membership_change" in value:
        reason = "join"
    elif "chat_message" not in value:
        reason = "service"
    else:
        reason = "" if text.strip() else "media" if content.get("attachment") else "empty"
    author = people.get(number) or number
    return Message(place, author, text, seconds(value.get("timestamp")), names=(number,) if number else (), reason=reason)


def _segment(value: Any) -> str:
    return "\n" if dict_of(value).get("type") == "LINE_BREAK" else text_of(dict_of(value).get("text"))
