"""DOCX: paragraphs in order, chapters at headings, notes at the end.

In: an opened zip. Out: chapters. Styles count by the names that Word gives them in every language, not by their ids. Left
out: deleted, moved and hidden text, tables of contents, comments, headers and footers, readings beside characters.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from curation.errors import InputError
from curation.sources.omml import formula_text
from curation.sources.xmltree import decode_markup, local_name, parse_xml
from curation.sources.zipdocuments import zip_read

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CONTENTS = re.compile(
    r"(?:TOC|Verzeichnis|TM|Spistreci|Sumário|Sommario|Оглавление|Inhopg|table of figures)\s*\d*$|TOC ?Heading$", re.IGNORECASE
)
_HEADING = re.compile(
    r"(?:heading|titre|überschrift|berschrift|nagwek|заголовок|título|titolo|kop|rubrik)\s*[12]$|^title$", re.IGNORECASE
)
_EXPONENT = re.compile(r"[-+−–]?\d")
_OFF = ("0", "false", "off")
_SKIPPED = frozenset(["movefrom", "del", "rt", "omath"])


@dataclass(slots=True)
class _Paragraph:
    pieces: list[str] = field(default_factory=list)
    style: str = ""
    is_heading: bool = False
    is_item: bool = False


def docx_chapters(archive: zipfile.ZipFile) -> list[str]:
    styles = _styles(archive)
    chapters: list[list[str]] = [[]]
    for part in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
        if part not in archive.namelist():
            continue
        root = parse_xml(decode_markup(zip_read(archive, part)).text)
        for block, is_heading in _Blocks(root, styles).found:
            if is_heading and chapters[-1]:
                chapters.append([])
            chapters[-1].append(block)
    return ["\n\n".join(blocks) for blocks in chapters if blocks]


def _styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Names of styles by their ids, which a German Word calls `berschrift1` and a Russian one `1`."""
    try:
        root = parse_xml(decode_markup(zip_read(archive, "word/styles.xml")).text)
    except InputError:
        return {}
    named = ((style, style.find(f"./{_W}name")) for style in root.iter(f"{_W}style"))
    return {style.get(f"{_W}styleId", ""): name.get(f"{_W}val", "") for style, name in named if name is not None}


class _Blocks:
    """Paragraphs and table rows with whether they are headings; text boxes before the paragraph they hang on."""

    def __init__(self, root: Any, styles: dict[str, str]) -> None:
        from lxml import etree

        self.found: list[tuple[str, bool]] = []
        self._styles = styles
        self._open = [_Paragraph()]
        self._row_depth = 0
        self._is_raised = self._is_hidden = False
        for fallback in list(root.iter("{*}Fallback")):  # says again what the text box beside it says
            fallback.getparent().remove(fallback)
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = local_name(element)
            if event == "start" and name in _SKIPPED:
                walk.skip_subtree()
                if name == "omath":
                    self._open[-1].pieces.append(formula_text(element))
            elif event == "start":
                self._start(name, element)
            else:
                self._end(name, element)

    def _start(self, name: str, element: Any) -> None:
        paragraph = self._open[-1]
        value = element.get(f"{_W}val", "")
        if name == "p" and not self._row_depth:
            self._open.append(_Paragraph())
        elif name == "tr":
            if not self._row_depth:
                self._open.append(_Paragraph())
            self._row_depth += 1
        elif name == "r":
            self._is_raised = self._is_hidden = False
        elif name == "pstyle":
            paragraph.style = self._styles.get(value, value)
        elif name == "outlinelvl":
            paragraph.is_heading = value in ("0", "1")
        elif name == "numid":
            paragraph.is_item = value != "0"
        elif name == "vertalign":
            self._is_raised = value == "superscript"
        elif name == "vanish":
            self._is_hidden = value not in _OFF
        elif name in ("tab", "ptab"):
            paragraph.pieces.append("\t")
        elif name in ("br", "cr"):
            paragraph.pieces.append("\n\n" if element.get(f"{_W}type") in ("page", "column") else "\n")
        elif name == "nobreakhyphen":
            paragraph.pieces.append("-")

    def _end(self, name: str, element: Any) -> None:
        paragraph = self._open[-1]
        if name == "t" and element.tag == f"{_W}t" and not self._is_hidden:
            self._text(paragraph, element.text or "")
        elif name == "tc" and self._row_depth:
            paragraph.pieces.append(" | ")
        elif name == "p" and self._row_depth:
            paragraph.pieces.append(" ")
        elif (name == "p" and not self._row_depth) or name == "tr":
            self._row_depth -= name == "tr"
            if not self._row_depth and len(self._open) > 1:
                self._close(self._open.pop(), name == "p")

    def _text(self, paragraph: _Paragraph, text: str) -> None:
        if self._is_raised and paragraph.pieces and paragraph.pieces[-1][-1:].isdigit() and _EXPONENT.match(text):
            paragraph.pieces.append("^")
        paragraph.pieces.append(text)

    def _close(self, paragraph: _Paragraph, is_paragraph: bool) -> None:
        text = re.sub(r" {2,}\|", " |", "".join(paragraph.pieces)).strip(" |\t\n")
        if not text or _CONTENTS.match(paragraph.style):
            return
        is_heading = is_paragraph and (paragraph.is_heading or _HEADING.search(paragraph.style) is not None)
        is_item = paragraph.is_item and not is_heading and not re.match(r"heading|title", paragraph.style, re.IGNORECASE)
        self.found.append((f"- {text}" if is_item else text, is_heading))
