"""How the numbers of a numbering plan begin, by their length: refuses most runs of digits with one look-up.

Of the regular expression of a plan only this is kept: which three digits a number of each length can begin with. That
is a necessary condition, worked out from the expression's syntax tree, not from samples.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

MAX_LENGTH = 40  # digits: 17 of a number, and fewer of all that may stand before it (calling code, prefixes, carrier)
NUM_FIRST = 3

State = tuple[str, int]  # the first digits, how many there are in all


@cache
def beginnings(regex: str) -> frozenset[State]:
    """(first three digits, length) of every string of up to MAX_LENGTH digits that `regex` matches in full."""
    parser: Any = importlib.import_module("re._parser")
    return frozenset(_after({("", 0)}, parser.parse(regex)))


def _after(states: set[State], tree: Any) -> set[State]:
    for operation, argument in tree:
        name = str(operation)
        if name in ("AT", "ASSERT"):
            continue  # only forbids
        if name == "ASSERT_NOT":
            if not len(argument[1]):
                return set()  # `(?!)`
            continue
        if name == "BRANCH":
            states = set().union(*(_after(states, branch) for branch in argument[1]))
        elif name == "SUBPATTERN":
            states = _after(states, argument[3])
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            states = _repeated(states, *argument)
        else:
            states = _with_digit(states, _digits(name, argument))
    return states


def _repeated(states: set[State], least: int, most: Any, inner: Any) -> set[State]:
    for _ in range(least):
        states = _after(states, inner)
    found = set(states)
    for _ in range(least, min(int(most), MAX_LENGTH)):
        states = _after(states, inner) - found
        if not states:
            break
        found |= states
    return found


def _with_digit(states: set[State], digits: str) -> set[State]:
    longer: set[State] = set()
    for first, length in states:
        if length < NUM_FIRST:
            longer.update((first + digit, length + 1) for digit in digits)
        elif length < MAX_LENGTH:
            longer.add((first, length + 1))
    return longer


def _digits(name: str, argument: Any) -> str:
    """The digits that a node of a plan's expression matches. These expressions hold nothing else."""
    if name == "LITERAL":
        return chr(argument)
    if name != "IN":
        raise ValueError(f"numbering plan with {name}: a plan's regular expression was expected to hold digits only")
    found = ""
    for kind, inner in argument:
        match str(kind):
            case "LITERAL":
                found += chr(inner)
            case "RANGE":
                found += "".join(map(chr, range(inner[0], inner[1] + 1)))
            case "CATEGORY" if str(inner) == "CATEGORY_DIGIT":
                found += "0123456789"
            case other:
                raise ValueError(f"numbering plan with {other}: a plan's regular expression was expected to hold digits only")
    return found
