"""Messenger and Instagram chats that Meta hands out as HTML (its JSON is read by messenger.py).

In: a page. Out: a Channel, oldest message first. A message is a box of three: the name, what was said, the date in the words of
the account's language; before 2018 a heading and a paragraph. Reactions go; the box of the participants is `service`.
"""

from __future__ import annotations

import re

import lxml.html

from curation.sources.chats import messenger, spoken_dates
from curation.sources.chats.markup import Node, all_of, words
from curation.sources.chats.message import Channel, Message, one_line

_PAGE = re.compile(
    r"class=\"[^\"]*\b(?:_a6-g|_2lej)\b|class=\"thread\">[^<]*<div class=\"message\">\s*<div class=\"message_header\""
)
_BOXES = ("_a6-g", "_2lej")


def is_page(page: str) -> bool:
    return _PAGE.search(page[:2_000_000]) is not None


def channel(page: str) -> Channel:
    root = lxml.html.document_fromstring(page)
    found = [_boxed(each, str(number)) for number, each in enumerate(all_of(root, *_BOXES))]
    found += [_headed(each, str(number)) for number, each in enumerate(all_of(root, "message"), len(found)) if not found]
    if all(message.time or message.reason for message in found):
        found = found[::-1]
        found.sort(key=lambda message: message.time.timestamp() if message.time else 0)
    title = next(root.iter("title"), None)
    return Channel(words(title), found, spans_files=True)


def _boxed(box: Node, place: str) -> Message:
    parts = [each for each in box if isinstance(each.tag, str)]
    if len(parts) != 3:
        return Message(place, "", "", reason="service")
    return _message(place, words(parts[0]), parts[1], words(parts[2]))


def _headed(node: Node, place: str) -> Message:
    body = node.getnext()
    user, date = (next(iter(all_of(node, kind)), None) for kind in ("user", "meta"))
    return _message(place, words(user), body if body is not None and body.tag == "p" else None, words(date))


def _message(place: str, author: str, body: Node | None, date: str) -> Message:
    has_media = False
    if body is not None:
        for reactions in list(body.iter("ul")):
            reactions.drop_tree()
        has_media = any(True for _ in body.iter("img", "video", "audio"))
        for link in list(body.iter("a")):
            if not words(link) or link.find(".//img") is not None:
                has_media = True
                link.drop_tree()
        for picture in list(body.iter("img", "video", "audio")):
            picture.drop_tree()
    text, name = words(body), one_line(author)
    reason = messenger.reason({}, text, name)
    return Message(place, name, text, spoken_dates.moment(date), reason="media" if reason == "empty" and has_media else reason)
