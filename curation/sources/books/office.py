"""DOCX and ODT: paragraphs in order, chapters at first-level headings, notes at the end.

In: an opened zip. Out: chapters. Deleted text of tracked changes, fields, comments, headers and footers are left out.
"""

from __future__ import annotations

import re
import zipfile
from typing import Any

from curation.sources.markup import Markup, text_chapters
from curation.sources.xmltree import decode_markup, local_name, parse_xml
from curation.sources.zipdocuments import zip_read

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_CONTENTS = re.compile(r"(?:TOC|Verzeichnis|TM|Spistreci|Sumário|Sommario|Оглавление|Inhopg)\s*\d+$|TOCHeading$", re.IGNORECASE)
_HEADING = re.compile(
    r"(?:heading|titre|überschrift|berschrift|nagwek|заголовок|título|titolo|kop|rubrik)\s*[12]$|^title$", re.IGNORECASE
)
_ODT = Markup(
    block=frozenset(["p", "h", "table-row", "list-item", "note-body"]),
    skip=frozenset(["annotation", "tracked-changes", "note-citation", "sequence-decls", "forms", "image"]),
    chapter=frozenset(["h"]),
    line=frozenset(["line-break"]),
    item=frozenset(["list-item"]),
    cell=frozenset(["table-cell"]),
    row=frozenset(["table-row"]),
    preformatted=frozenset(),
)


def odt_chapters(archive: zipfile.ZipFile) -> list[str]:
    root = parse_xml(decode_markup(zip_read(archive, "content.xml")).text)
    for element in root.iter("{*}s"):
        element.text = " "
    return ["\n\n".join(blocks) for blocks in text_chapters(root, _ODT)]


def docx_chapters(archive: zipfile.ZipFile) -> list[str]:
    chapters: list[list[str]] = [[]]
    for part in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
        if part not in archive.namelist():
            continue
        root = parse_xml(decode_markup(zip_read(archive, part)).text)
        for block, is_heading in _blocks(root):
            if is_heading and chapters[-1]:
                chapters.append([])
            chapters[-1].append(block)
    return ["\n\n".join(blocks) for blocks in chapters if blocks]


def _blocks(root: Any) -> list[tuple[str, bool]]:
    """Paragraphs and table rows with whether they are headings."""
    from lxml import etree

    blocks: list[tuple[str, bool]] = []
    pieces: list[str] = []
    style, row_depth = "", 0
    for fallback in list(root.iter("{*}Fallback")):  # says again what the text box beside it says
        fallback.getparent().remove(fallback)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local_name(element)
        if event == "start":
            if name == "p" and not row_depth:
                pieces, style = [], ""
            elif name == "tr":
                pieces = pieces if row_depth else []
                row_depth += 1
            elif name == "pstyle":
                style = element.get(f"{_W}val", "")
            elif name in ("tab", "ptab"):
                pieces.append("\t")
            elif name in ("br", "cr"):
                pieces.append("\n")
            elif name == "nobreakhyphen":
                pieces.append("-")
        elif name == "t" and element.tag in (f"{_W}t", f"{_M}t"):
            pieces.append(element.text or "")
        elif name == "tc" and row_depth:
            pieces.append(" | ")
        elif (name == "p" and not row_depth) or name == "tr":
            row_depth -= name == "tr"
            text = "".join(pieces).strip(" |\t\n")
            if not row_depth:
                if text and not _CONTENTS.match(style):
                    blocks.append((text, bool(_HEADING.search(style)) and name == "p"))
                pieces = []
    return blocks
