"""Which parts of a text a model judges: all of a short text, windows from all over a long one.

The first kilobyte of a book is a licence, of a page a menu: windows are spread evenly over the whole length, each
moved to start at a word. Deterministic: the same text gives the same windows.
"""

from __future__ import annotations

import re

from curation.document import ROLE_END, TURN

# Words that tell nothing about the language of the text around them.
_NOISE = re.compile(
    rf"https?://\S+|www\.\S+|\S+@\S+|\{TURN}[^{ROLE_END}]{{0,40}}{ROLE_END}|[{TURN}{ROLE_END}]|[`*_#|=<>{{}}\[\]\\~^]+|\d+"
)
_NAME = re.compile(r"(?m)^[^\s:][^:\n]{0,40}: ")


def windows(text: str, size: int, number: int) -> list[str]:
    """The whole text if it is no longer than size × number characters, else `number` windows of `size` characters."""
    if len(text) <= size * number:
        return [text]
    step = (len(text) - size) / (number - 1)
    found = []
    for index in range(number):
        start = round(index * step)
        space = text.find(" ", start, start + 40)
        start = space + 1 if index and space >= 0 else start
        found.append(text[start : start + size])
    return found


def plain_words(text: str, is_chat: bool = False) -> str:
    """One lower-case line without addresses, digits, markup and (in chat) the names before each message."""
    if is_chat:
        text = _NAME.sub("", text)
    return " ".join(_NOISE.sub(" ", text).lower().split())
