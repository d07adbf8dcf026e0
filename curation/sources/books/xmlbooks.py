"""TEI and FictionBook (FB2) editions.

In: the text of an XML document. Out: chapters. TEI: of alternatives the regularized one (`reg`, `corr`, `expan`);
notes follow the paragraph in brackets' stead as their own block; page breaks, running heads (`fw`) and the header go.
FB2: bodies in order, notes last and without their numbers; description and binaries go. Verse keeps its lines in both.
"""

from __future__ import annotations

import re
from typing import Any

from curation.sources.markup import Markup, names, text_chapters
from curation.sources.notes import move_notes
from curation.sources.xmltree import local_name, parse_xml

_TEI = Markup(
    block=names(
        "p ab head div div1 div2 div3 l lg sp speaker stage item list row table quote note opener closer salute "
        "signed dateline epigraph titlepage docauthor doctitle titlepart byline trailer front body back text argument "
        "castlist castitem floatingtext label q_block"
    ),
    skip=names("teiheader fw figure graphic orig sic abbr del gap facsimile standoff surrogates"),
    chapter=frozenset(["div", "div1", "div2"]),
    line=frozenset(),
    item=frozenset(["item"]),
    cell=frozenset(["cell"]),
    row=frozenset(["row"]),
    preformatted=frozenset(),
    verse_line=frozenset(["l"]),
    skip_if=lambda element: _is_noise(element),
)
_FB2 = Markup(
    block=names("p v title subtitle section stanza poem epigraph cite text-author body tr table annotation"),
    skip=frozenset(["description", "binary", "stylesheet", "image"]),
    chapter=frozenset(["section"]),
    line=frozenset(["empty-line"]),
    item=frozenset(),
    preformatted=frozenset(),
    verse_line=frozenset(["v"]),
    skip_if=lambda element: local_name(element) == "a" and element.get("type") == "note",
)


def _is_noise(element: Any) -> bool:
    """Alternatives are skipped only inside a `choice`: `orig` alone is the text itself."""
    name = local_name(element)
    if name.startswith("div"):
        return element.get("type") in ("contents", "toc", "index")
    return False


_ANY = Markup(
    block=names(
        "p para simpara title subtitle head heading chapter section sect1 sect2 sect3 div item listitem l line v "
        "verse paragraph abstract body text note footnote row entry article book part h1 h2 h3 h4 li blockquote "
        "programlisting speech speaker act scene stagedir"
    ),
    skip=names("script style metadata info bookinfo articleinfo bibliography index toc indexterm binary"),
    chapter=frozenset(["chapter", "section", "sect1", "act", "part", "article", "h1", "h2"]),
    item=frozenset(["item", "listitem", "li"]),
)


def xml_chapters(text: str) -> list[str]:
    """DocBook and other XML that uses the common names for blocks."""
    return ["\n\n".join(blocks) for blocks in text_chapters(parse_xml(text), _ANY)]


def tei_chapters(text: str) -> list[str]:
    root = parse_xml(text)
    for element in root.iter("{*}orig", "{*}sic", "{*}abbr"):
        parent = element.getparent()
        if parent is None or local_name(parent) != "choice":
            element.tag = "seg"
    _mend_breaks(root)
    move_notes(root, _NOTES, _PARAGRAPHS, _HEADERS)
    return ["\n\n".join(blocks) for blocks in text_chapters(root, _TEI)]


_NOTES = frozenset(["note"])
_PARAGRAPHS = frozenset(["p", "l", "ab", "head", "quote", "lg"])
_HEADERS = frozenset(["teiheader"])


def _mend_breaks(root: Any) -> None:
    """A line or page break is a blank, or nothing where it breaks a word, whose hyphen goes."""
    for element in root.iter("{*}lb", "{*}pb", "{*}cb"):
        before, parent = element.getprevious(), element.getparent()
        text = (before.tail if before is not None else parent.text if parent is not None else "") or ""
        after = (element.tail or "").lstrip()
        is_hyphenated = re.search(r"[^\W\d_][-\u00ad\u2010]\s*\Z", text) is not None and after[:1].islower()
        if element.get("break") == "no" or is_hyphenated:
            mended = re.sub(r"[-\u00ad\u2010]?\s*\Z", "", text)
            if before is not None:
                before.tail = mended
            elif parent is not None:
                parent.text = mended
            element.tail = after
        else:
            element.tail = f" {element.tail or ''}"


def fb2_chapters(text: str) -> list[str]:
    root = parse_xml(text)
    _unnumber_notes(root)
    return ["\n\n".join(blocks) for blocks in text_chapters(root, _FB2)]


_NOTE_NUMBER = re.compile(r"\s*[\[({]?\s*(?:\d{1,4}|[*†‡]{1,4}|[ivxlc]{1,6})\s*[\])}]?\.?\s*")


def _unnumber_notes(root: Any) -> None:
    """Where the notes stand, each is a section whose title is its number; the marks that point there are gone."""
    for body in root.iter("{*}body"):
        if body.get("name"):
            for title in list(body.iter("{*}title")):
                if _NOTE_NUMBER.fullmatch("".join(title.itertext())):
                    title.getparent().remove(title)
