"""TEI editions: novels, drama, verse, corpora of words.

In: the text of an XML document. Out: chapters. Of alternatives the regularized one stays (`reg`, `corr`, `expan`, `lem`); notes
follow the paragraph they stand in; a stage direction or a quotation inside a sentence stays in it; page breaks, running
heads (`fw`), marks of notes and the header go. Verse keeps its lines.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from curation.sources.markup import Markup, names, text_chapters
from curation.sources.mathml import write_formulas
from curation.sources.notemarks import is_note_mark
from curation.sources.notes import move_notes, take_out
from curation.sources.pointers import mark_link, without_marks
from curation.sources.xmltree import local_name, parse_xml

_TEI = Markup(
    block=names(
        "p ab head div div1 div2 div3 l lg sp speaker stage item list row table quote note opener closer salute signed "
        "dateline epigraph titlepage docauthor doctitle titlepart byline trailer front body back text argument castlist "
        "castitem castgroup floatingtext label set prologue epilogue performance docimprint docdate docedition imprimatur "
        "addrline u figure"
    ),
    skip=names("teiheader listbibl fw figdesc graphic orig sic abbr del gap facsimile standoff surrogates"),
    chapter=frozenset(["div", "div1", "div2"]),
    line=frozenset(),
    item=frozenset(["item"]),
    cell=frozenset(["cell"]),
    row=frozenset(["row"]),
    preformatted=frozenset(),
    verse_line=frozenset(["l"]),
    skip_if=lambda element: _is_noise(element),
)


def _is_noise(element: Any) -> bool:
    """Alternatives are skipped only inside a `choice`: `orig` alone is the text itself."""
    name = local_name(element)
    if name == "rdg":
        return element.getprevious() is not None  # the first one is what the text says, be it `lem` or `rdg`
    if name in ("ref", "ptr"):
        return "note" in (element.get("type") or "").lower() or is_note_mark(element, element.get("target") or "")
    if name.startswith("div"):
        return element.get("type") in ("contents", "toc", "index", "references", "bibliography", "acknowledgement")
    return False


def tei_chapters(text: str) -> list[str]:
    root = parse_xml(text)
    for element in root.iter("{*}orig", "{*}sic", "{*}abbr"):
        parent = element.getparent()
        if parent is None or local_name(parent) != "choice":
            element.tag = "seg"
    if next(root.iter("{*}listBibl"), None) is not None:
        _as_paper(root)
    _part_words(root)
    _keep_sentences(root)
    _mend_breaks(root)
    move_notes(root, _NOTES, _PARAGRAPHS, _HEADERS)
    write_formulas(root)
    chapters = [[without_marks(block) for block in blocks] for blocks in text_chapters(root, _TEI)]
    return ["\n\n".join(block for block in blocks if block) for blocks in chapters]


_NOTES = frozenset(["note"])
_PARAGRAPHS = names("p l ab head quote lg item cell stage speaker titlepart")
_HEADERS = frozenset(["teiheader"])
_SENTENCES = names("p l ab q said hi seg emph s")
_BLOCKS = names("p l lg ab sp div list table quote")


def _as_paper(root: Any) -> None:
    """Papers as GROBID and publishers of TEI make them: the abstract is in the header, captions are descriptions of figures."""
    for link in root.iter("{*}ref"):
        if link.get("type") == "bibr":
            mark_link(link)
            link.tag = "seg"
    for label in list(root.iterfind(".//{*}formula/{*}label")):
        take_out(label)
    for figure in root.iter("{*}figure"):
        for child in list(figure):
            if local_name(child) == "figdesc":
                child.tag = "p"
            elif local_name(child) in ("label", "table"):
                figure.remove(child)
    body = root.find(".//{*}text/{*}body")
    abstract = root.find("./{*}teiHeader/{*}profileDesc/{*}abstract")
    title = root.find("./{*}teiHeader/{*}fileDesc/{*}titleStmt/{*}title")
    if body is None or abstract is None:
        return
    abstract.tag = "front"
    body.addprevious(abstract)
    if title is not None:
        title.tag, title.tail = "head", None
        abstract.insert(0, title)


def _part_words(root: Any) -> None:
    """Blanks between words where a corpus of words leaves them to the reader: no white space in it nor behind it."""
    words = list(root.iter("{*}w"))
    if len(words) < 2 or next(root.iter("{*}c"), None) is not None:
        return
    if not any((word.tail or "").strip(" \t\r\n") != (word.tail or "") or (word.text or "")[-1:].isspace() for word in words):
        for word, following in pairwise(words):
            if word.getnext() is following or (word.getnext() is not None and local_name(word.getnext()) == "pc"):
                last = word if word.getnext() is following else word.getnext()
                last.tail = f"{last.tail or ''} "


def _keep_sentences(root: Any) -> None:
    """Stage directions and quotations inside a sentence are no paragraphs of their own."""
    for element in list(root.iter("{*}stage", "{*}quote")):
        parent = element.getparent()
        if parent is None or local_name(parent) not in _SENTENCES:
            continue
        if any(local_name(inner) in _BLOCKS for inner in element.iterdescendants()):
            continue
        said = (element.text or "").strip()
        if local_name(element) == "stage" and said and not len(element) and said[0] not in "([\u2014":
            element.text = f"({said})"
        element.tag = "seg"


def _mend_breaks(root: Any) -> None:
    """A line or page break is a blank, or nothing where it breaks a word, whose hyphen goes."""
    for element in root.iter("{*}lb", "{*}pb", "{*}cb"):
        before, parent = element.getprevious(), element.getparent()
        text = (before.tail if before is not None else parent.text if parent is not None else "") or ""
        after = (element.tail or "").lstrip()
        is_hyphenated = re.search(r"[^\W\d_][-\u00ad\u2010\u00ac]\s*\Z", text) is not None and after[:1].islower()
        if element.get("break") == "no" or is_hyphenated:
            mended = re.sub(r"[-\u00ad\u2010\u00ac]?\s*\Z", "", text)
            if before is not None:
                before.tail = mended
            elif parent is not None:
                parent.text = mended
            element.tail = after
        else:
            element.tail = f" {element.tail or ''}"
