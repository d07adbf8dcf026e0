"""Arguments of a template: split at bars that stand outside links, named ones apart from positional ones."""

from __future__ import annotations

import re

_BAR = re.compile(r"\[\[(?:[^\[\]]++|\[(?!\[)|\](?!\]))*+\]\]|\|")
_NAMED = re.compile(r"\s*([^=<>\[\]{}\n]{0,60}?)\s*=(.*)", re.DOTALL)


def split_arguments(arguments: str) -> tuple[list[str], dict[str, str]]:
    """(positional values as they stand, named values stripped). Numbered names fill the positions."""
    if "[[" in arguments:
        parts, start = [], 0
        for match in _BAR.finditer(arguments):
            if match.end() - match.start() == 1:
                parts.append(arguments[start : match.start()])
                start = match.end()
        parts.append(arguments[start:])
    else:
        parts = arguments.split("|")
    positional: list[str] = []
    named: dict[str, str] = {}
    for part in parts:
        match = _NAMED.match(part) if "=" in part else None
        if match is None:
            positional.append(part)
        else:
            named[match[1].lower()] = match[2].strip()
    for number in range(1, 100):
        value = named.get(str(number))
        if value is None:
            break
        if number - 1 < len(positional):
            positional[number - 1] = value
        else:
            positional.append(value)
    return positional, named
