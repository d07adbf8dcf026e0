"""People after whom a file or a channel is named: "dm-ada", a log of talks with one of them. Scrubbing must know them."""

from __future__ import annotations

import re
from operator import attrgetter

from curation.sources.chats import slack
from curation.sources.chats.message import Message

_author = attrgetter("author")


def owners(origin: str, known: slack.People) -> tuple[str, ...]:
    """Names of the people whose handle or name stands in the name of a channel."""
    found: dict[str, None] = {}
    for names in known.values():
        if any(_stands_in(name, origin) for name in names):
            found |= dict.fromkeys(name for name in names if name != slack.BOT)
    return tuple(found)


def authors_in(origin: str, messages: list[Message]) -> tuple[str, ...]:
    """Authors after whom the file is named, such as a log of talks with one of them."""
    authors = dict.fromkeys(map(_author, messages))
    if origin.isascii():
        lowered = origin.lower()
        return tuple([name for name in authors if (not name.isascii() or name.lower() in lowered) and _stands_in(name, origin)])
    return tuple([name for name in authors if _stands_in(name, origin)])


def _stands_in(name: str, origin: str) -> bool:
    if len(name) < 3 or (name.isascii() and origin.isascii() and name.lower() not in origin.lower()):
        return False  # nearly always: compiling an expression for every author took a fifth of the time of reading mail
    return bool(re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", origin, re.IGNORECASE))
