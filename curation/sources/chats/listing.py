"""Lists of messages in no particular format: dicts that say who, what and when under some usual name.

Covers per-day Discord dumps, Telethon and Pyrogram lists, meeting transcripts, IRC in JSON, and the like.
"""

from __future__ import annotations

from typing import Any

from curation.sources.chats import telegram
from curation.sources.chats.message import Channel, Message, moment, one_line, text_of

TEXT = ("text", "content", "message", "body", "msg", "raw_text", "value", "utterance", "transcript")
AUTHOR = ("author", "sender", "from", "user", "speaker", "sender_name", "from_user", "username", "nick", "nickname", "name", "user_name",
          "display_name", "author_name", "sender_id", "from_id", "user_id", "peer_id", "participant")  # fmt: skip
TIME = ("date", "timestamp", "created_at", "time", "datetime", "ts", "date_unixtime", "created", "sent_at", "created_utc", "starttime", "start_time", "start")
PLACE = ("message_id", "id", "msg_id", "_id", "uuid")
THREAD = ("thread_ts", "thread_id", "topic_id", "thread")
CHANNEL = ("channel", "channel_id", "channel_name", "chat_id", "chat", "room", "room_id", "conversation_id", "dialog_id", "peer", "parent")
_BOT = ("isBot", "is_bot", "bot", "bot_id")
_MEDIA = ("attachments", "media", "files", "photo", "video", "document", "sticker", "embeds")


def is_messages(value: Any) -> bool:
    """A list whose dicts have a text and an author or a time."""
    if not isinstance(value, list) or not value:
        return False
    sample = [each for each in value[:50] if isinstance(each, dict)]
    fitting = [each for each in sample if _key(each, TEXT) and (_key(each, AUTHOR) or _key(each, TIME))]
    return 2 * len(fitting) > len(value[:50])


def _key(value: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((key for key in keys if key in value), "")


def channels(value: list[Any]) -> list[Channel]:
    """One channel, or several where the messages name theirs."""
    found: dict[str, Channel] = {}
    for index, each in enumerate(value):
        name = ""
        if isinstance(each, dict):
            name = next((one_line(each[key]) for key in CHANNEL if one_line(each.get(key))), "")
        found.setdefault(name, Channel(name, [], spans_files=True)).messages.append(_message(each, index))
    for channel in found.values():
        if all(message.time for message in channel.messages):
            channel.messages.sort(key=lambda message: message.time.timestamp() if message.time else 0)
    return list(found.values())


def _message(value: Any, index: int) -> Message:
    if not isinstance(value, dict):
        return Message(str(index), "", "", reason="broken_record")
    text = telegram.flat(value.get(_key(value, TEXT)))
    names = _names(value)
    return Message(
        place=one_line(value.get(_key(value, PLACE))) or str(index),
        author=names[0] if names else "",
        text=text,
        time=moment(value.get(_key(value, TIME))),
        thread=one_line(value.get(_key(value, THREAD))),
        names=names[1:],
        reason=_reason(value, text),
    )


def _names(value: dict[str, Any]) -> tuple[str, ...]:
    """All names of the author; numbers only where there is no name, and never those of channels, which are negative."""
    words: list[str] = []
    numbers: list[str] = []
    for key in AUTHOR:
        author = value.get(key)
        parts = [author.get(part) for part in ("nickname", "display_name", "name", "first_name", "last_name", "username", "id")] if isinstance(author, dict) else [author]
        for part in parts:
            if isinstance(part, str) and part.strip() and not part.strip().lstrip("-").isdigit():
                words.append(one_line(part))
            elif isinstance(part, int | str) and not isinstance(part, bool) and str(part).strip().isdigit():
                numbers.append(str(part).strip())
    return tuple(dict.fromkeys([*words, *numbers]))


def _reason(value: dict[str, Any], text: str) -> str:
    author = next((value[key] for key in AUTHOR if isinstance(value.get(key), dict)), {})
    if any(value.get(key) is True for key in _BOT) or any(author.get(key) is True for key in _BOT):
        return "bot"
    kind = text_of(value.get("type") or value.get("_"))
    if kind in ("service", "MessageService", "system", "join", "leave", "part", "quit", "nick", "mode", "topic", "kick") or value.get("action"):
        return "join" if kind in ("join", "leave", "part", "quit") else "service"
    if not text.strip():
        return "media" if any(value.get(key) for key in _MEDIA) else "empty"
    return ""
