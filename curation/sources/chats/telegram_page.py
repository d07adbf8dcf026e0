"""Telegram chats saved by Telegram Desktop as HTML: messages.html, messages2.html, … (its JSON is read by telegram.py).

In: a page. Out: messages; days and what the program says are `service` or `join`, what bots wrote for people `bot`, pictures,
polls and the like without words `media`. A message that follows one of the same person does not repeat the name.
Reference: https://github.com/telegramdesktop/tdesktop (export_output_html.cpp).
"""

from __future__ import annotations

import re

import lxml.html

from curation.sources.chats.markup import Node, first, has_class, words
from curation.sources.chats.message import Channel, Message, one_line
from curation.sources.chats.stamps import moments

_PAGE = re.compile(r"<div class=\"page_wrap|<div class=\"message (?:default|service)")
_JOIN = re.compile(
    r"\b(?:joined|invited|removed|left|created) (?:the )?(?:group|channel|by)?|converted (?:this|a)|joined Telegram"
)
_SECOND = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4}) (\d\d?:\d\d:\d\d)(?: (?:UTC|GMT)([+-]\d\d:\d\d))?")


def is_page(page: str) -> bool:
    return _PAGE.search(page[:100_000]) is not None and 'class="history"' in page


def channel(page: str) -> Channel:
    root = lxml.html.document_fromstring(page)
    found: list[Message] = []
    stamps: list[str] = []
    author = ""
    for node in root.iter("div"):
        if not has_class(node, "message"):
            continue
        if has_class(node, "service"):
            stamps.append("")
            reason = "join" if _JOIN.search(words(first(node, "body"))) else "service"
            found.append(Message(_place(node, len(found)), "", "", reason=reason))
            continue
        body = next((each for each in node if has_class(each, "body") and not has_class(each, "forwarded")), node)
        name = _name(body)
        author = name if name and not has_class(node, "joined") else author
        stamps.append(_stamp(body))
        found.append(_message(node, body, author, _place(node, len(found))))
    times = moments(stamps)
    said = [
        Message(each.place, each.author, each.text, time, "", each.names, each.reason)
        for each, time in zip(found, times, strict=True)
    ]
    return Channel("", said, spans_files=True)


def _place(node: Node, index: int) -> str:
    return one_line(node.get("id")).removeprefix("message") or str(index)


def _stamp(body: Node) -> str:
    date = next((each for each in body if has_class(each, "date")), None)
    found = _SECOND.match(one_line(date.get("title"))) if date is not None else None
    return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}T{found[4]}{found[5] or ''}" if found else ""


def _name(body: Node) -> str:
    holder = next((each for each in body if has_class(each, "from_name")), None)
    return one_line(words(holder)) if holder is not None else ""


def _message(node: Node, body: Node, author: str, place: str) -> Message:
    name, via, bot = author.partition(" via @")
    text = "\n".join(part for each in body.iterdescendants("div") if has_class(each, "text") and (part := words(each)))
    forwarded = first(body, "forwarded")
    other = _name(forwarded).partition(" via @")[0] if forwarded is not None else ""
    names = tuple(each for each in (bot, other) if each)
    if via:
        return Message(place, name, text, names=names, reason="bot")
    has_media = first(body, "media_wrap") is not None
    return Message(place, name, text, names=names, reason="" if text else "media" if has_media else "empty")
