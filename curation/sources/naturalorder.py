"""The order in which the files of one dump are read: numbers count as numbers, `messages2.html` before `messages10.html`.

In: a path. Out: a key to sort by. Names whose numbers have as many digits (days, `000001`) stand as they always do. Facebook and
Instagram number from the newest: `message_2.json` holds what was said before `message_1.json`.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[0-9]+")
_FROM_THE_NEWEST = re.compile(r"(.*(?:\A|/)message_)([0-9]{1,9})(\.(?:json|html))\Z", re.DOTALL)


def natural(path: str) -> tuple[str, str]:
    """Digits behind their number, so that a longer number is a larger one; the path itself where two are alike."""
    newest = _FROM_THE_NEWEST.match(path)
    if newest:
        path = f"{newest[1]}{10**9 - int(newest[2])}{newest[3]}"
    return _NUMBER.sub(_ranked, path), path


def _ranked(number: re.Match[str]) -> str:
    digits = number[0].lstrip("0")
    return f"0{chr(len(digits))}{digits}"
