"""Whole HTML documents as text, for editions of books and for pages of known structure; web pages go to `web`.

In: HTML. Out: chapters of blocks. Dropped: scripts, forms, navigation, tables of contents, page numbers in the margin,
links to notes and back, imprints, indexes, readings beside characters (ruby), and the frame that Gutenberg's editions
mark by id or class. Formulas in MathML become LaTeX; notes of LaTeXML follow their paragraph.
"""

from __future__ import annotations

import re
from typing import Any

from curation.sources.contents import remove_contents
from curation.sources.markup import Markup, names, text_chapters
from curation.sources.mathml import write_formulas
from curation.sources.notemarks import is_note_mark, is_raised_mark
from curation.sources.notes import move_notes
from curation.sources.xmltree import local_name, parse_html

_SKIP = names(
    "script style head nav noscript template svg form button select textarea iframe object audio video map canvas "
    "dialog math-annotation rp rt rtc"
)
_BLOCK = names(
    "p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table tr caption section article aside header footer "
    "main figure figcaption hr address center body html fieldset details summary thead tbody tfoot title listing xmp"
)
_NOISE = re.compile(
    r"\b(?:pagenum\w*|page-?number|page-?break|pageno|pgnum|pg-?boilerplate|pg-?header|pg-?footer|pgheader|pgfooter|toc|contents|noteref|"
    r"fnanchor|footnote-?ref|visually-?hidden|sr-only|navbar|breadcrumbs?|linenum|transnote|"
    r"ltx_(?:bibliography|cite|note_mark|tag_note|authors|dates|TOC|page_navbar|page_header|page_footer))\b",
    re.IGNORECASE,
)
_NOISE_TYPES = names(
    "noteref pagebreak toc landmarks page-list loi lot lov backlink index copyright-page imprint colophon doc-noteref "
    "doc-pagebreak doc-toc doc-pagelist doc-backlink doc-index doc-colophon"
)
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


_VERSE_LINE = re.compile(r"\b(?:line|verse|vers|l|i\d{1,3}|indent-?\d*|poem-?line|v\d?)\b", re.IGNORECASE)
_POEM = re.compile(r"\b(?:stanza|poem|poetry|verse|strophe|linegroup|line-?group|lg)\b", re.IGNORECASE)


def is_verse_line(element: Any) -> bool:
    """A line of a poem by its class and by that of what it stands in, as newer editions mark them up."""
    kind = element.get("class")
    parent = element.getparent()
    if not kind or parent is None or not _VERSE_LINE.search(kind):
        return False
    return bool(_POEM.search(parent.get("class") or ""))


def is_noise(element: Any) -> bool:
    """By the attributes class, id, role, hidden and epub:type; never the document itself."""
    if local_name(element) in ("html", "body"):
        return False
    attributes = element.attrib
    name = local_name(element)
    if name in ("a", "sup") and (is_raised_mark(element) or (name == "a" and is_note_mark(element, element.get("href") or ""))):
        return True
    if not attributes:
        return False
    if "hidden" in attributes or "display:none" in (attributes.get("style") or "").replace(" ", ""):
        return True
    types = f"{attributes.get(_EPUB_TYPE, '')} {attributes.get('epub:type', '')} {attributes.get('role', '')}".split()
    if not _NOISE_TYPES.isdisjoint(types):
        return True
    return bool(_NOISE.search(f"{attributes.get('class', '')} {attributes.get('id', '')}"))


_NOTES = frozenset(["aside"])
_PARAGRAPHS = frozenset(["p"])
HTML = Markup(block=_BLOCK, skip=_SKIP, chapter=frozenset(["h1", "h2", "h3"]), skip_if=is_noise, verse_if=is_verse_line)


def html_chapters(text: str) -> list[str]:
    """One string a chapter, blocks divided by empty lines."""
    root = parse_html(text)
    if "<math" in text or "<m:math" in text:
        write_formulas(root)
    if "ltx_note_outer" in text:
        for note in root.iter("span"):
            note.tag = "aside" if "ltx_note_outer" in (note.get("class") or "").split() else "span"
        move_notes(root, _NOTES, _PARAGRAPHS, frozenset())
    remove_contents(root)
    return ["\n\n".join(blocks) for blocks in text_chapters(root, HTML)]
