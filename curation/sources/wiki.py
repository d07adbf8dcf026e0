"""Wikis: MediaWiki XML exports (pages-articles, pages-meta-current, with history), whole, in parts or cut short.

In: exports under any compression, or inside archives; also tables with a column of wikitext or text, the files that
WikiExtractor writes, and plain text. Out: one document a page of the wanted namespaces, its newest
revision as clean text (wikitext/) under its title. `origin` is file#Title, `work` is site/page number, `revised` the
time of the revision. Namespaces and their words come from the export's own `siteinfo`.
A file that stops before the end of the export gives its pages, then InputError("truncated").
Cost: see benchmarks/sources_readers.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from curation.errors import InputError
from curation.source import Dropped, File, Input, Part, Record, one_input_per_file
from curation.sources import formats, records, splitting, wiki_parts
from curation.sources.emit import text_records
from curation.sources.members import Member
from curation.sources.wiki_export import Page, Pages, as_utf8, has_root, is_export, read_site
from curation.sources.wiki_extracted import extracted_pages, is_extracted
from curation.sources.wikitext import Site, plain_text
from curation.stage import Settings

KIND = "wiki"
MAX_TEXT_BYTES = 1 << 20  # of a document of plain text; a longer one goes on in further documents
WIKITEXT_COLUMNS = ("wikitext", "wiki_text", "wikicode", "source_text", "markup")
LIBRARIES: tuple[str, ...] = ()
REASONS = {
    "redirect": "The page only points to another one.",
    "namespace": "The page is no article: a talk page, a template, a category …",
    "not_wikitext": "The page holds data or code (JSON, CSS, Lua), not wikitext.",
    "no_text": "Nothing readable is left of the page without its markup.",
    "empty": "The page has no text.",
    "broken_record": "The page lacks its text element.",
    "record_too_large": "One revision is larger than max_record_bytes.",
    "truncated": "The export stops inside this page.",
    "unknown_format": "The file is no MediaWiki export, no table with a text column and no plain text.",
    "media": "A picture, a sound, a font.",
}


class Config(Settings):
    """`namespaces`: numbers of the namespaces whose pages are articles. `text_column`: of tables, where no usual name fits."""

    namespaces: tuple[int, ...] = (0,)
    text_column: str | None = None


def list_inputs(files: list[File], config: Config) -> list[Input]:
    return one_input_per_file(files)


def splittable(file: File, config: Config) -> list[Part]:
    return wiki_parts.parts(file)


def read(item: Input, config: Config) -> Iterator[Record | Dropped]:
    export = wiki_parts.opened(item)
    if export is None:
        yield from splitting.read_input(item, lambda member, part: _read_member(member, config, part))
        return
    head, origin, stream = export
    with stream:
        yield from _read_pages(stream, head, origin, config)  # type: ignore[arg-type]


def _read_member(member: Member, config: Config, part: Part | None = None) -> Iterator[Record | Dropped]:
    if is_export(member.head):
        yield from _read_pages(as_utf8(member.open(), member.head), member.head, member.origin, config)
        return
    kind = formats.detect(member)
    if kind in ("json", "csv", "parquet"):
        yield from _read_rows(member, kind, part, config)
    elif is_extracted(member.head):
        yield from extracted_pages(member)
    elif kind in ("text", "markdown"):
        yield from text_records(member, part, MAX_TEXT_BYTES)
    else:
        yield Dropped(member.origin, kind if kind in formats.DROPS else "unknown_format")


def _read_pages(stream: BinaryIO, head: bytes, origin: str, config: Config) -> Iterator[Record | Dropped]:
    site = read_site(head)
    pages = Pages(stream)
    for page in pages:
        yield _document(page, origin, site, config)
    if pages.is_inside_page or (has_root(head) and not pages.ended):
        raise InputError("truncated", where=origin)


def _read_rows(member: Member, kind: str, part: Part | None, config: Config) -> Iterator[Record | Dropped]:
    """Pages as rows of a data set: wikitext under a column of that name, else text that was cleaned before."""
    for place, value in records.rows(member, kind, part):
        origin = f"{member.origin}#{place}"
        row = None if isinstance(value, records.Broken) else records.read_row(value, config.text_column)
        if isinstance(value, records.Broken):
            yield Dropped(origin, "broken_record")
            continue
        fields = value if isinstance(value, dict) else {}
        title = str(fields.get("title") or "")
        source = next((fields[name] for name in WIKITEXT_COLUMNS if isinstance(fields.get(name), str)), None)
        text = plain_text(source, title=title, drop_empty_sections=True) if source is not None else row.text if row else ""
        if not text.strip():
            yield Dropped(origin, "no_text")
            continue
        headed = text if not title or text.startswith(title) else f"{title}\n\n{text}"
        work = (row.work if row else "") or title or place
        revised, license = (row.revised, row.license) if row else (None, "")
        yield Record(origin, headed, f"{member.name}/{work}", revised=revised, license=license)


def _document(page: Page, origin: str, site: Site, config: Config) -> Record | Dropped:
    origin = f"{origin}#{page.title}"
    work = f"{site.name}/{page.number or page.title}"
    namespace = page.namespace if page.namespace is not None else _namespace_of(page.title, site)
    if namespace not in config.namespaces:
        return Dropped(origin, "namespace", work)
    if page.is_redirect:
        return Dropped(origin, "redirect", work)
    if page.text is None or not page.text.strip():
        return Dropped(origin, page.fault or "empty", work)
    if page.model not in ("", "wikitext"):
        return Dropped(origin, "not_wikitext", work)
    if _is_redirect(page.text):
        return Dropped(origin, "redirect", work)
    text = plain_text(page.text, site, title=page.title, drop_empty_sections=True)
    if not text:
        return Dropped(origin, "no_text", work)
    return Record(origin, f"{page.title}\n\n{text}", work, revised=_time(page.timestamp))


def _namespace_of(title: str, site: Site) -> int:
    prefix, colon, _ = title.partition(":")
    return site.namespace(prefix) if colon else 0


def _is_redirect(text: str) -> bool:
    """`#WORD [[target]]` at the start, in any language; a numbered list puts no word right after its sign."""
    start = text[:200].lstrip()
    word, bracket, _ = start.partition("[[")
    return start.startswith("#") and bool(bracket) and re.sub("[_\u200c]", "", word[1:]).rstrip(": \t\n").isalpha()


def _time(stamp: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return time if time.tzinfo else None
