"""The stamps of one file, whatever way its program and language write them: `3/1/2021 10:01 AM`, `01-Mar-21 10:01 AM`, words.

In: the stamps of all messages. Out: moments, numbers being read in one order for the whole file; None where a stamp is none.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from curation.sources.chats import spoken_dates
from curation.sources.chats.message import moment
from curation.sources.chats.numeric_dates import digits, in_order, order

SHORTEST = 10  # characters that a day and a clock take, in numbers or in words
_NUMERIC = re.compile(
    r"(\d{1,4})[./\-] ?(\d{1,2})[./\-] ?(\d{1,4})\.?(?: г\.)?,? +(?:à |kl\. |klo )?(?P<half>午前|午後|上午|下午|오전|오후)? ?"
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?"
    r"(?: ?(?P<latin>[ap])\.? ?m\.?)?(?: (?:UTC|GMT)(?P<zone>[+-]\d\d:\d\d))?",
    re.IGNORECASE,
)


def moments(texts: list[str]) -> list[datetime | None]:
    """The moments that the stamps of one file name, in whatever way they are written, the same way for all."""
    found = [_NUMERIC.fullmatch(" ".join(digits(text).split())) for text in texts]
    matched = [each for each in found if each]
    numbers = [(int(each[1]), int(each[2]), int(each[3])) for each in matched]
    prefers_month = any(each["latin"] for each in matched[:200]) and any("/" in each[0] for each in matched[:1])
    kind = order(numbers, is_year_first=bool(matched) and len(matched[0][1]) == 4, prefers_month=prefers_month)
    return [
        _numeric(each, kind) if each else moment(text) or spoken_dates.moment(text)
        for each, text in zip(found, texts, strict=True)
    ]


def _numeric(found: re.Match[str], kind: str) -> datetime | None:
    hour, half = int(found["hour"]), found["half"] or found["latin"]
    if half:
        hour = hour % 12 + 12 * (half.lower() in ("p", "午後", "下午", "오후"))
    away = found["zone"] or "+00:00"
    offset = timedelta(hours=int(away[1:3]), minutes=int(away[4:])) * (-1 if away[0] == "-" else 1)
    try:
        day = in_order((int(found[1]), int(found[2]), int(found[3])), kind)
        return day + timedelta(hours=hour, minutes=int(found["minute"]), seconds=int(found["second"] or 0)) - offset
    except (ValueError, OverflowError):
        return None
