"""Arguments of a template: split at bars that stand outside links, named ones apart from positional ones."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BAR = re.compile(r"\[\[(?:[^\[\]]++|\[(?!\[)|\](?!\]))*+\]\]|\|")
_NAMED = re.compile(r"\s*([^=<>\[\]{}\n]{0,60}?)\s*=(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Arguments:
    """`positional` values stripped; `named` by lower-case name, stripped. Numbered names fill the positions."""

    positional: list[str]
    named: dict[str, str]

    def __getitem__(self, index: int) -> str:
        return self.positional[index] if index < len(self.positional) else ""

    def get(self, *names: str) -> str:
        """The first of these named values that is not empty."""
        return next((self.named[name] for name in names if self.named.get(name)), "")

    def is_on(self, name: str) -> bool:
        return self.named.get(name, "").lower() in ("y", "yes", "on", "1", "true")


def parts(arguments: str) -> list[str]:
    """What stands between the bars."""
    if "[[" not in arguments:
        return arguments.split("|")
    found, start = [], 0
    for match in _BAR.finditer(arguments):
        if match.end() - match.start() == 1:
            found.append(arguments[start : match.start()])
            start = match.end()
    return [*found, arguments[start:]]


def split_arguments(arguments: str) -> Arguments:
    positional: list[str] = []
    named: dict[str, str] = {}
    for part in parts(arguments):
        name_and_value = _NAMED.match(part) if "=" in part else None
        if name_and_value is None:
            positional.append(part.strip())
        else:
            named[name_and_value[1].lower()] = name_and_value[2].strip()
    for number in range(1, 100):
        value = named.get(str(number))
        if value is None:
            break
        if number - 1 < len(positional):
            positional[number - 1] = value
        else:
            positional.append(value)
    return Arguments(positional, named)
