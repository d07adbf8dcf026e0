"""Discord channels saved by DiscordChatExporter as plain text: a heading, stamps `[3/1/2021 10:01 AM] ada`, words below.

In: text, or a segment of it. Out: messages; blocks `{Attachments}`, `{Embed}`, `{Reactions}`, `{Stickers}` are no words (`media`
where nothing else stands), notices of Discord are `join` or `service`. The text does not say who is a bot.
"""

from __future__ import annotations

import re

from curation.sources.chats.discord_page import JOINS
from curation.sources.chats.message import Message, one_line
from curation.sources.chats.stamps import moments

_RULE = "=" * 20
_HEAD = re.compile(r"\ufeff?={20,}\r?\n(?:Guild|Server): [^\n]*\n(?:[^\n]*\n)*?Channel: ")
_START = re.compile(
    r"^\[(?P<stamp>[^\[\]\n]{4,40}\d:\d\d[^\[\]\n]{0,12})\][ \t]+(?P<name>[^\n]{1,100}?)(?: \(pinned\))?[ \t]*$", re.MULTILINE
)
_BLOCK = re.compile(r"^\{(?:Attachments|Embed|Reactions|Stickers?|Forwarded Message)\}[ \t]*$", re.MULTILINE)
_NOTICE = re.compile(
    r"(?:Pinned a message|Created a thread|Changed the channel (?:name|icon).*|Started a call.*|Missed a call.*|"
    r"Joined the server|(?:Added|Removed) .+ (?:to|from) the group|Left the group|Boosted the server.*)\.?"
)


def is_chat(text: str) -> bool:
    return _HEAD.match(text) is not None


def is_stamped(text: str) -> bool:
    return _START.search(text) is not None


def messages(text: str) -> list[Message]:
    text = text.replace("\r\n", "\n")
    starts = [each for each in _START.finditer(text) if text[: each.start()][-2:] in ("\n\n", "\n", "")]
    times = moments([each["stamp"] for each in starts])
    found = []
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        body, has_block = _body(text[start.end() : end])
        reason = "" if body else "media" if has_block else "empty"
        if _NOTICE.fullmatch(body):
            body, reason = "", "join" if JOINS.search(body) else "service"
        found.append(Message(str(number + 1), one_line(start["name"]), body, times[number], reason=reason))
    return found


def continuation(text: str) -> str:
    """What stands before the first stamp of a segment: the end of a message that began before it."""
    start = _START.search(text)
    return _body(text[: start.start() if start else None])[0]


def _body(text: str) -> tuple[str, bool]:
    """(the words, whether a block without words follows them); the foot of the file goes."""
    foot = text.find(f"\n{_RULE}")
    block = _BLOCK.search(text, 0, len(text) if foot < 0 else foot)
    return text[: block.start() if block else None if foot < 0 else foot].strip(), block is not None
