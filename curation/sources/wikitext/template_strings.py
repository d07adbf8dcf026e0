"""Templates that compute on strings and numbers, where editors use them inside text: plurals, cases, parts of a string."""

from __future__ import annotations

import re
from collections.abc import Callable

from curation.sources.wikitext.arguments import Arguments
from curation.sources.wikitext.template_names import ordinal

_SMALL_WORDS = frozenset(str.split("a an the and but or nor for of on at to by in as"))


def _plural(arguments: Arguments) -> str | None:
    """{{plural|2|page}}: the number and the word in the form that it asks for."""
    count, word = arguments[0], arguments[1]
    if not word:
        return None
    if count == "1":
        return f"{count} {word}"
    regular = re.sub(r"(?<=[^aeiou])y$", "ie", word) + ("es" if re.search(r"(?:[sxz]|ch|sh)$", word) else "s")
    return f"{count} {arguments[2] or regular}"


def _title_case(arguments: Arguments) -> str | None:
    words = arguments[0].split()
    return (
        " ".join(word if index and word in _SMALL_WORDS else word[:1].upper() + word[1:] for index, word in enumerate(words))
        or None
    )


def _cut(arguments: Arguments) -> str | None:
    length = arguments[1]
    return arguments[0][: int(length)] if length.isdigit() and len(length) < 6 else None


def _repeated(arguments: Arguments) -> str | None:
    count = arguments[0]
    return arguments[1] * min(int(count), 100) if count.isdigit() and len(count) < 4 else None


def _replaced(arguments: Arguments) -> str | None:
    return arguments[0].replace(arguments[1], arguments[2]) if arguments[1] else arguments[0]


def _word(index: int, text: str) -> str | None:
    words = text.split()
    return words[index] if words else None


def _parity(arguments: Arguments) -> str | None:
    number = arguments[0].lstrip("-")
    return ("even", "odd")[int(number[-1]) % 2] if number.isdigit() else None


def _from_hexadecimal(arguments: Arguments) -> str | None:
    digits = arguments[0].lower().removeprefix("0x")
    return str(int(digits, 16)) if re.fullmatch(r"[0-9a-f]{1,16}", digits) else None


def _period(years: int, suffix: str) -> Callable[[Arguments], str | None]:
    """The century or millennium that a year lies in."""

    def rule(arguments: Arguments) -> str | None:
        year = arguments[0]
        if not year.isdigit() or len(year) > 5 or not int(year):
            return None
        number = str((int(year) - 1) // years + 1)
        return number if not suffix else ordinal(number) if arguments.is_on("abbr") else f"{ordinal(number)} {suffix}"

    return rule


RULES: dict[str, Callable[[Arguments], str | None]] = {
    **dict.fromkeys(("plural", "pluralize"), _plural),
    "title case": _title_case,
    **dict.fromkeys(("trunc", "truncate", "str left"), _cut),
    **dict.fromkeys(("loop", "str rep", "repeat"), _repeated),
    **dict.fromkeys(("replace", "str replace"), _replaced),
    "first word": lambda arguments: _word(0, arguments[0]),
    "last word": lambda arguments: _word(-1, arguments[0]),
    "str len": lambda arguments: str(len(arguments[0])),
    "parity": _parity,
    "hex2dec": _from_hexadecimal,
    **dict.fromkeys(("ordinal", "ord", "ordinal to word"), lambda arguments: ordinal(arguments[0]) or None),
    "century": _period(100, ""),
    "millennium": _period(1000, "millennium"),
}
