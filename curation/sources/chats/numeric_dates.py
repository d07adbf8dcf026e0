"""Dates that exports write in numbers alone: which number is the day, and which day it is in the calendar of its owner.

In: the three numbers of every date of a file. Out: their order, "dmy", "mdy" or "ymd"; a day in UTC.
"""

from __future__ import annotations

import itertools
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import lru_cache

Numbers = tuple[int, int, int]


def order(dates: list[Numbers], *, is_year_first: bool, prefers_month: bool) -> str:
    """A number above 12 decides; else the order in which dates only grow; else what is usual: `prefers_month`."""
    if not dates or is_year_first or max(first for first, _, _ in dates) > 31:
        return "ymd"
    if max(first for first, _, _ in dates) > 12:
        return "dmy"
    if max(second for _, second, _ in dates) > 12:
        return "mdy"
    falls_as_dmy = _falls([(year, second, first) for first, second, year in dates])
    falls_as_mdy = _falls([(year, first, second) for first, second, year in dates])
    if falls_as_dmy != falls_as_mdy:
        return "dmy" if falls_as_dmy < falls_as_mdy else "mdy"
    return "mdy" if prefers_month else "dmy"


def _falls(days: list[Numbers]) -> int:
    return sum(before > after for before, after in itertools.pairwise(days))


@lru_cache(maxsize=256)
def in_order(numbers: Numbers, found: str) -> datetime:
    """The day; two digits of a year belong to this century. ValueError where there is no such day."""
    fields = dict(zip(found, numbers, strict=True))
    return day(fields["y"] + (2000 if fields["y"] < 100 else 0), fields["m"], fields["d"])


def day(year: int, month: int, number: int) -> datetime:
    """Phones count years as their owners do: 1403 is Persian, 2567 Thai. ValueError where there is no such day."""
    if 1300 < year < 1420:
        if not (1 <= month <= 12 and 1 <= number <= 31):
            raise ValueError(month, number)
        passed = 31 * (month - 1) - max(0, month - 7) + number - 1
        years = year - 1403  # 1 Farvardin 1403 was 20 March 2024; leap years as in the cycle of 33, right from 1343 to 1472
        leaps = sum((each % 33) in (1, 5, 9, 13, 17, 22, 26, 30) for each in range(min(year, 1403), max(year, 1403)))
        return datetime(2024, 3, 20, tzinfo=UTC) + timedelta(days=365 * years + (leaps if years > 0 else -leaps) + passed)
    return datetime(year - 543 if year > 2400 else year, month, number, tzinfo=UTC)


def digits(text: str) -> str:
    """With the digits of every script as ASCII."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(char)) if char > "\x7f" and char.isdecimal() else char for char in text)
