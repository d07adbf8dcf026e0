"""Web pages: HTML, WARC and WET, feeds and blogs as WordPress and Blogger export them, Jekyll and Hugo sites, Stack Exchange,
crawls as tables; one document a page.

In: one file an input (an archive of pages is one). Out: Records with the page's main text, `work` = its address where one
is known, else its path; a page over `max_document_bytes` goes on in further pieces. Origins: `path!member`, and in files
with many pages `#record N`, `#item N`, `#row N`, `#byte N`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from curation.errors import InputError
from curation.source import Dropped, File, Input, Part, Record, one_input_per_file
from curation.sources import formats, splitting
from curation.sources.books.editions import edition
from curation.sources.emit import placed, table_records, text_records
from curation.sources.encoding import decode
from curation.sources.htmltext import html_chapters
from curation.sources.markdown import front_matter, markdown_chapters
from curation.sources.members import Member
from curation.sources.records import Row, parse_date
from curation.sources.web.feeds import FEED_ROOTS, Entry, feed_entries, feed_entries_of_part
from curation.sources.web.pages import main_text
from curation.sources.web.stackrows import STACK_ROOTS, is_bytewise, stack_entries
from curation.sources.web.warc import captures
from curation.sources.xmltree import decode_markup
from curation.stage import Settings

KIND = "web"
LIBRARIES: tuple[str, ...] = ("charset-normalizer", "lxml", "trafilatura", "htmldate", "justext", "warcio")
REASONS = {
    "empty": "the file holds nothing",
    "binary": "the file is no text in any encoding",
    "media": "an image, a sound, a font, a PDF inside a crawl",
    "asset": "a style sheet, script or map that belongs to a page",
    "metadata": "a file or an entry that only describes others",
    "draft": "the page says of itself that it is not published",
    "http_error": "the server did not answer with the page",
    "no_text": "no main text was found",
    "unknown_format": "a format that no reader knows",
    "encrypted": "a password protects it",
    "unreadable": "markup or table damaged beyond reading",
    "broken_record": "an element of a JSON or CSV file that cannot be parsed",
    "record_too_large": "a page or record beyond the limit",
    "link": "a link inside an archive",
    "special_file": "a pipe or device",
    "unsafe_path": "a name in an archive that leads out of it",
    "archive_bomb": "more came out of a file than an honest one holds",
    "too_deep": "archives in archives beyond eight layers",
    "truncated": "the file ends before its content does",
    "corrupt_archive": "a damaged archive or compressed file",
    "no_text_layer": "a PDF of page images",
}
_ASSETS = (".css", ".js", ".mjs", ".map", ".scss", ".less", ".ts", ".svg", ".webmanifest", ".ico", ".vtt", ".wasm", ".liquid")
_METADATA = ("robots.txt", "manifest.json", "sitemap.xml", "browserconfig.xml", "opensearch.xml")
_LISTINGS = ("urlset", "sitemapindex", "opensearchdescription")
_SETTINGS = (".yml", ".yaml", ".toml")  # of a site's generator; comments kept there are encoded or hashed


class Config(Settings):
    """`text_column` names the column of tables; without it the usual names are tried."""

    max_document_bytes: int = Field(default=1 << 20, ge=1024, le=32 << 20)
    text_column: str | None = None


def list_inputs(files: list[File], config: Config) -> list[Input]:
    return one_input_per_file(files)


def splittable(file: File, config: Config) -> list[Part]:
    return splitting.parts(file, _is_cuttable)


def _is_cuttable(member: Member, kind: str) -> bool:
    is_entries = kind.removeprefix("xml:") in STACK_ROOTS | FEED_ROOTS and is_bytewise(member.head)
    return kind in ("warc", "arc") or is_entries or splitting.is_table_or_text(member, kind)


def read(item: Input, config: Config) -> Iterator[Record | Dropped]:
    return splitting.read_input(item, lambda member, part: _read_member(member, config, part), _is_cuttable)


def _read_member(member: Member, config: Config, part: Part | None = None) -> Iterator[Record | Dropped]:
    kind, name = formats.detect(member), member.name.lower()
    root = kind[4:] if kind.startswith("xml:") else ""
    if kind in formats.DROPS:
        yield Dropped(member.origin, kind)
    elif name.endswith(_ASSETS) or root == "svg":
        yield Dropped(member.origin, "asset")
    elif name.endswith(_SETTINGS) or name.rpartition("/")[2] in _METADATA or root in _LISTINGS:
        yield Dropped(member.origin, "metadata")
    elif kind in ("warc", "arc"):
        yield from _warc(member, config, part)
    elif kind in ("json", "csv", "parquet"):
        yield from table_records(member, kind, part, config.text_column, config.max_document_bytes, _row_chapters)
    elif root in STACK_ROOTS or root in FEED_ROOTS:
        yield from _entries(member, root, config, part)
    elif kind == "text":
        yield from text_records(member, part, config.max_document_bytes)
    else:
        yield from _page(member, kind, root, config)


def _row_chapters(row: Row) -> list[str]:
    start = row.text.lstrip()[:2000].lower()
    if start.startswith(("<!doctype html", "<html")) or "<body" in start:
        return [main_text(row.text)]
    if start.startswith("<") and "</" in row.text:
        return html_chapters(row.text)
    return [row.text]


def _page(member: Member, kind: str, root: str, config: Config) -> Iterator[Record | Dropped]:
    revised, license = None, ""
    if kind == "html" or root == "html":
        decoded = decode_markup(member.read())
        chapters, note = [main_text(decoded.text)], decoded.note
    elif kind == "markdown":
        decoded = decode(member.read())
        note, (fields, body) = decoded.note, front_matter(decoded.text)
        if fields.get("draft") == "true" or fields.get("published") == "false":
            yield Dropped(member.origin, "draft")
            return
        title = fields.get("title", "")
        chapters = (
            [title, *markdown_chapters(body)] if title and not body.lstrip("# \n").startswith(title) else markdown_chapters(body)
        )
        revised, license = parse_date(fields.get("date", "")), fields.get("license", "")
        if not body.strip():
            chapters = []
    else:
        chapters, note = edition(member, kind)
    records = list(placed(member.origin, chapters, config.max_document_bytes, revised=revised, license=license, note=note))
    yield from records if records else [Dropped(member.origin, "no_text")]


def _warc(member: Member, config: Config, part: Part | None) -> Iterator[Record | Dropped]:
    found = False
    for capture in captures(member, part):
        found = True
        origin = f"{member.origin}#record {capture.number}"
        try:
            text, note = _captured(capture.kind, capture.data, capture.charset)
        except InputError as error:
            yield Dropped(origin, error.reason, work=capture.url)
            continue
        work = capture.url or origin
        records = list(placed(origin, [text], config.max_document_bytes, work=work, revised=capture.revised, note=note))
        yield from records if records else [Dropped(origin, "no_text", work=capture.url)]
    if not found and part is None:
        yield Dropped(member.origin, "empty")


def _captured(kind: str, data: bytes, charset: str | None) -> tuple[str, str]:
    """(main text, note)"""
    if kind == "html":
        decoded = decode_markup(data, charset)
        return main_text(decoded.text), decoded.note
    if kind == "text":
        decoded = decode(data, charset)
        return decoded.text, decoded.note
    raise InputError(kind)


def _found(member: Member, root: str, part: Part | None) -> Iterator[Entry | tuple[str, str]]:
    if root in STACK_ROOTS:
        return stack_entries(member, part)
    return feed_entries_of_part(member, part) if part else feed_entries(decode_markup(member.read()).text)


def _entries(member: Member, root: str, config: Config, part: Part | None) -> Iterator[Record | Dropped]:
    found = False
    for entry in _found(member, root, part):
        found = True
        if isinstance(entry, tuple):
            yield Dropped(f"{member.origin}#{entry[0]}", entry[1])
            continue
        origin = f"{member.origin}#{entry.place}"
        work = entry.work if len(entry.work) > 12 else f"{member.origin}#{entry.work or entry.place.removeprefix('item ')}"
        chapters = [entry.text] if entry.text else []
        records = list(
            placed(origin, chapters, config.max_document_bytes, work=work, revised=entry.revised, license=entry.license)
        )
        yield from records if records else [Dropped(origin, "no_text", work=work)]
    if not found and part is None:
        yield Dropped(member.origin, "no_text")
