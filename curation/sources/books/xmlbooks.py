"""DocBook, plays, scriptures and other XML without a reader of its own.

In: the text of an XML document. Out: chapters. Tags with the common names for blocks are blocks; others where their parents
hold nothing but elements, as paragraphs of unknown vocabularies do: what stands among words is part of a sentence.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

from curation.sources.markup import Markup, names, text_chapters
from curation.sources.mathml import write_formulas
from curation.sources.notes import move_notes
from curation.sources.xmltree import local_name, parse_xml

MIN_BLOCK_CHARS = 12  # on average: less is a word of a corpus
MIN_WORDS = 50
MAX_MIXED = 0.2

_INLINE = names(
    "a b i u em strong emphasis hi span sub sup w pc c s seg tok token phrase quote literal code link ref xref note footnote "
    "br lb pb"
)
_ANY = Markup(
    block=names(
        "p para simpara title subtitle head heading chapter section sect1 sect2 sect3 sect4 sect5 div item listitem l line v "
        "verse vers paragraph abstract body text note footnote row article book part h1 h2 h3 h4 li blockquote programlisting "
        "screen literallayout synopsis speech speaker act scene stagedir personae persona preface appendix term varlistentry "
        "formalpara epigraph dedication question answer tip warning caution important sidebar figure table caption tr"
    ),
    skip=names(
        "script style metadata info bookinfo articleinfo chapterinfo sectioninfo bibliography index toc indexterm binary "
        "imageobject remark teiheader"
    ),
    chapter=frozenset(["chapter", "section", "sect1", "act", "part", "article", "preface", "appendix", "h1", "h2"]),
    item=frozenset(["item", "listitem", "li"]),
    cell=frozenset(["td", "th", "entry"]),
    row=frozenset(["tr", "row"]),
    preformatted=frozenset(["programlisting", "screen", "literallayout", "synopsis", "pre"]),
    verse_line=frozenset(["line", "l", "v", "vers"]),
)
_NOTES = frozenset(["footnote"])
_PARAGRAPHS = names("para simpara title p")


def xml_chapters(text: str) -> list[str]:
    root = parse_xml(text)
    if "math" in text:
        write_formulas(root)
    move_notes(root, _NOTES, _PARAGRAPHS, frozenset())
    for line in [element for element in root.iter() if local_name(element) in _ANY.verse_line]:
        for inner in line.iterdescendants("*"):
            inner.tag = "seg"  # a stage direction in a verse does not end it
    markup = dataclasses.replace(_ANY, block=_ANY.block | _blocks(root))
    return ["\n\n".join(blocks) for blocks in text_chapters(root, markup)]


def _blocks(root: Any) -> frozenset[str]:
    """Tags that stand beside elements alone, never to speak of among words."""
    apart, mixed, letters = Counter[str](), Counter[str](), Counter[str]()
    for parent in root.iter():
        children = [child for child in parent if isinstance(child.tag, str)]
        if not children:
            letters[local_name(parent)] += len((parent.text or "").strip())
            continue
        is_mixed = bool((parent.text or "").strip()) or any((child.tail or "").strip() for child in children)
        (mixed if is_mixed else apart).update(map(local_name, children))
        letters[local_name(parent)] += MIN_BLOCK_CHARS
    is_word = {name for name, count in apart.items() if count >= MIN_WORDS and letters[name] < MIN_BLOCK_CHARS * count}
    return frozenset(
        name for name, count in apart.items() if name not in _INLINE and name not in is_word and mixed[name] <= MAX_MIXED * count
    )
