"""JATS (and NLM) articles: title, abstract, body; formulas as LaTeX where the article has it.

In: the text of an XML document with one or many articles. Out: Articles, a translation inside one as an article of its own.
Dropped: journal and author data, references and links to them, tables (captions stay), permissions, acknowledgements,
funding, supplements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from curation.sources.elsevier import NAMESPACE, as_jats
from curation.sources.markup import Markup, names, text_chapters
from curation.sources.mathml import write_formulas
from curation.sources.notes import move_notes
from curation.sources.pointers import END, MARK, mark_link, without_marks
from curation.sources.xmltree import local_name, parse_xml

_MARKUP = Markup(
    block=names(
        "p title sec abstract list-item def-item disp-quote disp-formula caption fig table-wrap boxed-text article-title "
        "subtitle body app statement verse-group verse-line list speech speaker trans-abstract preformat code fn def term attrib"
    ),
    skip=names(
        "journal-meta contrib-group aff author-notes history permissions kwd-group ref-list ack fn-group table "
        "table-wrap-foot supplementary-material inline-supplementary-material graphic inline-graphic media object-id label "
        "funding-group counts article-id article-categories pub-date volume issue fpage lpage elocation-id self-uri "
        "related-article custom-meta-group bio glossary notes mathml alt-text long-desc processing-meta sub-article "
        "response trans-title-group conference product issue-id alt-title sec-meta related-object support-group supplement array"
    ),
    chapter=frozenset(["sec"]),
    line=frozenset(["break"]),
    item=frozenset(["list-item"]),
    preformatted=frozenset(["preformat", "code"]),
    verse_line=frozenset(["verse-line"]),
    skip_if=lambda element: _is_noise(element),
)
_EMPTY_BRACKETS = re.compile(r"[ \t]*[\[(][\s,;\u2013\u2014\-and]*[\])]")
_SPACE_BEFORE = re.compile(r"[ \t]+([,.;:)\]])(?=\s|$)", re.MULTILINE)
_LICENSE = re.compile(r"creativecommons\.org/(?:licenses/([a-z-]+)/(\d\.\d)|publicdomain/zero)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Article:
    chapters: list[str]
    work: str
    revised: datetime | None
    license: str


_NO_TEXT = names("aff fn table-fn corresp author-notes contrib supplementary-material")
_NO_PROSE = names(
    "supplementary-material ref-list coi-statement conflict author-contributions funding-information funding-statement "
    "disclaimer ethics-statement data-availability"
)


def _is_noise(element: Any) -> bool:
    name = local_name(element)
    if name == "xref":
        return element.get("ref-type") in _NO_TEXT
    if name in ("title", "sec"):
        return (element.get("sec-type") or "").lower() in _NO_PROSE
    if name == "math":
        return _has_tex(element.getparent())
    return False


def _has_tex(parent: Any) -> bool:
    return parent is not None and any(local_name(child) == "tex-math" for child in parent)


def articles(text: str) -> Iterator[Article]:
    root = parse_xml(text.replace(MARK, "").replace(END, ""))
    if NAMESPACE in text:
        as_jats(root)
    found = [root] if local_name(root) == "article" else [e for e in root.iter("{*}article", "article") if not _inside_article(e)]
    for article in found:
        work, revised, license = _identifier(article), _date(article), _license(article)
        translations = [e for e in article.iterfind("./{*}sub-article") if e.get("article-type") == "translation"]
        yield Article(_chapters(article), work, revised, license)
        for number, translation in enumerate(translations, 1):
            translation.tag = "article"
            own = _identifier(translation) or (f"{work}#translation {number}" if work else "")
            yield Article(_chapters(translation), own, revised, license)


def _chapters(article: Any) -> list[str]:
    for formula in article.iter("{*}tex-math"):
        formula.text = _formula(formula.text or "")
    for label in article.iterfind(".//{*}statement/{*}label"):
        label.tag = "title"
    write_formulas(article)
    move_notes(article, _NOTES, _PARAGRAPHS, _LISTS_OF_NOTES)
    _mark_references(article)
    chapters = ["\n\n".join(filter(None, map(_tidy, blocks))) for blocks in text_chapters(article, _MARKUP)]
    return [chapter for chapter in chapters if chapter.strip()]


_NOTES = frozenset(["fn"])
_PARAGRAPHS = names("p title article-title td th")
_LISTS_OF_NOTES = names("fn-group table-wrap-foot author-notes")


def _mark_references(article: Any) -> None:
    for link in article.iter("{*}xref", "xref"):
        if link.get("ref-type") == "bibr":
            mark_link(link)
            link.set("ref-type", "")


def _inside_article(element: Any) -> bool:
    return any(local_name(ancestor) == "article" for ancestor in element.iterancestors())


def _formula(text: str) -> str:
    match = re.search(r"\\begin\{document\}(.*?)\\end\{document\}", text, re.DOTALL)
    formula = re.sub(r"\s+", " ", match[1] if match else text).strip()
    return formula if not formula or "$" in formula or formula.startswith(("\\(", "\\[", "\\begin")) else f"${formula}$"


def _tidy(block: str) -> str:
    return _SPACE_BEFORE.sub(r"\1", _EMPTY_BRACKETS.sub("", without_marks(block))).strip("\n")


def _identifier(article: Any) -> str:
    ids = [*article.iterfind("./{*}front/{*}article-meta/{*}article-id"), *article.iterfind("./{*}front-stub/{*}article-id")]
    if article.get("doi"):
        return f"doi:{article.get('doi')}"
    found = {e.get("pub-id-type"): "".join(e.itertext()).strip() for e in ids}
    for kind in ("doi", "pmcid", "pmc", "pmid", "publisher-id"):
        if found.get(kind):
            return f"{kind}:{found[kind]}"
    return ""


def _date(article: Any) -> datetime | None:
    dates = []
    for element in article.iterfind("./{*}front/{*}article-meta/{*}pub-date"):
        parts = {local_name(child): (child.text or "").strip() for child in element}
        try:
            dates.append(datetime(int(parts["year"]), int(parts.get("month") or 1), int(parts.get("day") or 1), tzinfo=UTC))
        except (KeyError, ValueError):
            continue
    return max(dates, default=None)


def _license(article: Any) -> str:
    for element in article.iter("{*}license", "{*}license_ref"):
        words = " ".join(
            [
                *element.attrib.values(),
                *(str(v) for e in element.iter("{*}ext-link") for v in e.attrib.values()),
                "".join(element.itertext()),
            ]
        )
        if match := _LICENSE.search(words):
            return f"CC-{match[1].upper()}-{match[2]}" if match[1] else "CC0-1.0"
    return ""
