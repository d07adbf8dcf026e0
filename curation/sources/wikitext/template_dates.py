"""Templates for dates and spans of time.

In: Arguments. Out: the date as the template writes it: month first, day first where it says df=y. Ages are computed only
where both ends are given, never from today.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from curation.sources.wikitext.arguments import Arguments

MONTHS = str.split("January February March April May June July August September October November December")
_BY_NAME = {name.lower(): number for number, name in enumerate(MONTHS, 1)} | {
    name[:3].lower(): number for number, name in enumerate(MONTHS, 1)
}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _month(text: str) -> int | None:
    number = _number(text)
    number = _BY_NAME.get(text.lower()) if number is None else number
    return number if number and 1 <= number <= 12 else None


def date_text(year: str, month: str, day: str, *, day_first: bool = False) -> str:
    """A date of which any part but the year may lack."""
    name, number = _month(month), _number(day)
    if name is None:
        return f"{month} {year}".strip() if month and not month.isdigit() else year
    if not number:
        return f"{MONTHS[name - 1]} {year}".strip()
    if day_first:
        return f"{number} {MONTHS[name - 1]} {year}".strip()
    return f"{MONTHS[name - 1]} {number}, {year}" if year else f"{MONTHS[name - 1]} {number}"


def _ymd(offset: int, arguments: Arguments) -> str | None:
    year, month, day = (arguments[offset + index] for index in range(3))
    if not year:
        return None
    if _number(year) is None and not month:
        return year
    return date_text(year, month, day, day_first=arguments.is_on("df")) or None


def _moment(arguments: Arguments) -> str | None:
    """{{start date|year|month|day|hour|minute|second|zone}}."""
    date = _ymd(0, arguments)
    hour, minute, zone = arguments[3], arguments[4], arguments[6]
    clock = f"{hour}:{minute}, " if _number(hour) is not None and _number(minute) is not None else ""
    return f"{clock}{date}" + (f" ({zone})" if zone else "") if date else None


def _dmy(arguments: Arguments) -> str | None:
    """{{date|12|mars|1920}} as on the Romance wikis: its words in their order."""
    return " ".join(value for value in arguments.positional[:3] if value) or None


_GENITIVES = {
    "ru": str.split("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
    "uk": str.split("січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"),
}


def _slavic(language: str, arguments: Arguments) -> str | None:
    """{{дата рождения|5|6|1990}}, on some wikis the year first; the month as a number or a word."""
    day, month, year = (arguments[index] for index in range(3))
    if len(day) > 2:
        day, year = year, day
    number = _month(month)
    name = _GENITIVES[language][number - 1] if number else month
    return " ".join(value for value in (day, name, year) if value) or None


def _free(arguments: Arguments) -> str | None:
    return arguments[0] or None


def _sorted_date(arguments: Arguments) -> str | None:
    if _number(arguments[0]) is not None and arguments[1]:
        return date_text(arguments[0], arguments[1], arguments[2], day_first=arguments.get("format") in ("dmy", "dm"))
    return arguments[0] or None


def _as_of(arguments: Arguments) -> str | None:
    if arguments.get("alt"):
        return arguments.get("alt")
    date = date_text(arguments[0], arguments[1], arguments[2], day_first=arguments.get("df").upper() != "US")
    word = "since" if arguments.get("since") else "as of"
    if arguments.get("bare"):
        return date or None
    return f"{word if arguments.get('lc') else word.capitalize()} {date}" if date else None


def _years_and_months(arguments: Arguments) -> str | None:
    """Whole years and months between two dates; the second must be given."""
    months = _months_between(arguments)
    if months is None:
        return None
    parts = [f"{count} {unit}{'s' * (count != 1)}" for count, unit in ((months // 12, "year"), (months % 12, "month")) if count]
    return ", ".join(parts) or "0 months"


def _years(arguments: Arguments) -> str | None:
    months = _months_between(arguments)
    return str(months // 12) if months is not None else None


def _months_between(arguments: Arguments) -> int | None:
    numbers = [_month(arguments[index]) if index % 3 == 1 else _number(arguments[index]) for index in range(6)]
    if any(number is None for number in numbers):
        return None
    year, month, day, last_year, last_month, last_day = (number or 0 for number in numbers)
    months = 12 * (last_year - year) + last_month - month - (last_day < day)
    return months if months >= 0 else None


def _born_or_died(arguments: Arguments) -> str | None:
    """{{BirthDeathAge|B|birth…|death…}}: the birth with B, else the death."""
    return _ymd(1 if arguments[0].upper() == "B" else 4, arguments)


def _reign(arguments: Arguments) -> str | None:
    years = "–".join(value for value in arguments.positional[:2] if value)
    return f"r. {years}" if years else None


def _prefixed(prefix: str, arguments: Arguments) -> str | None:
    values = "–".join(value for value in arguments.positional[:2] if value)
    return f"{prefix} {values}".strip()


def _decade(arguments: Arguments) -> str | None:
    return f"{arguments[0]}s" if re.fullmatch(r"\d{1,4}", arguments[0]) else None


def _century(text: str, arguments: Arguments) -> str | None:
    """French: a Roman numeral. Other wikis give {{s}} to words that must not be parted, which stay as they are."""
    if "{0}e" in text and not re.fullmatch(r"[IVXLC]+(?:er)?|\d{1,2}", arguments[0], re.IGNORECASE):
        return arguments[0] or None
    return text.format(arguments[0]) if arguments[0] else None


_DATES = (
    "birth date", "dob", "birth date and age", "bda", "birth date and age2", "death date", "death date and age", "dda",
    "end date", "film date", "birth year and age",
    "death year and age", "birth year", "launch date", "event date", "release date", "video game release date",
    "fecha de nacimiento y edad",
    "start date and age", "end date and age", "start date and years ago", "birth based on age as of date", "date of birth",
    "bya", "dya", "birth month and age",
)  # fmt: skip

RULES: dict[str, Callable[[Arguments], str | None]] = {
    **{name: partial(_ymd, 0) for name in _DATES},
    **dict.fromkeys(("дата рождения", "дата рождения и возраст", "др", "дата смерти", "дс", "дата смерти и возраст"),
                    partial(_slavic, "ru")),
    **dict.fromkeys(("дата народження", "дата смерті", "дата народження та вік"), partial(_slavic, "uk")),
    "heure": lambda arguments: " h ".join(filter(None, arguments.positional[:2])) or None,
    **dict.fromkeys(("start date", "startdate", "start-date and time"), _moment),
    **dict.fromkeys(("date", "fecha", "data", "date de naissance", "date de décès", "дата", "dat", "date-", "jour",
    "fecha de nacimiento", "fecha de defunción",
                     "date sport", "date rapide"), _dmy),
    **dict.fromkeys(("start-date", "end-date", "birth-date", "death-date", "birth-date and age", "death-date and age",
    "datum", "год", "рік", "rok", "baseball year",
                     "by", "mlby", "nfl year-text", "date table sorting-text"), _free),
    **dict.fromkeys(("dts", "date table sorting", "dtsh-text", "sort date"), _sorted_date),
    **dict.fromkeys(("as of", "asof"), _as_of),
    **dict.fromkeys(("age in years and months", "age in years, months and days-text"), _years_and_months),
    **dict.fromkeys(("age nts", "age", "age in years"), _years),
    "birthdeathage": _born_or_died,
    "reign": _reign,
    **dict.fromkeys(("circa", "c."), partial(_prefixed, "c.")),
    **dict.fromkeys(("floruit", "fl."), partial(_prefixed, "fl.")),
    "decade link": _decade,
    **dict.fromkeys(("s", "s-", "siècle", "sp", "sp-", "sav", "sapr"), partial(_century, "{0}e siècle")),
    "siglo": partial(_century, "siglo {0}"),
}  # fmt: skip
