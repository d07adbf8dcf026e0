"""How far a match of a regex can reach, read off its syntax tree.

The automaton says where a match may end. To find the match itself, the regex need only run where it can have begun:
`max_width` characters before the end, or, for a pattern that never consumes white space (an address, a URL), between
the white space around it. A pattern of neither kind runs on the whole text.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from typing import Any

MAX_WIDTH = 400
MAX_LOOKAHEAD = 100
WHITE_SPACE = [chr(code) for code in range(0x3001) if chr(code).isspace()]


# Syntax of the `regex` module that other engines read as something else, without an error: fuzzy matching, named lists,
# \\K \\m \\M \\X \\G, branch reset, recursion, its own flags.
FOREIGN = re.compile(r"\{(?!\d*,?\d*\})|\\[KLmMXGRN]|\(\?(?:\||&|R|P>|\d|\((?:DEFINE))|\(\?[a-zA-Z]*[bepVrfw][a-zA-Z01]*[:)-]")
CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
POSIX = re.compile(r"\[:\^?\w+:\]")


def is_foreign(regex: str) -> bool:
    """May this pattern mean something to the `regex` module that the automaton would miss?"""
    plain = CLASS.sub("", regex.replace("\\\\", "").replace("\\{", ""))
    return FOREIGN.search(plain) is not None or POSIX.search(regex) is not None


@dataclass(frozen=True, slots=True)
class Extent:
    """`max_width` in characters, None = unbounded; `lookahead`: characters after a match that decide about it."""

    max_width: int | None
    is_spaceless: bool
    lookahead: int

    @property
    def is_local(self) -> bool:
        return self.lookahead <= MAX_LOOKAHEAD and (self.max_width is not None or self.is_spaceless)


WHOLE_TEXT = Extent(None, False, 0)


def extent_of(regex: str, flags: int) -> Extent:
    """The extent of a pattern; WHOLE_TEXT where it is none that the standard library can parse."""
    if is_foreign(regex):
        return WHOLE_TEXT
    # The `regex` module has no syntax tree to offer; what only it understands raises here and stays ungated.
    parser: Any = importlib.import_module("re._parser")
    try:
        tree = parser.parse(regex, flags & (re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE))
    except re.error:
        return WHOLE_TEXT
    width = tree.getwidth()[1]
    return Extent(width if width <= MAX_WIDTH else None, not _takes_space(tree), 1 + _lookahead(tree))


def _children(name: str, argument: Any) -> list[Any]:
    match name:
        case "BRANCH":
            return list(argument[1])
        case "SUBPATTERN":
            return [argument[3]]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return [argument[2]]
        case "ATOMIC_GROUP":
            return [argument]
        case "GROUPREF_EXISTS":
            return [branch for branch in argument[1:] if branch is not None]
    return []


def _takes_space(tree: Any) -> bool:
    for operation, argument in tree:
        name = str(operation)
        if name == "LITERAL":
            if chr(argument).isspace():
                return True
        elif name == "IN":
            if any(_contains(argument, char) for char in WHITE_SPACE):
                return True
        elif name in ("AT", "ASSERT", "ASSERT_NOT", "GROUPREF"):
            continue  # consumes nothing, or what a group has consumed
        else:
            children = _children(name, argument)
            if not children or any(_takes_space(child) for child in children):
                return True  # also ANY, NOT_LITERAL and whatever is unknown
    return False


def _contains(items: Any, char: str) -> bool:
    inside = False
    is_negated = False
    for operation, argument in items:
        match str(operation):
            case "NEGATE":
                is_negated = True
            case "LITERAL":
                inside |= argument == ord(char)
            case "RANGE":
                inside |= argument[0] <= ord(char) <= argument[1]
            case "CATEGORY":
                inside |= str(argument) in ("CATEGORY_SPACE", "CATEGORY_NOT_DIGIT", "CATEGORY_NOT_WORD")
            case _:
                return True
    return inside != is_negated


def _lookahead(tree: Any) -> int:
    farthest = 0
    for operation, argument in tree:
        name = str(operation)
        if name in ("ASSERT", "ASSERT_NOT"):
            direction, inner = argument
            if direction > 0:
                farthest = max(farthest, min(int(inner.getwidth()[1]), 1 << 20) + _lookahead(inner))
        for child in _children(name, argument):
            farthest = max(farthest, _lookahead(child))
    return farthest
