"""A pattern of the `regex` module as an ASCII pattern that matches the bytes of `alphabet` wherever it matches the text.

In: a regular expression and its flags. Out: an expression for hyperscan without UTF8 and UCP; None where there is none
worth having (a Russian word: all words of Russian are the same bytes; syntax that `re` does not know; conditionals).

Why nothing is missed: each set of characters becomes the set of all bytes that stand for one of its members, so what the
pattern consumes in the text it consumes in the bytes. Anchors and `\\b` mean the same in both (see `alphabet`). Lookarounds
are left out, possessive repeats become plain ones, long bounded repeats unbounded ones, and a back-reference repeats the
set that its group is: all of which only adds matches.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np

from curation.pii.alphabet import classes
from curation.pii.extent import is_foreign

KNOWN_FLAGS = int(re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE | re.UNICODE)
MAX_COUNTED = 20  # repeats that are kept: `\d{8,17}` as `\d+` would fire at every number
MAX_LEAST = 8
ANCHORS = {
    "AT_BEGINNING": "^",
    "AT_BEGINNING_STRING": r"\A",
    "AT_BOUNDARY": r"\b",
    "AT_NON_BOUNDARY": r"\B",
    "AT_END": "$",
    "AT_END_STRING": r"\z",
}
ASCII = frozenset(range(0x80))
BEYOND = frozenset(b"_ksi0 \x80")  # what characters beyond ASCII stand for
# All bytes of a category, and what characters beyond ASCII that it holds stand for.
CATEGORIES = {
    "CATEGORY_DIGIT": (r"\d", b"0"),
    "CATEGORY_SPACE": (r"\s", b" "),
    "CATEGORY_WORD": (r"\w", b"_ksi0"),
}


WORDS = b", ".join(b" ".join(b"_" * (size * step % 13 + 1) for size in range(13)) for step in range(1, 13)) + b".\n"


class _NoProjectionError(Exception):
    """This pattern stays as it is."""


def projected(regex: str, flags: int, any_end: bool = False) -> tuple[str, int] | None:
    """(expression, flags of `re`) over the bytes of `alphabet.narrow`.

    `any_end`: a place inside the match will do for its end, so what may be missing at the end is left out. The rest of
    a URL after its host made nine tenths of all reports on chat.
    """
    if is_foreign(regex) or flags & ~KNOWN_FLAGS:
        return None
    parser: Any = importlib.import_module("re._parser")
    try:
        tree = parser.parse(regex, flags & ~int(re.UNICODE))
        made = _Projection(bool(tree.state.flags & re.IGNORECASE))
        expression = made.sequence(_shortest(tree) if any_end else tree)
    except (re.error, _NoProjectionError):
        return None
    kept = int(tree.state.flags) & KNOWN_FLAGS
    return None if made.has_letters_beyond and _fires_at_words(expression, kept) else (expression, kept)


def _fires_at_words(expression: str, flags: int) -> bool:
    """Does it match plain words beyond ASCII? Then all of a Russian text would be a candidate."""
    return re.search(expression.replace(r"\z", r"\Z").encode("ascii"), WORDS, flags & ~int(re.UNICODE)) is not None


def _shortest(tree: Any) -> list[Any]:
    """The nodes without what may be missing at the end."""
    nodes = list(tree)
    while nodes:
        name, argument = str(nodes[-1][0]), nodes[-1][1]
        if name in ("MAX_REPEAT", "MIN_REPEAT") and argument[0] == 0:
            nodes.pop()
            continue
        if name == "SUBPATTERN":
            nodes[-1] = (nodes[-1][0], (*argument[:3], _shortest(argument[3])))
            if not nodes[-1][1][3]:
                nodes.pop()
                continue
        break
    return nodes


def repeat(element: str, least: int, most: int | None) -> str:
    """`element{least,most}`, without a bound where that is high: an automaton holds a copy for each."""
    if most is not None and most <= MAX_COUNTED:
        return f"{element}{{{least},{most}}}"
    return f"{element}{{{min(least, MAX_LEAST)},}}"


class _Projection:
    def __init__(self, ignores_case: bool) -> None:
        self._ignores_case = ignores_case
        self._groups: dict[int, str] = {}
        self.has_letters_beyond = False  # as literals

    def sequence(self, tree: Iterable[Any]) -> str:
        return "".join(self._node(str(operation), argument) for operation, argument in tree)

    def _node(self, name: str, argument: Any) -> str:
        match name:
            case "LITERAL":
                return self._literal(argument)
            case "NOT_LITERAL":
                return _class(self._image([("NEGATE", None), ("LITERAL", argument)]))
            case "IN":
                return _class(self._image(argument))
            case "ANY":
                return "."
            case "AT" if str(argument) in ANCHORS:
                return ANCHORS[str(argument)]
            case "ASSERT" | "ASSERT_NOT":
                return ""
            case "BRANCH":
                return f"(?:{'|'.join(self.sequence(branch) for branch in argument[1])})"
            case "SUBPATTERN":
                return self._group(*argument)
            case "ATOMIC_GROUP":
                return f"(?:{self.sequence(argument)})"
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, most, inner = argument
                return repeat(f"(?:{self.sequence(inner)})", least, None if str(most) == "MAXREPEAT" else most)
            case "GROUPREF" if argument in self._groups:
                return self._groups[argument]
        raise _NoProjectionError

    def _group(self, number: int | None, added: int, removed: int, inner: Any) -> str:
        if added or removed:
            raise _NoProjectionError
        made = f"(?:{self.sequence(inner)})"
        if number is not None and all(str(operation) in ("IN", "LITERAL") for operation, _ in inner):
            self._groups[number] = made
        return made

    def _literal(self, code: int) -> str:
        byte = int(classes()[code])
        if code not in ASCII and byte == ord("_"):
            self.has_letters_beyond = True
        return f"\\x{byte:02x}"

    def _image(self, items: Iterable[Any]) -> set[int]:
        """The bytes that stand for a member of a set of characters."""
        inside: set[int] = set()
        beyond: set[int] = set()  # bytes of which some character beyond ASCII is inside
        full: set[int] = set()  # bytes of which all of them are
        is_negated = False
        for operation, argument in items:
            name = str(operation)
            if name == "NEGATE":
                is_negated = True
            elif name == "CATEGORY":
                ours, theirs = _category(str(argument))
                inside |= ours
                full |= theirs
            elif name in ("LITERAL", "RANGE"):
                first, last = (argument, argument) if name == "LITERAL" else argument
                inside.update(range(first, min(last, 0x7F) + 1))
                beyond |= _bytes_beyond(max(first, 0x80), last)
            else:
                raise _NoProjectionError
        if not is_negated:
            return inside | beyond | full
        if self._ignores_case:
            inside |= set(_other_case(inside))
        return set((ASCII - inside) | (BEYOND - full))


@cache
def _bytes_beyond(first: int, last: int) -> frozenset[int]:
    """The bytes that stand for a range of code points; the same wide ranges come a thousand times."""
    return frozenset(np.unique(classes()[first : last + 1]).tolist())


def _other_case(codes: Iterable[int]) -> Iterator[int]:
    return (ord(chr(code).swapcase()) for code in codes)


def _category(name: str) -> tuple[set[int], set[int]]:
    """ASCII characters in a category, and bytes of which it holds all characters beyond ASCII."""
    pattern, beyond = CATEGORIES[name.replace("_NOT", "")]
    ours = {code for code in ASCII if re.match(pattern, chr(code), re.ASCII)}
    if "_NOT" in name:
        return set(ASCII - ours), set(BEYOND - set(beyond))
    return ours, set(beyond)


def _class(codes: set[int]) -> str:
    if not codes:
        raise _NoProjectionError
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "[" + "".join(f"\\x{first:02x}-\\x{last:02x}" if last > first else f"\\x{first:02x}" for first, last in ranges) + "]"
