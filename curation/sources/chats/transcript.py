"""Conversations written out as plain text: lines "Name: words"; any other line goes on with the one before it.

In: decoded text. Out: Messages placed by line, authors as the lines name them; a heading before the first name is a message
of nobody. Texts whose names never come back are no transcripts (headers of a letter, a list of terms), nor are logs whose
"names" are levels.
"""

from __future__ import annotations

import re
from collections import Counter

from curation.sources.chats import turn_marks
from curation.sources.chats.message import ROLES, Channel, Message, one_line
from curation.sources.pieces import pieces

_LINE = re.compile(
    r"(?:\*\*|[-–—•][ \t]+|#+[ \t]+)?(?P<name>[^\W_](?:[\w.'’\-]| (?=\S)){0,39}|#\w{1,30}#|<\|?\w{1,20}\|?>)\*{0,2}[ \t]*[:：]"
    r"(?:\*\*)?(?:[ \t]+(?P<text>.*)|[ \t]*)\Z"
)
_LEVELS = frozenset(str.split("debug info notice warn warning error critical fatal trace note todo http https"))
MAX_NAME_WORDS = 4
MAX_WHOLE_CHARS = 1 << 20
MIN_SHARE = 0.2  # of lines with words that open with a name: answers of several paragraphs are common


def is_transcript(text: str) -> bool:
    """Two names at least, each of them more than once, or the roles of a dialogue with an assistant."""
    lines = [line for line in text.splitlines() if line.strip()]
    names = Counter(name for line in lines if (name := _opening(line)[0]))
    if len(names) < 2 or sum(names.values()) < MIN_SHARE * len(lines):
        return False
    return set(map(str.lower, names)) <= ROLES.keys() or 2 * sum(count > 1 for count in names.values()) > len(names)


def messages(text: str, place: str = "L") -> list[Message]:
    """`place` and the number of the line name each message."""
    found: list[Message] = []
    author, start, words = "", 1, list[str]()

    def close() -> None:
        said = "\n".join(words).strip()
        if author or said:
            found.append(Message(f"{place}{start}", author, said, reason="" if said else "empty"))

    for number, line in enumerate(text.splitlines(), 1):
        name, rest = _opening(line)
        if name:
            close()
            author, start, words = name, number, [rest]
        else:
            if not words:
                start = number
            words.append(line)
    close()
    return found


def channel(text: str, key: str, place: str = "") -> Channel:
    """A text that is one conversation: by the marks of a template or its speakers' names, else one message of nobody.

    A longer one than MAX_WHOLE_CHARS goes on in further conversations, so that no document grows with its row.
    """
    if turn_marks.is_marked(text):
        said = [each._replace(place=f"{place}.{each.place}") for part in turn_marks.conversations(text) for each in part]
        return Channel(key, said, is_whole=len(text) <= MAX_WHOLE_CHARS)
    if is_transcript(text):
        return Channel(key, messages(text, f"{place}.L"), is_whole=len(text) <= MAX_WHOLE_CHARS)
    if len(text) <= MAX_WHOLE_CHARS:
        return Channel(key, [Message(place, "", text.strip())], is_whole=True)
    cut = enumerate(pieces([text], MAX_WHOLE_CHARS // 16))
    return Channel(key, [Message(f"{place}.{number}", "", piece) for number, piece in cut])


def _opening(line: str) -> tuple[str, str]:
    """(name, words) of a line that opens with a name."""
    match = _LINE.match(line)
    if match is None:
        return "", line
    name = one_line(match["name"].strip("#<|>"))
    if not name or len(name.split()) > MAX_NAME_WORDS or name.isdigit() or name.lower() in _LEVELS:
        return "", line
    return name, match["text"] or ""
