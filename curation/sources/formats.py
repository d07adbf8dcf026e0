"""What a file is, by its content; its name decides only between forms of plain text.

In: a Member. Out: a word: pdf, warc, parquet, zip_document, html, xml:<root>, json, csv, markdown, latex, text, or a
drop reason: media, binary, unknown_format, encrypted.
"""

from __future__ import annotations

import csv
import re

from curation.sources.encoding import decode, is_binary
from curation.sources.markdown import JSON_FRONT
from curation.sources.members import Member

DROPS = frozenset(["media", "binary", "unknown_format", "encrypted"])

_MAGIC = (
    (b"PK\x03\x04", "zip_document"), (b"PAR1", "parquet"), (b"PARE", "encrypted"), (b"WARC/", "warc"), (b"filedesc://",
    "arc"), (b"{\\rtf", "unknown_format"), (b"%!PS", "unknown_format"), (b"AT&TFORM", "unknown_format"), (b"SQLite format 3",
    "unknown_format"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unknown_format"), (b"ITOLITLS", "unknown_format"), (b"ITSF",
    "unknown_format"), (b"!<arch>\n", "unknown_format"), (b"070701", "unknown_format"), (b"070707", "unknown_format"),
    (b"ARROW1", "unknown_format"), (b"\x89PNG", "media"), (b"\xff\xd8\xff", "media"), (b"GIF87a", "media"), (b"GIF89a",
    "media"), (b"RIFF", "media"), (b"OggS", "media"), (b"ID3", "media"), (b"fLaC", "media"), (b"wOFF", "media"), (b"wOF2",
    "media"), (b"OTTO\0", "media"), (b"\0\1\0\0\0", "media"), (b"\0\0\1\0", "media"), (b"II*\0", "media"), (b"MM\0*",
    "media"), (b"\x1aE\xdf\xa3", "media"), (b"BM", "bmp"),
)  # fmt: skip

