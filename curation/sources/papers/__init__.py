"""Papers: JATS, Elsevier's XML, TEI of GROBID, LaTeX trees, Markdown, HTML, PDF with a text layer, tables with a text column.

In: one file an input; a LaTeX main file and the files it includes are one input. Out: one document a paper, `work` = its
DOI or other identifier, else its path; a paper over `max_document_bytes` goes on in further pieces.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from curation.errors import InputError
from curation.source import Dropped, File, Input, Part, Record
from curation.sources import formats, splitting
from curation.sources.books.editions import edition
from curation.sources.emit import placed, table_records, text_records
from curation.sources.encoding import Decoded, decode
from curation.sources.htmltext import html_chapters
from curation.sources.jats import articles
from curation.sources.latex import latex_chapters
from curation.sources.members import Member, damaged, members
from curation.sources.papermarkdown import paper_chapters
from curation.sources.papers.trees import is_main, loader, mains, members_of
from curation.sources.records import Row
from curation.sources.xmltree import decode_markup
from curation.stage import Settings

KIND = "papers"
LIBRARIES: tuple[str, ...] = ("charset-normalizer", "lxml", "pypdf")
REASONS = {
    "empty": "the file holds nothing",
    "binary": "the file is no text in any encoding",
    "media": "a figure",
    "metadata": "bibliography, style or build file of a LaTeX tree",
    "included": "the text stands in the document of the file that includes it",
    "no_text": "the file or the row holds no text of its own",
    "no_text_layer": "a PDF of page images",
    "unknown_format": "a format that no reader knows",
    "encrypted": "a password protects it",
    "unreadable": "markup, PDF or table damaged beyond reading",
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
_TEX_HELP = tuple(
    [
        ".bib",
        ".bst",
        ".cls",
        ".sty",
        ".bbl",
        ".aux",
        ".log",
        ".clo",
        ".cfg",
        ".def",
        ".fd",
        ".ist",
        ".opm",
        ".toc",
        ".out",
        ".blg",
    ]
)
_ARTICLES = frozenset(
    f"xml:{root}"
    for root in ("article", "pmc-articleset", "articles", "full-text-retrieval-response", "converted-article", "simple-article")
)
_TEX = (".tex", ".ltx", ".latex")
_MAX_TREE_CHARS = 64 << 20
MIN_FRAGMENT_CHARS = 200  # beside a main file, a shorter one holds settings


class Config(Settings):
    """`text_column` names the column of tables; without it the usual names are tried."""

    max_document_bytes: int = Field(default=512 << 10, ge=1024, le=32 << 20)
    text_column: str | None = None


def list_inputs(files: list[File], config: Config) -> list[Input]:
    """LaTeX trees on disk become one input each, under the path of their main file."""
    by_path = {file.path: file for file in files}
    sources = {file.path: _tex_source(file) for file in files if file.path.lower().endswith(_TEX) and file.size <= 4 << 20}
    inputs, claimed = [], set()
    for main in mains(sources):
        paths = [path for path in members_of(main, sources) if path not in claimed]
        claimed.update(paths)
        inputs.append(Input(main, tuple(by_path[path] for path in paths)))
    inputs += [Input(file.path, (file,)) for file in files if file.path not in claimed]
    return sorted(inputs, key=lambda item: item.key)


def _tex_source(file: File) -> str:
    try:
        return decode(file.real.read_bytes()).text
    except OSError:
        return ""


def splittable(file: File, config: Config) -> list[Part]:
    """Archives with LaTeX in them are read whole: what a main file includes may stand anywhere in them."""
    parts = splitting.parts(file)
    try:
        return [] if parts and any(name.lower().endswith(_TEX) for name in splitting.member_names(file)) else parts
    except InputError:
        return []  # reading it as a whole says what is wrong


def read(item: Input, config: Config) -> Iterator[Record | Dropped]:
    if item.part and not splitting.is_cut_by_member(item):
        yield from splitting.read_input(item, lambda member, part: _read_member(member, config, part))
        return
    tree: dict[str, Decoded] = {}
    container = None
    for member in members(item, splitting.from_inside(None)):
        if container != (place := _container(member.origin)):
            yield from _papers(tree, config)
            tree, container = {}, place
        if isinstance(member, Dropped):
            yield member
            continue
        try:
            if member.part:
                found = _read_member(member, config, member.part)
                yield from splitting.without_repeats(found, member, member.part)
                continue
            source = _latex_source(member)
            if source is None:
                yield from _read_member(member, config)
                continue
        except InputError as error:
            yield damaged(member, error)
            continue
        tree[member.origin] = source
        if sum(len(decoded.text) for decoded in tree.values()) > _MAX_TREE_CHARS:
            yield from _papers(tree, config)
            tree = {}
    yield from _papers(tree, config)


def _container(origin: str) -> str:
    """The innermost archive; files of one input on disk share the empty one."""
    return origin.rpartition("!")[0]


def _latex_source(member: Member) -> Decoded | None:
    """The decoded source, where the member is LaTeX: by name, or by content where the name says nothing."""
    is_named_so = member.name.lower().endswith(_TEX)
    if is_named_so and formats.detect(member) in ("latex", "text", "markdown", "csv"):
        return decode(member.read())
    return decode(member.read()) if formats.detect(member) == "latex" and not member.name.lower().endswith(_TEX_HELP) else None


def _papers(decoded: dict[str, Decoded], config: Config) -> Iterator[Record | Dropped]:
    """Documents of the LaTeX files of one container: one a main file, or one a file where there is no main file."""
    tree = {path: each.text for path, each in decoded.items()}
    heads = mains(tree)
    included = {path for head in heads for path in members_of(head, tree)[1:]}
    for path, source in tree.items():
        if path in included:
            yield Dropped(path, "included")
            continue
        is_fragment = bool(heads) and path not in heads
        chapters = latex_chapters(source, loader(path, tree) if is_main(source) else lambda name: None)
        if is_fragment and sum(map(len, chapters)) < MIN_FRAGMENT_CHARS:
            chapters = []
        yield from _or_no_text(path, placed(path, chapters, config.max_document_bytes, note=decoded[path].note))


def _or_no_text(origin: str, records: Iterator[Record]) -> Iterator[Record | Dropped]:
    found = False
    for record in records:
        found = True
        yield record
    if not found:
        yield Dropped(origin, "no_text")


def _read_member(member: Member, config: Config, part: Part | None = None) -> Iterator[Record | Dropped]:
    kind, limit = formats.detect(member), config.max_document_bytes
    if kind in formats.DROPS:
        yield Dropped(member.origin, kind)
    elif member.name.lower().endswith(_TEX_HELP):
        yield Dropped(member.origin, "metadata")
    elif kind in ("json", "csv", "parquet"):
        yield from table_records(member, kind, part, config.text_column, limit, _row_chapters)
    elif kind in _ARTICLES:
        yield from _jats(member, limit)
    elif kind == "text":
        yield from text_records(member, part, limit)
    elif kind == "markdown":
        decoded = decode(member.read())
        yield from _or_no_text(member.origin, placed(member.origin, paper_chapters(decoded.text), limit, note=decoded.note))
    else:
        chapters, note = edition(member, kind)
        yield from _or_no_text(member.origin, placed(member.origin, chapters, limit, note=note))


def _row_chapters(row: Row) -> list[str]:
    start = row.text.lstrip()
    if start[:1] == "<" and "</" in start:
        return html_chapters(row.text)
    return latex_chapters(row.text) if is_main(row.text) else [row.text]


def _jats(member: Member, limit: int) -> Iterator[Record | Dropped]:
    decoded = decode_markup(member.read())
    found = list(articles(decoded.text))
    for number, article in enumerate(found, 1):
        origin = member.origin if len(found) == 1 else f"{member.origin}#article {number}"
        records = placed(
            origin,
            article.chapters,
            limit,
            work=article.work or origin,
            revised=article.revised,
            license=article.license,
            note=decoded.note,
        )
        yield from _or_no_text(origin, records)
    if not found:
        yield Dropped(member.origin, "no_text")
