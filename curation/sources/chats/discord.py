"""Discord: JSON by DiscordChatExporter (a channel a file).

Reference: https://github.com/Tyrrrz/DiscordChatExporter (JsonMessageWriter). Other shapes of Discord dumps are plain
lists of messages and read by listing.py.
"""

from __future__ import annotations

import re
from typing import Any

from curation.sources.chats.message import WHOLE, Channel, Message, Piece, dict_of, list_of, moment, one_line, text_of

_TALK = frozenset({"Default", "Reply", "ThreadStarterMessage", "0", "19", "21", "default", "reply", ""})
_JOINS = frozenset({"GuildMemberJoin", "RecipientAdd", "RecipientRemove", "UserJoin", "7", "1", "2"})
_MARK = re.compile(r"<(?:(@[!&]?|#)(\d+)|a?(:\w+:)\d+|t:\d+(?::\w)?)>")


def is_export(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("messages"), list)
        and isinstance(value.get("channel"), dict)
        and "guild" in value
    )


def is_metadata(value: Any) -> bool:
    """What lies beside the messages that Discord hands out: a channel, the index of them."""
    if not isinstance(value, dict) or not value:
        return False
    is_index = all(re.fullmatch(r"c?\d+", key) and isinstance(name, str | None) for key, name in value.items())
    return is_index or ({"id", "type"} <= value.keys() and not value.keys() & {"messages", "text", "content"} and len(value) < 12)


def channel(value: dict[str, Any], piece: Piece = WHOLE) -> Channel:
    about = value["channel"]
    guild = value["guild"] if isinstance(value.get("guild"), dict) else {}
    parts = [one_line(guild.get("name")), one_line(about.get("category")), one_line(about.get("name"))]
    found = [message(each, piece.of(index)) for index, each in enumerate(value["messages"])]
    return Channel("/".join(part for part in parts if part), found)


def is_api_message(value: dict[str, Any]) -> bool:
    """A message as Discord's own interface sends it, which other downloaders keep in lists."""
    return (
        isinstance(value.get("author"), dict)
        and "content" in value
        and isinstance(value.get("type"), int)
        and "channel_id" in value
    )


def message(value: Any, place: str) -> Message:
    if not isinstance(value, dict):
        return Message(place, "", "", reason="broken_record")
    author = dict_of(value.get("author"))
    mentions = [each for each in list_of(value.get("mentions")) if isinstance(each, dict)]
    names = _names(author)
    forwarded = [
        dict_of(value.get("forwardedMessage")),
        *(dict_of(dict_of(e).get("message")) for e in list_of(value.get("message_snapshots"))),
    ]
    raw = "\n".join(part for each in (value, *forwarded) if (part := text_of(each.get("content")).strip()))
    text = readable(raw, {str(each.get("id")): (_names(each) or ("",))[0] for each in mentions})
    return Message(
        place=one_line(value.get("id")) or place,
        author=names[0] if names else "",
        text=text,
        time=moment(value.get("timestamp")),
        names=(*names[1:], *(name for each in mentions for name in _names(each))),
        reason=_reason(value, author, text),
    )


def _names(author: dict[str, Any]) -> tuple[str, ...]:
    raw = (
        author.get("nickname"),
        author.get("globalName"),
        author.get("global_name"),
        author.get("displayName"),
        author.get("name"),
        author.get("username"),
    )
    return tuple(dict.fromkeys(name for name in map(one_line, raw) if name))


def _reason(value: dict[str, Any], author: dict[str, Any], text: str) -> str:
    kind = one_line(value.get("type"))
    if kind in _JOINS:
        return "join"
    if kind not in _TALK:
        return "service"
    if author.get("isBot") or author.get("bot"):
        return "bot"
    if not text.strip():
        return "media" if value.get("attachments") or value.get("embeds") or value.get("stickers") else "empty"
    return ""


def readable(text: str, names: dict[str, str]) -> str:
    """Mentions as @name, emoji by their word, time marks dropped."""

    def replace(match: re.Match[str]) -> str:
        if match[1]:
            return ("#" if match[1] == "#" else "@") + (names.get(match[2]) or ("channel" if match[1] == "#" else "user"))
        return match[3] or ""

    return _MARK.sub(replace, text) if "<" in text else text
