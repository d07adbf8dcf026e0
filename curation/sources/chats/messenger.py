"""Facebook Messenger and Instagram: message_1.json of a conversation, newest first; and the JSON of encrypted chats.

Meta writes UTF-8 bytes as Latin-1 escapes: text and names are turned back where that is certain.
"""

from __future__ import annotations

import re
from typing import Any

from curation.sources.chats.message import Channel, Message, one_line, seconds, text_of

_MEDIA = ("photos", "videos", "audio_files", "gifs", "sticker", "share", "files", "media", "call_duration")
_REACTION = re.compile(r"^(?:Reacted .{1,20} to (?:your|a) message\.?|Liked a message)\s*$")


def is_export(value: Any) -> bool:
    if (
        not isinstance(value, dict)
        or not isinstance(value.get("messages"), list)
        or not isinstance(value.get("participants"), list)
    ):
        return False
    return any(isinstance(each, dict) and ("sender_name" in each or "senderName" in each) for each in value["messages"][:20])


def channel(value: dict[str, Any]) -> Channel:
    key = one_line(repaired(value.get("thread_path"))) or one_line(repaired(value.get("title") or value.get("threadName")))
    people = tuple(name for each in value["participants"] if isinstance(each, dict | str) and (name := _participant(each)))
    found = [_message(each, index, people) for index, each in enumerate(value["messages"])]
    found.sort(key=lambda message: message.time.timestamp() if message.time else 0)
    return Channel(key, found, spans_files=True)


def _participant(value: dict[str, Any] | str) -> str:
    """Encrypted chats list bare names."""
    return one_line(repaired(value if isinstance(value, str) else value.get("name")))


def _message(value: Any, index: int, people: tuple[str, ...]) -> Message:
    if not isinstance(value, dict):
        return Message(str(index), "", "", names=people, reason="broken_record")
    text = repaired(value.get("content") if "content" in value else value.get("text"))
    return Message(
        place=str(index),
        author=one_line(repaired(value.get("sender_name") or value.get("senderName"))),
        text=text,
        time=seconds(value.get("timestamp_ms") or value.get("timestamp")),
        names=people,
        reason=_reason(value, text),
    )


def _reason(value: dict[str, Any], text: str) -> str:
    if value.get("type") in ("Subscribe", "Unsubscribe"):
        return "join"
    if value.get("is_unsent") or value.get("isUnsent"):
        return "deleted"
    if _REACTION.match(text):
        return "reaction"
    if value.get("call_duration") is not None:
        return "service"
    if not text.strip():
        return "media" if any(value.get(key) for key in _MEDIA) else "empty"
    return ""


def repaired(value: Any) -> str:
    text = text_of(value)
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
