"""WARC and WET files, record by record, by warcio.

In: a Member with WARC (or ARC) content; compression is off already. Out: Captures: pages (`response`, `resource`),
extracted texts (`conversion`, as in WET), or a drop reason: `http_error` (status other than 200), `media` (images,
scripts, PDF and the like), `record_too_large`. Records about the crawl itself (warcinfo, request, metadata, revisit)
hold no page and are passed over. Damage raises InputError("corrupt_archive") after what was readable.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from curation.errors import InputError
from curation.source import MAX_RECORD_BYTES, Part
from curation.sources.members import Member, read_up_to
from curation.sources.records import parse_date

_PAGE_TYPES = ("response", "resource", "conversion")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Capture:
    """`kind`: html, text, or a drop reason."""

    number: int
    url: str
    kind: str
    data: bytes
    charset: str | None
    revised: datetime | None


def captures(member: Member, part: Part | None = None) -> Iterator[Capture]:
    """All captures, or those whose record starts in the part; the records before it are passed over."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        records = ArchiveIterator(member.open(), arc2warc=True)
        for number, record in enumerate(records, 1):
            offset = records.offset  # get_record_offset would read the record to its end
            if part and offset >= part.stop:
                return
            if record.rec_type in _PAGE_TYPES and (part is None or offset >= part.start):
                yield _capture(number, record)
    except (ArchiveLoadFailed, ValueError, OSError, EOFError, LookupError, AttributeError, TypeError, zlib.error) as error:
        raise InputError("corrupt_archive", f"warc: {type(error).__name__}") from None


def _capture(number: int, record: object) -> Capture:
    headers, http = record.rec_headers, record.http_headers  # type: ignore[attr-defined]
    url = (headers.get_header("WARC-Target-URI") or "").strip("<>")
    revised = parse_date(headers.get_header("WARC-Date") or "")
    content_type = ((http.get_header("Content-Type") if http else headers.get_header("Content-Type")) or "").lower()
    if http and http.get_statuscode() not in ("200", "203", ""):
        return Capture(number, url, "http_error", b"", None, revised)
    kind = _kind(content_type, record.rec_type)  # type: ignore[attr-defined]
    if kind == "media":
        return Capture(number, url, kind, b"", None, revised)
    data = read_up_to(record.content_stream(), MAX_RECORD_BYTES + 1)  # type: ignore[attr-defined]
    if len(data) > MAX_RECORD_BYTES:
        return Capture(number, url, "record_too_large", b"", None, revised)
    charset = _CHARSET.search(content_type)
    if not content_type:
        kind = "html" if b"<" in data[:1000] else "text"
    return Capture(number, url, kind, data, charset[1] if charset else None, revised)


def _kind(content_type: str, record_type: str) -> str:
    if "html" in content_type:
        return "html"
    if content_type.startswith("text/plain") or record_type == "conversion" or not content_type:
        return "text"
    return "media"
