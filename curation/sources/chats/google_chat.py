"""Google Chat in Takeout: Groups/<name>/messages.json, beside group_info.json and user_info.json.

A topic is a thread only where it has more than one message: in direct messages every message is its own topic.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from curation.sources.chats import spoken_dates
from curation.sources.chats.message import WHOLE, Channel, Message, Piece, dict_of, moment, one_line, text_of


def is_export(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("messages"), list):
        return False
    return any(
        isinstance(each, dict) and isinstance(each.get("creator"), dict) and "created_date" in each
        for each in value["messages"][:20]
    )


def is_metadata(value: Any) -> bool:
    return isinstance(value, dict) and ("membership_info" in value or "members" in value) and "messages" not in value


def channel(value: dict[str, Any], piece: Piece = WHOLE) -> Channel:
    found = [_message(each, piece.of(index)) for index, each in enumerate(value["messages"])]
    sizes = Counter(message.thread for message in found)
    return Channel("", [message if sizes[message.thread] > 1 else message._replace(thread="") for message in found])


def _message(value: Any, place: str) -> Message:
    if not isinstance(value, dict):
        return Message(place, "", "", reason="broken_record")
    creator = dict_of(value.get("creator"))
    text = text_of(value.get("text"))
    address = one_line(creator.get("email"))
    date = text_of(value.get("created_date"))  # in the words of the account's language
    return Message(
        place=one_line(value.get("message_id")) or place,
        author=one_line(creator.get("name")) or address,
        text=text,
        time=spoken_dates.moment(date) or moment(date),
        thread=one_line(value.get("topic_id")),
        names=(address,) if address else (),
        reason=_reason(value, creator, text),
    )


def _reason(value: dict[str, Any], creator: dict[str, Any], text: str) -> str:
    if value.get("message_state") == "DELETED" or "deletion_metadata" in value:
        return "deleted"
    if creator.get("user_type") == "Bot":
        return "bot"
    if not text.strip():
        return "media" if value.get("attached_files") or value.get("annotations") else "empty"
    return ""
