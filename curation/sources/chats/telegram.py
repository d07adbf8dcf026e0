"""Telegram Desktop exports: result.json of one chat, or of the whole account.

Reference: https://core.telegram.org/import-export. Lists written by API clients (Telethon, Pyrogram) are plain lists
of messages and read by listing.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curation.sources.chats.message import WHOLE, Channel, Message, Piece, dict_of, list_of, moment, one_line, seconds, text_of
from curation.sources.chats.telegram_topics import Topics

_JOINS = frozenset(
    str.split(
        "invite_members remove_members join_group_by_link join_group_by_request create_group create_channel "
        "migrate_to_supergroup migrate_from_group invite_to_group_call joined_telegram"
    )
)
_MEDIA = ("photo", "file", "media_type", "sticker_emoji", "location_information", "contact_information", "poll", "game_title")


def is_export(value: Any) -> bool:
    return isinstance(value, dict) and (
        _is_chat(value) or any(isinstance(dict_of(value.get(key)).get("list"), list) for key in ("chats", "left_chats"))
    )


def _is_chat(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("messages"), list) or "type" not in value:
        return False
    if not value["messages"]:
        return "id" in value
    return any(
        isinstance(each, dict) and each.get("type") in ("message", "service") and "date" in each
        for each in value["messages"][:20]
    )


def channels(value: dict[str, Any], piece: Piece = WHOLE) -> Iterator[Channel]:
    """Groups of an account count their messages anew: the place of one is told with its chat."""
    if isinstance(value.get("messages"), list):
        yield from _chat(value, "", piece)
        return
    for key in ("chats", "left_chats"):
        part = value.get(key)
        for chat in list_of(dict_of(part).get("list")):
            if isinstance(chat, dict) and isinstance(chat.get("messages"), list):
                yield from _chat(chat, f"{one_line(chat.get('id')) or one_line(chat.get('name'))}/", piece)


def _chat(value: dict[str, Any], prefix: str, piece: Piece) -> Iterator[Channel]:
    """A chat, or a channel a topic of a forum. `prefix` stands before the messages' places."""
    is_broadcast = "channel" in text_of(value.get("type"))
    bot = f"user{one_line(value.get('id'))}" if value.get("type") == "bot_chat" else ""
    key = one_line(value.get("id")) or one_line(value.get("name"))
    memory = {} if piece.memory is None else piece.memory
    if "topics" not in memory:
        memory["topics"] = Topics(piece.before() if piece.before and "supergroup" in text_of(value.get("type")) else ())
    topics: Topics = memory["topics"]
    found: dict[str, list[Message]] = {"": []}
    for index, each in enumerate(value["messages"]):
        topic = topics.of(each) if isinstance(each, dict) else ""
        found.setdefault(topic, []).append(_message(each, piece.of(index), is_broadcast, bot, prefix))
    for topic, messages in found.items():
        if messages or not topics:
            yield Channel(f"{key}/{topic}" if topic else key, messages)


def _message(value: Any, place: str, is_broadcast: bool, bot: str, prefix: str) -> Message:
    if not isinstance(value, dict):
        return Message(f"{prefix}{place}", "", "", reason="broken_record")
    text = flat(value.get("text")) or _poll(dict_of(value.get("poll")))
    number = one_line(value.get("from_id"))
    author = one_line(value.get("from")) or number or one_line(value.get("actor"))
    mentioned = [
        one_line(each.get("text"))
        for each in list_of(value.get("text_entities"))
        if isinstance(each, dict) and "mention" in text_of(each.get("type"))
    ]
    others = [one_line(value.get("forwarded_from")), one_line(value.get("actor")), *(mentioned)]
    return Message(
        place=prefix + (one_line(value.get("id")) or place),
        author="" if is_broadcast else author,
        text=text,
        time=seconds(value.get("date_unixtime")) or moment(value.get("date")),
        names=tuple(name for name in (author, number, *others) if name),
        reason=_reason(value, text) or ("bot" if bot and number == bot else ""),
    )


def _poll(value: dict[str, Any]) -> str:
    """The question and the answers to choose from, without who voted."""
    answers = [flat(dict_of(each).get("text")) for each in list_of(value.get("answers"))]
    return "\n".join([flat(value.get("question")), *(f"- {answer}" for answer in answers if answer)]).strip()


def _reason(value: dict[str, Any], text: str) -> str:
    if value.get("type") != "message":
        return "join" if value.get("action") in _JOINS else "service"
    if value.get("via_bot"):
        return "bot"
    if not text.strip():
        return "media" if any(value.get(key) for key in _MEDIA) else "empty"
    return ""


def flat(text: Any) -> str:
    """Text is a string, or a list of strings and entities with a text of their own."""
    if isinstance(text, list):
        return "".join(
            part if isinstance(part, str) else text_of(part.get("text")) if isinstance(part, dict) else "" for part in text
        )
    return text_of(text)
