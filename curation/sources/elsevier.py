"""Elsevier's own XML, renamed to what JATS calls the same.

In: a tree with articles in the namespaces of elsevier.com/xml (a file of its own or an answer of the publisher's interface).
Out: the same tree in the words of JATS: `para` is `p`, `section` is `sec`, a `cross-ref` to the bibliography a reference.
"""

from __future__ import annotations

from typing import Any

from curation.sources.xmltree import local_name

NAMESPACE = "elsevier.com/xml"

_SAME = {
    "para": "p", "simple-para": "p", "note-para": "p", "section": "sec", "section-title": "title", "footnote": "fn", "inf": "sub",
    "displayed-quote": "disp-quote", "textbox": "boxed-text", "formula": "disp-formula", "converted-article": "article",
    "simple-article": "article", "dochead": "article-categories", "item-info": "article-id", "author-group": "contrib-group",
    "keywords": "kwd-group", "bibliography": "ref-list", "further-reading": "ref-list", "acknowledgment": "ack",
    "conflict-of-interest": "ack", "correspondence": "aff", "date-received": "history", "date-revised": "history",
    "date-accepted": "history", "e-component": "supplementary-material", "def-term": "term", "def-description": "def",
    "legend": "table-wrap-foot", "alt-title": "alt-title", "stereochem": "notes", "presented": "notes", "miscellaneous": "notes",
}  # fmt: skip


def as_jats(root: Any) -> None:
    for element in root.iter("*"):
        name = local_name(element)
        if name in ("cross-ref", "cross-refs"):
            element.tag = "xref"
            element.set("ref-type", "bibr" if element.get("refid", "").startswith("b") else "")
        elif name == "inter-ref":
            element.tag = "ext-link"
        elif name in _SAME:
            _rename(element, name)


def _rename(element: Any, name: str) -> None:
    if name == "item-info":
        doi = element.findtext("./{*}doi")
        if doi:
            element.getparent().set("doi", doi.strip())
    element.tag = _SAME[name]
