"""Discord channels saved by DiscordChatExporter as HTML pages (its JSON is read by discord.py, its text by discord_text.py).

In: a page. Out: a Channel. Written by bots: `bot`; notices of the program: `join` or `service`; no words: `media`. Quoted
replies, reactions, embeds and "(edited)" go. The name stands on the first of several messages of one person.
Reference: https://github.com/Tyrrrz/DiscordChatExporter (MessageGroupTemplate), versions 2.5 to 2.44.
"""

from __future__ import annotations

import re

import lxml.html

from curation.sources.chats.markup import Node, all_of, first, has_class, without, words
from curation.sources.chats.message import Channel, Message, one_line
from curation.sources.chats.stamps import moments

JOINS = re.compile(r"joined the server|added .+ to the group|removed .+ from the group|left the group", re.IGNORECASE)
_PAGE = re.compile(r"class=[\"']?chatlog(?:__message|[\"' >])")
_GROUP = "chatlog__message-group"
_MESSAGES = ("chatlog__message-container", "chatlog__message")
_AUTHORS = ("chatlog__author", "chatlog__author-name", "chatlog__system-notification-author")
_STAMPS = ("chatlog__timestamp", "chatlog__short-timestamp", "chatlog__system-notification-timestamp")
_BODIES = ("chatlog__content", "chatlog__markdown", "chatlog__system-notification-content")
_OTHERS = (
    "chatlog__reply", "chatlog__reference", "chatlog__reactions", "chatlog__edited-timestamp", "chatlog__embed",
    "chatlog__attachment", "chatlog__sticker", "chatlog__short-timestamp",
)  # fmt: skip
_FILES = ("chatlog__attachment", "chatlog__embed", "chatlog__sticker")


def is_page(page: str) -> bool:
    return _PAGE.search(page[:2_000_000]) is not None


def channel(page: str) -> Channel:
    root = lxml.html.document_fromstring(page)
    found: list[Message] = []
    stamps: list[str] = []
    for group in all_of(root, _GROUP) or [root]:
        nodes = [each for each in all_of(group, *_MESSAGES) if not _is_inner(each)]
        speaker, stamp = "", ""
        names: tuple[str, ...] = ()
        is_bot = False
        for node in nodes:
            holder = node if first(node, *_AUTHORS) is not None or speaker else group
            for name in (each for each in all_of(holder, *_AUTHORS) if not _is_quoted(each)):
                speaker, is_bot = one_line(words(name)), _is_bot(holder)
                names = tuple(filter(None, (one_line(name.get("title")), one_line(name.get("data-user-id")))))
                break
            stamp = next((_said(each) for each in all_of(holder, *_STAMPS) if not _is_quoted(each)), stamp)
            stamps.append(stamp)
            found.append(_message(node, str(len(found) + 1), speaker, names, is_bot=is_bot))
    times = moments(stamps)
    key = "/".join(words(each) for each in all_of(root, "preamble__entry")[:2])
    said = [
        Message(each.place, each.author, each.text, time, "", each.names, each.reason)
        for each, time in zip(found, times, strict=True)
    ]
    return Channel(key, said)


def _is_inner(node: Node) -> bool:
    """The newer pages have a `chatlog__message` inside every container."""
    return not has_class(node, _MESSAGES[0]) and any(has_class(each, _MESSAGES[0]) for each in node.iterancestors())


def _is_quoted(node: Node) -> bool:
    return any(has_class(each, "chatlog__reply", "chatlog__reference", "chatlog__embed") for each in node.iterancestors())


def _is_bot(node: Node) -> bool:
    tags = all_of(node, "chatlog__author-tag", "chatlog__bot-tag", "chatlog__bot-label")
    return any(not _is_quoted(each) and words(each).upper() in ("BOT", "APP", "SYSTEM") for each in tags)


def _said(node: Node) -> str:
    return one_line(node.get("title")) or words(node)


def _message(node: Node, place: str, author: str, names: tuple[str, ...], *, is_bot: bool) -> Message:
    place = one_line(node.get("data-message-id")) or place
    has_file = first(node, *_FILES) is not None
    notice = first(node, "chatlog__system-notification-content")
    if notice is not None:
        return Message(place, author, "", names=names, reason="join" if JOINS.search(words(notice)) else "service")
    mentions = tuple(one_line(each.get("title")) for each in all_of(node, "chatlog__markdown-mention", "mention"))
    without(node, *_OTHERS)
    body = first(node, *_BODIES)
    text = words(body, keeps_lines=body is not None and bool(all_of(body, "chatlog__markdown-preserve")))
    reason = "bot" if is_bot else "" if text else "media" if has_file else "empty"
    return Message(place, author, text, None, "", (*names, *filter(None, mentions)), reason)
