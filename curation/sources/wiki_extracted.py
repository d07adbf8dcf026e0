"""Files that WikiExtractor writes: pages of plain text between `<doc id= url= title=>` and `</doc>`.

In: a Member. Out: a Record a page, read line by line; origin is file#title, `work` the page's address or number.
Drops: empty, record_too_large, truncated (the file ends before the page does).
Reference: https://github.com/attardi/wikiextractor.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from curation.source import MAX_RECORD_BYTES, Dropped, Record
from curation.sources.boundedlines import bounded_lines
from curation.sources.encoding import decode
from curation.sources.members import Member

_OPENING = re.compile(rb"<doc\s+(?=[^>\n]*\b(?:title|url|id)=\")[^>\n]*>\s*\Z")
_FIELD = re.compile(r"(\w+)=\"([^\"]*)\"")


def is_extracted(head: bytes) -> bool:
    return _OPENING.match(head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")[0]) is not None


def extracted_pages(member: Member) -> Iterator[Record | Dropped]:
    fields: dict[str, str] | None = None
    lines: list[bytes] = []
    size = 0
    for _, line in bounded_lines(member.open()):
        if fields is None:
            opening = None if line is None else _OPENING.match(line.lstrip(b"\xef\xbb\xbf \t"))
            if opening:
                fields, lines, size = dict(_FIELD.findall(decode(opening[0]).text)), [], 0
        elif line == b"</doc>":
            yield _page(member, fields, lines, size)
            fields = None
        else:
            size += MAX_RECORD_BYTES + 1 if line is None else len(line) + 1
            if size <= MAX_RECORD_BYTES:
                lines.append(line or b"")
    if fields is not None:
        yield Dropped(_origin(member, fields), "truncated")


def _origin(member: Member, fields: dict[str, str]) -> str:
    return f"{member.origin}#{html.unescape(fields.get('title') or fields.get('id') or fields.get('url') or '')}"


def _page(member: Member, fields: dict[str, str], lines: list[bytes], size: int) -> Record | Dropped:
    origin = _origin(member, fields)
    work = fields.get("url") or f"{member.origin}/{fields.get('id') or fields.get('title')}"
    if size > MAX_RECORD_BYTES:
        return Dropped(origin, "record_too_large", work)
    decoded = decode(b"\n".join(lines))
    text = decoded.text.strip()
    return Record(origin, text, work, note=decoded.note) if text else Dropped(origin, "empty", work)
