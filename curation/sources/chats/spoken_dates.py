"""Moments as people's exports write them out: `poniedziałek, 5 czerwca 2023 10:11:12 UTC`, `mar. 01, 2021 10:01:02 am`.

In: text. Out: a time in UTC, or None where no year, month, day and clock can be told. Months by name in some ninety languages
(month_names.py; a shorter form counts where one month begins so), digits of any script, Persian and Thai years.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from curation.sources.chats.month_names import CROATIAN, MONTHS
from curation.sources.chats.numeric_dates import day, digits

_CROATIAN = re.compile(r"\d{1,2}\. ?([^\W\d_]{3,10}) \d{4}\.")  # with full stops behind day and year
_WEEKDAYS = frozenset(str.split("sat sam fre gwe gwen sul pay sze"))  # with which months of other languages begin
_MARKS = re.compile("[\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})(?::|[時时点]|시 ?| นาฬิกา )(\d\d?)(?:(?::|分|분 ?| นาที )(\d\d?))?(?:[.,]\d+)?(?:[秒초分분]| วินาที)?|"
    r"(?<![\d.])(\d{1,2})\.(\d\d)(?:\.(\d\d))?(?![.]?\d)"
)
_ZONE = re.compile(r"(?:utc|gmt) ?([+\-−])(\d{1,2})(?::?(\d\d))?")
_AFTER_NOON = re.compile(r"(?<!\w)(?:p\. ?m|pm|μ\.? ?μ|م|ب\.?ظ|du|अपराह्न)(?!\w)|بعدازظهر|午後|下午|晚上|中午|오후")
_BEFORE_NOON = re.compile(r"(?<!\w)(?:a\. ?m|am|π\.? ?μ|ص|ق\.?ظ|de\.|पूर्वाह्न)(?!\w)|قبل‌ازظهر|午前|上午|凌晨|早上|清晨|오전")
_MONTH_NUMBER = re.compile(r"(?:tháng|thg) (\d{1,2})|(\d{1,2}) ?[月월]")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_BREAKS = re.compile(r"[\s,،.;:()\[\]’'/\-–\d]+")


def moment(text: str) -> datetime | None:
    """The moment that a text names in words and numbers."""
    line = " ".join(_MARKS.sub("", digits(text)).lower().split())
    clock = _CLOCK.search(line)
    zone = _ZONE.search(line)
    if clock is None:
        return None
    rest = f"{line[: clock.start()]} , {line[clock.end() :]}"
    rest = _ZONE.sub(" ", rest) if zone else rest
    year = _YEAR.search(rest)
    numbered = _MONTH_NUMBER.search(rest)
    month = int(numbered[1] or numbered[2]) if numbered else _croatian(rest) or _named(_BREAKS.split(rest))
    if year is None or not month:
        return None
    rest = _YEAR.sub(" ", _MONTH_NUMBER.sub(" ", rest))
    numeral = _DAY.search(rest)
    if numeral is None:
        return None
    hour = int(clock[1] or clock[4])
    if _AFTER_NOON.search(rest):
        hour = hour % 12 + 12
    elif _BEFORE_NOON.search(rest):
        hour %= 12
    try:
        time = day(int(year[0]), month, int(numeral[0])) + timedelta(
            hours=hour, minutes=int(clock[2] or clock[5]), seconds=int(clock[3] or clock[6] or 0)
        )
        if zone:
            away = timedelta(hours=int(zone[2]), minutes=int(zone[3] or 0))
            time += -away if zone[1] == "+" else away
    except (ValueError, OverflowError):
        return None
    return time


def month_of(word: str) -> int:
    """The month that one word names, in any language, in full or short; 0 for any other word."""
    lowered = word.lower().rstrip(".")
    return MONTHS.get(lowered) or CROATIAN.get(lowered) or _shortened(lowered)


def _croatian(line: str) -> int:
    """Full names, and in the manner of writing dates there short ones too; other tongues of those parts end a year so as well."""
    found = _CROATIAN.search(line)
    if found is None:
        return next((CROATIAN[word] for word in _BREAKS.split(line) if word in CROATIAN and word not in MONTHS), 0)
    numbers = {number for name, number in CROATIAN.items() if name.startswith(found[1])}
    return numbers.pop() if len(numbers) == 1 else 0


def _named(words: list[str]) -> int:
    """By the last word that names one: Tuesday is the month of Mars in Welsh, `mar.` in French."""
    named = next((MONTHS[word] for word in reversed(words) if word in MONTHS), 0)
    return named or next((number for word in reversed(words) if (number := _shortened(word))), 0)


@lru_cache(maxsize=4096)
def _shortened(word: str) -> int:
    """`Okt`, `авг`, Hebrew with its preposition; a weekday (`mar.`) comes before the month, so that the last one counts."""
    if word[:1] == "ב" and word[1:] in MONTHS:
        return MONTHS[word[1:]]
    if word == "mar":  # Finnish has a November that begins so, and a shorter form of its own
        return 3
    if len(word) < 3 or word in _WEEKDAYS:
        return 0
    found = {number for name, number in MONTHS.items() if name.startswith(word)}
    return found.pop() if len(found) == 1 else 0
