"""Stack Exchange dumps (Posts.xml, Comments.xml): one text a row, from the beginning or from inside.

In: a Member, perhaps a Part. Out: Entries, or a place and the reason why there is none. Place is `byte N`, where the row's
tag begins; `work` is the question. A tag begins with `<row` and a space, which no text in XML holds. Files in an encoding
whose bytes are not ASCII's (UTF-16) are not cut. A row over MAX_RECORD_BYTES is passed over (record_too_large).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from curation.source import MAX_RECORD_BYTES, Part
from curation.sources.members import Member
from curation.sources.records import parse_date
from curation.sources.web.feeds import Entry, html_text
from curation.sources.xmltree import declared_charset

STACK_ROOTS = frozenset(["posts", "comments"])
BLOCK_BYTES = 1 << 20
_ROW = re.compile(rb"<row(?=[ \t\r\n])")
_END = re.compile(rb"<row(?=[ \t\r\n])|</\w|<!--")
_LONGEST_MARK = 8


def is_bytewise(head: bytes) -> bool:
    return head[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\0" not in head[:64]


def stack_entries(member: Member, part: Part | None = None) -> Iterator[Entry | tuple[str, str]]:
    from lxml import etree

    stream, charset = member.open(), declared_charset(member.head)
    if not is_bytewise(member.head):
        stream, charset = codecs.EncodedFile(stream, "utf-8", "utf-16", "replace"), "utf-8"
    try:
        parser = _parser(etree, charset)
    except LookupError:
        parser = _parser(etree, None)
    for offset, data in _tags(stream, part):
        place = f"byte {offset}"
        if data is None:
            yield place, "record_too_large"
        elif not data.rstrip().endswith(b">"):
            yield place, "truncated"
        else:
            try:
                row = etree.fromstring(data, parser)
            except (etree.LxmlError, ValueError):
                row = None
            yield (place, "broken_record") if row is None else _entry(place, row)


def _parser(etree: Any, charset: str | None) -> Any:
    return etree.XMLParser(
        encoding=charset, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=True
    )


def _tags(stream: BinaryIO, part: Part | None) -> Iterator[tuple[int, bytes | None]]:
    """(offset, bytes up to the next tag) of the rows that start in the part; None for one that is too large."""
    buffer, base, search = bytearray(), part.start if part else 0, 0
    row: int | None = None  # where the row begins whose end is sought
    is_ended = is_too_large = False
    stream.seek(base) if base else None
    while True:
        found = (_ROW if row is None else _END).search(buffer, search)
        if found or (is_ended and row is not None):
            size = found.start() if found else len(buffer)
            if row is not None:
                yield row, None if is_too_large else bytes(buffer[:size])
            del buffer[:size]
            base += size
            row, search, is_too_large = (base, 1, False) if _ROW.match(buffer) else (None, 0, False)
            if part and base >= part.stop:
                return
            continue
        if is_ended or (row is None and part and base >= part.stop):
            return
        is_too_large = is_too_large or (row is not None and len(buffer) > MAX_RECORD_BYTES)
        if row is None or is_too_large:
            gone = max(0, len(buffer) - _LONGEST_MARK)
            del buffer[:gone]
            base += gone
        search = max(0 if row is None or is_too_large else 1, len(buffer) - _LONGEST_MARK)
        block = stream.read(BLOCK_BYTES)
        is_ended = not block
        buffer += block


def _entry(place: str, row: Any) -> Entry:
    title, body = row.get("Title", ""), html_text(row.get("Body") or row.get("Text") or "")
    work = row.get("ParentId") or row.get("PostId") or row.get("Id") or ""
    date = parse_date(row.get("LastEditDate") or row.get("CreationDate") or "")
    return Entry(place, f"{title}\n\n{body}".strip(), work, date, (row.get("ContentLicense") or "").replace(" ", "-"))
