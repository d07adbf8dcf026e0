"""Books of any edition, cut into documents of bounded size.

In: one file an input: plain text of any encoding, Gutenberg's, EPUB 2 and 3, HTML, TEI, FB2, DOCX, ODT, PDF with a text
layer, LaTeX, Markdown, or a table with a text column; compressed, in archives, as it comes.
Out: Records, chapter by chapter, `work` = the book, `ordinal` = number of the piece, origin `path!member#number` (plain
text larger than 16 MiB: `#byte offset/number`, so that parts of a large file need not know each other).

`max_document_bytes` is 128 KiB because a chapter then nearly always stays whole: of 607 chapters over 2 kB in 12 novels of four
languages the median has 13 kB, the 95th percentile 59 kB, and four are longer.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from curation.source import Dropped, File, Input, Part, Record, one_input_per_file
from curation.sources import formats, splitting
from curation.sources.books.editions import edition
from curation.sources.emit import numbered, placed, table_records
from curation.sources.htmltext import html_chapters
from curation.sources.members import Member
from curation.sources.plaintext import plain_chapters
from curation.sources.records import Row
from curation.sources.segments import segments
from curation.stage import Settings

KIND = "books"
LIBRARIES: tuple[str, ...] = ("charset-normalizer", "lxml", "pypdf")
REASONS = {
    "empty": "the file holds no text",
    "binary": "the file is no text in any encoding",
    "media": "an image, a sound, a font",
    "unknown_format": "a format that no reader knows (RTF, MOBI, DjVu, PostScript, old Word, RAR …)",
    "encrypted": "a password or DRM protects it",
    "unreadable": "markup, PDF or table damaged beyond reading",
    "no_text": "the file or the row holds no text of its own",
    "no_text_layer": "a PDF of page images",
    "broken_record": "an element of a JSON or CSV file that cannot be parsed",
    "record_too_large": "an element larger than 64 MiB",
    "link": "a link inside an archive",
    "special_file": "a pipe or device",
    "unsafe_path": "a name in an archive that leads out of it",
    "archive_bomb": "more came out of a file than an honest one holds",
    "too_deep": "archives in archives beyond eight layers",
    "truncated": "the file ends before its content does",
    "corrupt_archive": "a damaged archive or compressed file",
}


class Config(Settings):
    """`text_column` names the column of tables; without it the usual names are tried."""

    max_document_bytes: int = Field(default=128 << 10, ge=1024, le=32 << 20)
    text_column: str | None = None


def list_inputs(files: list[File], config: Config) -> list[Input]:
    return one_input_per_file(files)


def splittable(file: File, config: Config) -> list[Part]:
    return splitting.parts(file)


def read(item: Input, config: Config) -> Iterator[Record | Dropped]:
    return splitting.read_input(item, lambda member, part: _read_member(member, config, part))


def _read_member(member: Member, config: Config, part: Part | None = None) -> Iterator[Record | Dropped]:
    kind = formats.detect(member)
    if kind in formats.DROPS:
        yield Dropped(member.origin, kind)
    elif kind in ("json", "csv", "parquet"):
        yield from table_records(member, kind, part, config.text_column, config.max_document_bytes, _row_chapters)
    elif kind == "text":
        yield from _plain(member, config, part)
    else:
        found = False
        chapters, note = edition(member, kind)
        for record in numbered(member.origin, chapters, config.max_document_bytes, work=member.origin, note=note):
            found = True
            yield record
        if not found:
            yield Dropped(member.origin, "no_text")


def _row_chapters(row: Row) -> list[str]:
    is_markup = row.text.lstrip()[:1] == "<" and "</" in row.text
    return html_chapters(row.text) if is_markup else plain_chapters(row.text)


def _plain(member: Member, config: Config, part: Part | None) -> Iterator[Record | Dropped]:
    found = False
    for segment in segments(member.open(), part):
        chapters = plain_chapters(segment.text)
        if segment.is_whole:
            records = numbered(member.origin, chapters, config.max_document_bytes, work=member.origin, note=segment.note)
        else:
            place = f"{member.origin}#byte {segment.start}"
            records = placed(place, chapters, config.max_document_bytes, work=member.origin, note=segment.note)
        for record in records:
            found = True
            yield record
    if not found and part is None:
        yield Dropped(member.origin, "no_text")
