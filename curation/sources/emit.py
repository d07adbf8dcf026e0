"""Texts to Records of bounded size with origins that lead back; shared by books, papers and web.

In: chapters of one work and where they stand. Out: Records. `origin` is `path!member#place`; several pieces of one place
are told apart by `/2`, `/3` …; `work` is the same for all pieces of a work, `ordinal` counts from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from curation.source import Dropped, Part, Record
from curation.sources.jsonrows import Broken
from curation.sources.members import Member
from curation.sources.pieces import pieces
from curation.sources.plaintext import plain_chapters
from curation.sources.records import Row, read_row, rows
from curation.sources.segments import segments


def numbered(origin: str, chapters: Iterable[str], max_bytes: int, *, work: str, note: str = "") -> Iterator[Record]:
    """Pieces with places #1, #2 …: for works that are cut as a rule."""
    for number, piece in enumerate(pieces(chapters, max_bytes), 1):
        yield Record(f"{origin}#{number}", piece, work=work, ordinal=number, note=note)


def placed(
    origin: str,
    chapters: Iterable[str],
    max_bytes: int,
    *,
    work: str = "",
    revised: datetime | None = None,
    license: str = "",
    note: str = "",
) -> Iterator[Record]:
    """One document as a rule; `/2` and so on where it is too large."""
    for number, piece in enumerate(pieces(["\n\n".join(chapters)], max_bytes), 1):
        place = origin if number == 1 else f"{origin}/{number}"
        yield Record(place, piece, work=work or origin, ordinal=number, revised=revised, license=license, note=note)


def text_records(member: Member, part: Part | None, max_bytes: int) -> Iterator[Record | Dropped]:
    """A plain text as one document as a rule; a segment of a large one starts at `#byte offset`."""
    found = False
    for segment in segments(member.open(), part):
        place = member.origin if segment.is_whole else f"{member.origin}#byte {segment.start}"
        for record in placed(place, plain_chapters(segment.text), max_bytes, work=member.origin, note=segment.note):
            found = True
            yield record
    if not found and part is None:
        yield Dropped(member.origin, "no_text")


def table_records(
    member: Member, kind: str, part: Part | None, text_column: str | None, max_bytes: int, to_chapters: Callable[[Row], list[str]]
) -> Iterator[Record | Dropped]:
    """A document a row of a JSON, CSV or Parquet file."""
    found = False
    for place, value in rows(member, kind, part):
        found = True
        origin = f"{member.origin}#{place}"
        if isinstance(value, Broken):
            yield Dropped(origin, value.reason)
            continue
        row = read_row(value, text_column)
        chapters = to_chapters(row) if row else []
        if not row or not any(chapter.strip() for chapter in chapters):
            yield Dropped(origin, "no_text")
            continue
        # A bare number identifies a row within its file only; a URL or DOI does so everywhere.
        work = row.work if len(row.work) > 12 and not row.work.isdigit() else f"{member.origin}#{row.work or place}"
        yield from placed(origin, chapters, max_bytes, work=work, revised=row.revised, license=row.license)
    if not found and part is None:
        yield Dropped(member.origin, "empty")
