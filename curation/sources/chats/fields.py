"""Which keys of a message say what, in lists of no particular format; and what they say: its author, why it is no message.

In: the keys of a dict, or the dict with its Fields. Out: Fields; names; a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from curation.sources.chats.message import one_line, text_of

TEXT = ("text", "content", "message", "body", "msg", "raw_text", "value", "utterance", "transcript", "contents", "Contents")
AUTHOR = (
    "author", "sender", "from", "user", "speaker", "sender_name", "from_user", "username", "nick", "nickname", "name",
    "user_name", "display_name", "author_name", "sender_id", "from_id", "user_id", "peer_id", "participant",
)  # fmt: skip
TIME = (
    "date", "timestamp", "created_at", "time", "datetime", "ts", "date_unixtime", "created", "sent_at", "created_utc",
    "starttime", "start_time", "start", "Timestamp",
)  # fmt: skip
PLACE = ("message_id", "id", "msg_id", "_id", "uuid", "ID")
THREAD = ("thread_ts", "thread_id", "topic_id", "thread")
CHANNEL = (
    "channel", "channel_id", "channel_name", "chat_id", "chat", "room", "room_id", "conversation_id", "dialog_id",
    "peer", "parent", "root",
)  # fmt: skip
_BOT = ("isBot", "is_bot", "bot", "bot_id")
_MEDIA = ("attachments", "media", "files", "photo", "video", "document", "sticker", "embeds", "Attachments")


_PARTICULAR = frozenset(  # at least one of them stands in messages of the formats that shapes.py tries before lists of any
    str.split(
        "ts noteTweet tweet full_text id_str dmConversation profile members change_type service_id is_im purpose "
        "origin_server_ts messageType type envelope conversationId fromUser sender_full_name recipient"
    )
)


@lru_cache(maxsize=4096)
def are_plain(keys: tuple[str, ...]) -> bool:
    return _PARTICULAR.isdisjoint(keys) and fits(keys, False)


@lru_cache(maxsize=4096)
def fits(keys: tuple[str, ...], with_author: bool) -> bool:
    present = dict.fromkeys(keys)
    has_author = _key(present, AUTHOR) or (_key(present, TIME) and not with_author) or _is_own(present)
    return bool(_key(present, TEXT) and has_author)


def _is_own(value: Mapping[str, Any]) -> bool:
    """What Discord hands to a person who asks for their data: their own messages, a file a channel."""
    return {"id", "timestamp", "contents", "attachments"} == {key.lower() for key in value}


def _key(value: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((key for key in keys if key in value), "")


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """Which keys of a message say what; the same for all messages with the same keys."""

    text: str
    time: str
    place: str
    thread: str
    authors: tuple[str, ...]
    channels: tuple[str, ...]
    bots: tuple[str, ...]
    media: tuple[str, ...]
    has_kind: bool


@lru_cache(maxsize=4096)
def of_keys(keys: tuple[str, ...]) -> Fields:
    present = dict.fromkeys(keys)
    authors, channels, bots, media = (tuple(key for key in group if key in present) for group in (AUTHOR, CHANNEL, _BOT, _MEDIA))
    text, time, place, thread = (_key(present, group) for group in (TEXT, TIME, PLACE, THREAD))
    return Fields(text, time, place, thread, authors, channels, bots, media, bool({"type", "_", "action"} & set(keys)))


_AUTHOR_PARTS = ("nickname", "display_name", "name", "first_name", "last_name", "username", "id")


def names(value: dict[str, Any], fields: Fields) -> tuple[str, ...]:
    """All names of the author."""
    parts: list[Any] = []
    for key in fields.authors:
        author = value[key]
        parts += map(author.get, _AUTHOR_PARTS) if isinstance(author, dict) else [author]
    return known(parts)


def known(parts: list[Any]) -> tuple[str, ...]:
    """The names among what a message says of its author, then numbers, but never those of channels, which are negative."""
    words: dict[str, None] = {}
    numbers: dict[str, None] = {}
    for part in parts:
        if isinstance(part, str):
            name = one_line(part)
            if name.isdigit():
                numbers[name] = None
            elif name and not name.lstrip("-").isdigit():
                words[name] = None
        elif isinstance(part, int) and not isinstance(part, bool) and part >= 0:
            numbers[str(part)] = None
    return tuple(words | numbers)


_SERVICE = frozenset(str.split("service MessageService system join leave part quit nick mode topic kick"))

_NAMED = frozenset(["reaction", "deleted", "metadata"])


def reason(value: dict[str, Any], fields: Fields, text: str) -> str:
    if fields.bots and any(value[key] is True for key in fields.bots):
        return "bot"
    for key in fields.authors:
        author = value[key]
        if isinstance(author, dict) and any(author.get(name) is True for name in _BOT):
            return "bot"
    if fields.has_kind:
        kind = text_of(value.get("type") or value.get("_"))
        if kind in _NAMED:
            return kind
        if kind in _SERVICE or value.get("action"):
            return "join" if kind in ("join", "leave", "part", "quit") else "service"
    if not text or text.isspace():
        return "media" if any(value[key] for key in fields.media) else "empty"
    return ""
