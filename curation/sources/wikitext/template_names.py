"""Templates that put names together: persons, ships, foreign names with their script and reading."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from curation.sources.wikitext.arguments import Arguments


def _person(arguments: Arguments) -> str | None:
    name = f"{arguments[0]} {arguments[1]}".strip()
    note = arguments.get("dab")
    return f"{name} ({note})" if note and name else name or None


def _japanese(arguments: Arguments) -> str | None:
    """English (kanji, romaji)."""
    inner = ", ".join(value for value in (arguments[1], arguments[2], arguments.get("lead", "extra")) if value)
    return f"{arguments[0]} ({inner})".strip() if inner else arguments[0] or None


def _romaji_first(arguments: Arguments) -> str | None:
    inner = ", ".join(value for value in (arguments[1], arguments[0]) if value)
    return f"{arguments[2]} ({inner})" if arguments[2] and inner else arguments[0] or None


_CHINESE = (
    ("c", "Chinese"),
    ("s", "simplified Chinese"),
    ("t", "traditional Chinese"),
    ("p", "pinyin"),
    ("w", "Wade–Giles"),
    ("j", "Jyutping"),
    ("l", "lit."),
)


def _chinese(arguments: Arguments) -> str | None:
    labelled = arguments.get("labels") != "no"
    parts = [
        f"{label}: {arguments.named[key]}" if labelled else arguments.named[key]
        for key, label in _CHINESE
        if arguments.named.get(key)
    ]
    return "; ".join(parts) or arguments[0] or None


def _ship(arguments: Arguments) -> str | None:
    return _vessel(arguments[0], Arguments(arguments.positional[1:], arguments.named))


def _vessel(prefix: str, arguments: Arguments) -> str | None:
    """PREFIX Name (hull number or year)."""
    name = f"{prefix} {arguments[0]}".strip()
    return f"{name} ({arguments[1]})" if arguments[1] else name if arguments[0] else None


def _ship_class(arguments: Arguments) -> str | None:
    return f"{arguments[0]}-class {arguments[1]}".strip() if arguments[0] else None


def _youth_team(arguments: Arguments) -> str | None:
    return f"{arguments[1]} U{arguments[0]}" if re.fullmatch(r"\d\d", arguments[0]) and arguments[1] else None


def ordinal(number: str) -> str:
    """21 -> 21st."""
    if not number.isdigit():
        return number
    suffix = "th" if number[-2:] in ("11", "12", "13") else {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
    return number + suffix


def _district(arguments: Arguments) -> str | None:
    if not arguments[1]:
        return None
    number = "at-large" if arguments[1].lower() in ("al", "at-large") else ordinal(arguments[1])
    return f"{arguments[0]}'s {number} congressional district"


RULES: dict[str, Callable[[Arguments], str | None]] = {
    **dict.fromkeys(("sortname", "sort name", "personne", "fullname"), _person),
    **dict.fromkeys(("nihongo", "japonais", "japanisch", "nihongo krt", "japanese name", "nihongo core"), _japanese),
    "nihongo3": _romaji_first,
    **dict.fromkeys(("zh", "chinese", "chinois", "chinesisch", "zh-full"), _chinese),
    "ship": _ship,
    **{name.lower(): partial(_vessel, name) for name in str.split("USS HMS SS MV MS RMS HMAS HMCS HMNZS SMS USCGC USNS RMS "
                                                                  "MS MY MT INS PNS ARA ROCS JS ORP HNLMS HDMS HSwMS RFA "
                                                                  "USAT ST PS TSS")},
    **dict.fromkeys(("sclass", "sclass2", "sclass-", "sclass2-", "ship class"), _ship_class),
    **dict.fromkeys(("nftu", "fbu", "nfbu", "fbu-text"), _youth_team),
    **dict.fromkeys(("ushr", "us-house-district", "cd"), _district),
}  # fmt: skip
