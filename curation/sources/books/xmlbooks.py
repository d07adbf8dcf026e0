"""TEI and FictionBook (FB2) editions.

In: the text of an XML document. Out: chapters. TEI: of alternatives the regularized one (`reg`, `corr`, `expan`);
notes follow the paragraph in brackets' stead as their own block; page breaks, running heads (`fw`) and the header go.
FB2: bodies in order, notes last; description and binaries go. Verse keeps its lines in both.
"""

from __future__ import annotations

from typing import Any

from curation.sources.markup import Markup, names, text_chapters
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
    if name == "div":
        return element.get("type") in ("contents", "toc")
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
    return ["\n\n".join(blocks) for blocks in text_chapters(root, _TEI)]


def fb2_chapters(text: str) -> list[str]:
    return ["\n\n".join(blocks) for blocks in text_chapters(parse_xml(text), _FB2)]
