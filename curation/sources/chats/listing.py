"""Lists of messages in no particular format: dicts that say who, what and when under some usual name.

Covers per-day Discord dumps, Telethon and Pyrogram lists, meeting transcripts, IRC in JSON, and the like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from curation.sources.chats import discord, telegram
from curation.sources.chats.message import Channel, Message, moment, one_line, text_of
from curation.sources.chats.stamps import moments

TEXT = ("text", "content", "message", "body", "msg", "raw_text", "value", "utterance", "transcript", "contents", "Contents")
AUTHOR = ("author", "sender", "from", "user", "speaker", "sender_name", "from_user", "username", "nick", "nickname", "name",
    "user_name",
          "display_name", "author_name", "sender_id", "from_id", "user_id", "peer_id", "participant")  # fmt: skip
TIME = (
    "date",
    "timestamp",
    "created_at",
    "time",
    "datetime",
    "ts",
    "date_unixtime",
    "created",
    "sent_at",
    "created_utc",
    "starttime",
    "start_time",
    "start",
    "Timestamp",
)
PLACE = ("message_id", "id", "msg_id", "_id", "uuid", "ID")
THREAD = ("thread_ts", "thread_id", "topic_id", "thread")
CHANNEL = (
    "channel",
    "channel_id",
    "channel_name",
    "chat_id",
    "chat",
    "room",
    "room_id",
    "conversation_id",
    "dialog_id",
    "peer",
    "parent",
    "root",
)
_BOT = ("isBot", "is_bot", "bot", "bot_id")
_MEDIA = ("attachments", "media", "files", "photo", "video", "document", "sticker", "embeds", "Attachments")


def is_messages(value: Any, *, with_author: bool = False) -> bool:
    """A list whose dicts have a text and an author or a time; rows of a table with a time alone are texts of their own."""
    if not isinstance(value, list) or not value:
        return False
    sample = [each for each in value[:50] if isinstance(each, dict)]
    return 2 * sum(_fits(tuple(each), with_author) for each in sample) > len(value[:50])


@lru_cache(maxsize=4096)
def _fits(keys: tuple[str, ...], with_author: bool) -> bool:
    present = dict.fromkeys(keys)
    has_author = _key(present, AUTHOR) or (_key(present, TIME) and not with_author) or _is_own(present)
    return bool(_key(present, TEXT) and has_author)


def _is_own(value: Mapping[str, Any]) -> bool:
    """What Discord hands to a person who asks for their data: their own messages, a file a channel."""
    return {"id", "timestamp", "contents", "attachments"} == {key.lower() for key in value}


def _key(value: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((key for key in keys if key in value), "")


@dataclass(frozen=True, slots=True)
class _Fields:
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
def _fields(keys: tuple[str, ...]) -> _Fields:
    present = dict.fromkeys(keys)
    authors, channels, bots, media = (tuple(key for key in group if key in present) for group in (AUTHOR, CHANNEL, _BOT, _MEDIA))
    text, time, place, thread = (_key(present, group) for group in (TEXT, TIME, PLACE, THREAD))
    return _Fields(text, time, place, thread, authors, channels, bots, media, bool({"type", "_", "action"} & set(keys)))


def channels(value: list[Any], places: list[str] | None = None) -> list[Channel]:
    """One channel, or several where the messages name theirs. `places`: of messages without a number of their own."""
    found: dict[str, Channel] = {}
    undated: list[tuple[Channel, int, str]] = []
    for index, each in enumerate(value):
        place = places[index] if places else str(index)
        if not isinstance(each, dict):
            found.setdefault("", Channel("", [], spans_files=True)).messages.append(
                Message(place, "", "", reason="broken_record")
            )
            continue
        fields = _fields(tuple(each))
        name = ""
        for key in fields.channels:
            if name := one_line(each[key]):
                break
        channel = found.get(name)
        if channel is None:
            channel = found[name] = Channel(name, [], spans_files=True)
        is_discord = fields.has_kind and discord.is_api_message(each)
        message = discord.message(each, place) if is_discord else _message(each, place, fields)
        if message.time is None and isinstance(stamp := each.get(fields.time), str):
            undated.append((channel, len(channel.messages), stamp))
        channel.messages.append(message)
    times = moments([stamp for _, _, stamp in undated])
    for (channel, index, _), time in zip(undated, times, strict=True):
        channel.messages[index] = channel.messages[index]._replace(time=time)
    for channel in found.values():
        threads = {message.thread for message in channel.messages if message.thread}
        if threads:  # what is answered opens the thread of its answers
            for index, message in enumerate(channel.messages):
                if not message.thread and message.place in threads:
                    channel.messages[index] = message._replace(thread=message.place)
        times = [message.time for message in channel.messages]
        if all(times):
            channel.messages.sort(key=attrgetter("time"))
    return list(found.values())


def _message(value: dict[str, Any], place: str, fields: _Fields) -> Message:
    said = value.get(fields.text)
    text = said if isinstance(said, str) else telegram.flat(said)
    if "<@" in text or "<#" in text or "<:" in text:
        text = discord.readable(text, {})
    names = _names(value, fields)
    return Message(  # by position: 0.6 µs, by name 1.1
        one_line(value.get(fields.place)) or place,
        names[0] if names else "",
        text,
        moment(value.get(fields.time)),
        one_line(value.get(fields.thread)),
        names[1:],
        _reason(value, fields, text),
    )


_AUTHOR_PARTS = ("nickname", "display_name", "name", "first_name", "last_name", "username", "id")


def _names(value: dict[str, Any], fields: _Fields) -> tuple[str, ...]:
    """All names of the author; numbers only where there is no name, and never those of channels, which are negative."""
    if len(fields.authors) == 1 and isinstance(only := value[fields.authors[0]], str) and only.isalpha():
        return (only,)
    words: list[str] = []
    numbers: list[str] = []
    for key in fields.authors:
        author = value[key]
        for part in [author.get(part) for part in _AUTHOR_PARTS] if isinstance(author, dict) else [author]:
            if isinstance(part, str):
                name = one_line(part)
                if name.lstrip("-").isdigit():
                    numbers += [name] if name.isdigit() else []
                elif name:
                    words.append(name)
            elif isinstance(part, int) and not isinstance(part, bool) and part >= 0:
                numbers.append(str(part))
    return tuple(dict.fromkeys([*words, *numbers])) if len(words) + len(numbers) > 1 else tuple(words or numbers)


_SERVICE = frozenset(str.split("service MessageService system join leave part quit nick mode topic kick"))

_NAMED = frozenset(["reaction", "deleted", "metadata"])


def _reason(value: dict[str, Any], fields: _Fields, text: str) -> str:
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
