"""Mails without MIME, as most of a list's archive is: headers and body without the standard library's parser; and dates.

In: the bytes of a mail. Out: Plain, or None where the mail says anything of its form, and the full parser must read it.
Cost: a tenth of email.parser; of a date written as RFC 5322 asks a quarter of email.utils.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MIME = re.compile(rb"^(?:content-type|content-transfer-encoding)[ \t]*:", re.MULTILINE | re.IGNORECASE)
_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_DATE = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) ([12]\d{3}) (\d\d):(\d\d):(\d\d) ([+-])([01]\d|2[0-3])([0-5]\d)"
    r"(?:\s*\([^()]*\))?"
)
_MONTHS = {
    month: number
    for number, month in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1)
}
_ZONE_NAME = re.compile(r"\s*\([^()]*\)$")
_FOLD = re.compile(r"\n[ \t]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """`fields` by lower-case name; the first of several counts."""

    fields: dict[str, str]
    body: bytes

    def get(self, name: str) -> str | None:
        return self.fields.get(name.lower())


def plain(data: bytes) -> Plain | None:
    end = _END.search(data)
    head = data[: end.start()] if end else data
    if _MIME.search(head):
        return None
    fields: dict[str, str] = {}
    for match in _FIELD.finditer(head.replace(b"\r\n", b"\n").decode("utf-8", "surrogateescape")):
        name, value = match.groups()
        fields.setdefault(name.lower(), (_FOLD.sub(" ", value) if "\n" in value else value).strip())
    return Plain(fields, data[end.end() :] if end else b"") if fields else None


def date(field: str) -> datetime | None:
    """The moment of a Date header in UTC, of one without a zone as if it were UTC's; None where it cannot be read."""
    field = field.strip()
    plainly = _DATE.fullmatch(field)
    try:
        if plainly and (month := _MONTHS.get(plainly[2])):
            day, year, hour, minute, second = map(int, plainly.group(1, 3, 4, 5, 6))
            east = timedelta(hours=int(plainly[8]), minutes=int(plainly[9]))
            time = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
            return time - east if plainly[7] == "+" else time + east
        time = parsedate_to_datetime(_ZONE_NAME.sub("", field) if field.endswith(")") else field)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