_ROOT = re.compile(r"<(?!!|\?)(?:[\w.-]{1,40}:)?([A-Za-z_][\w.-]{0,60})")
_PROLOG = re.compile(
    r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s+(?P<doctype>[\w:.-]+)[^\[>]*(?:\[.*?\]\s*)?>)+", re.DOTALL | re.IGNORECASE
)
_HTML_TAG = re.compile(
    r"<(?:html|head|body|div|p|table|span|article|h[1-6]|br|a|meta|title|ul|!doctype html)[\s>/]", re.IGNORECASE
)
_LATEX = re.compile(
    r"^[ \t]*\\(?:documentclass|documentstyle|begin\{document\}|(?:part|chapter|(?:sub)*section)\*?\{|"
    r"input\{|usepackage|title\{)",
    re.MULTILINE,
)
_FRONT_MATTER = re.compile(r"\A(?:---|\+\+\+)[ \t]*\n(?:[^\n]*\n){1,200}?(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|\Z)")
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|```|\[[^\]\n]+\]: |!\[[^\]\n]*\]\()|\[[^\]\n]{1,200}\]\([^)\n]{1,400}\)", re.MULTILINE)
_MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd")
_CSV_SUFFIXES = (".csv", ".tsv", ".tab")


def detect(member: Member) -> str:
    """The format of a member."""
    head = member.head
    for magic, word in _MAGIC:
        if head.startswith(magic):
            return _checked(word, head)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[4:8] == b"ftyp" or head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf1"):
        return "media"
    if head[60:68] in (b"BOOKMOBI", b"TEXtREAd"):
        return "unknown_format"
    if is_binary(head):
        return "binary"
    return _text_format(decode(head[:16384]).text, member.name.lower())


def _checked(word: str, head: bytes) -> str:
    if word == "bmp":
        return "media" if is_binary(head) else "text"
    return word


def _text_format(text: str, name: str) -> str:
    text = text.lstrip("\ufeff")
    start = text.lstrip()
    if start[:1] == "<":
        return _markup_format(start)
    is_named_markdown = name.endswith(_MARKDOWN_SUFFIXES)
    if start[:1] in "{[" and _is_json(start):
        return "markdown" if is_named_markdown and JSON_FRONT.match(text) else "json"
    if _FRONT_MATTER.match(text):
        return "markdown"
    if _LATEX.search(text) and not is_named_markdown:
        return "latex"
    if is_named_markdown:
        return "markdown"
    if len(_HTML_TAG.findall(start)) > 5 and re.search(r"</(?:p|div|html|body|table)>", start, re.IGNORECASE):
        return "html"
    if table_dialect(text, name.endswith(_CSV_SUFFIXES)):
        return "csv"
    return "markdown" if len(_MARKDOWN.findall(text)) > 4 else "text"


def _markup_format(start: str) -> str:
    prolog = _PROLOG.match(start)
    doctype = (prolog["doctype"] or "").lower() if prolog else ""
    rest = start[prolog.end() :] if prolog else start
    root = _ROOT.match(rest)
    name = root[1] if root else ""
    if doctype == "html" or name.lower() in (
        "html",
        "head",
        "body",
        "div",
        "p",
        "table",
        "meta",
        "title",
        "script",
        "h1",
        "center",
        "span",
    ):
        return "html"
    if not name:
        return "html" if _HTML_TAG.search(start) else "text"
    if start.startswith("<?xml") or doctype or re.match(r"<[^>]*\bxmlns\b", rest) or _closes(rest, name):
        return f"xml:{name.lower()}"
    return "html" if _HTML_TAG.search(start) else f"xml:{name.lower()}"


def _closes(rest: str, name: str) -> bool:
    return len(rest) > 16000 or f"</{name}" in rest


def _is_json(start: str) -> bool:
    """`{"key"` or `[{` or `["` and the like; not a Markdown link or a LaTeX group."""
    return bool(
        re.match(r'(?:\{\s*(?:"(?:[^"\\]|\\.){0,200}"\s*:|\}|\Z)|\[\s*(?:[\[{"\]]|-?\d|true|false|null|\Z))', start)
    ) and not re.match(r"\[[^\]\n\"{]*\][(:]", start)


def table_dialect(text: str, is_named_so: bool = False) -> str:
    """The delimiter of a table with a header line, or the empty string."""
    lines = [line for line in text.split("\n")[:40] if line.strip()]
    if not lines:
        return ""
    has_gaps = not is_named_so and bool(re.search(r"\n[ \t\r]*\n(?=.)", text[:2000]))  # paragraphs, such as a book's title page
    for delimiter in ("\t", ",", ";", "|"):
        try:
            rows = list(csv.reader(lines[:-1] or lines, delimiter=delimiter))
        except csv.Error:
            continue
        width = len(rows[0])
        if width < 2:
            continue
        header_like = all(cell.strip() and len(cell) < 40 and cell.strip()[-1] not in ".!?" for cell in rows[0])
        equal = sum(1 for row in rows if len(row) == width)
        quoted_over_lines = (equal < 0.9 * len(rows) or has_gaps) and _is_quoted_table(text, delimiter, width)
        unique = len({cell.strip().lower() for cell in rows[0]}) == width
        if (
            header_like
            and unique
            and ((equal >= 0.9 * len(rows) and not has_gaps) or quoted_over_lines)
            and (is_named_so or ((len(rows) > 2 or quoted_over_lines) and _names(rows[0])))
        ):
            return delimiter
    return "," if is_named_so else ""


def _is_quoted_table(text: str, delimiter: str, width: int) -> bool:
    """Whether cells in quotation marks run over lines: read so, all rows are as wide as the header. Talk in a novel is not."""
    if not re.search(rf'(?:^|{re.escape(delimiter)})"', text, re.MULTILINE):
        return False
    rows: list[list[str]] = []
    try:
        for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True):
            rows += [row] if row else []
    except csv.Error as error:
        if "end of data" not in str(error):
            return False
        rows.append([])  # the head ends inside a cell
    whole = rows[1:-1]  # the last may be cut
    if not whole:
        return len(rows) == 2
    return sum(len(row) == width for row in whole) >= 0.9 * len(whole) and any("\n" in cell for row in rows for cell in row)


def _names(header: list[str]) -> bool:
    return all(re.fullmatch(r"[A-Za-z_][\w .\-/()]{0,38}", cell.strip()) for cell in header)
