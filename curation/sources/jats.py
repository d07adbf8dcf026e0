"""JATS (and NLM) articles: title, abstract, body; formulas as LaTeX where the article has it.

In: the text of an XML document with one or many articles. Out: Articles. Dropped: journal and author data, references
and links to them, tables (captions stay), permissions, acknowledgements, funding, supplements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from curation.sources.markup import Markup, names, text_chapters
from curation.sources.xmltree import local_name, parse_xml

_MARKUP = Markup(
    block=names(
        "p title sec abstract list-item def-item disp-quote disp-formula caption fig table-wrap boxed-text article-title "
        "subtitle body app statement verse-group verse-line list speech trans-abstract"
    ),
    skip=names(
        "journal-meta contrib-group aff author-notes history permissions kwd-group ref-list ack fn-group table "
        "table-wrap-foot supplementary-material inline-supplementary-material graphic inline-graphic media object-id label "
        "funding-group counts article-id article-categories pub-date volume issue fpage lpage elocation-id self-uri "
        "related-article custom-meta-group bio glossary notes mathml alt-text long-desc processing-meta sub-article "
        "response trans-title-group conference product issue-id"
    ),
    chapter=frozenset(["sec"]),
    line=frozenset(["break"]),
    item=frozenset(["list-item"]),
    preformatted=frozenset(["preformat"]),
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


def _is_noise(element: Any) -> bool:
    name = local_name(element)
    if name == "xref":
        return element.get("ref-type") in ("bibr", "aff", "fn", "corresp", "supplementary-material")
    if name in ("title", "sec"):
        return element.get("sec-type") in ("supplementary-material", "ref-list")
    if name == "math":
        return _has_tex(element.getparent())
    return False


def _has_tex(parent: Any) -> bool:
    return parent is not None and any(local_name(child) == "tex-math" for child in parent)


def articles(text: str) -> Iterator[Article]:
    root = parse_xml(text)
    found = [root] if local_name(root) == "article" else [e for e in root.iter("{*}article") if not _inside_article(e)]
    for article in found:
        for formula in article.iter("{*}tex-math"):
            formula.text = _formula(formula.text or "")
        chapters = ["\n\n".join(_tidy(block) for block in blocks) for blocks in text_chapters(article, _MARKUP)]
        yield Article(
            [chapter for chapter in chapters if chapter.strip()], _identifier(article), _date(article), _license(article)
        )


def _inside_article(element: Any) -> bool:
    return any(local_name(ancestor) == "article" for ancestor in element.iterancestors())


def _formula(text: str) -> str:
    match = re.search(r"\\begin\{document\}(.*?)\\end\{document\}", text, re.DOTALL)
    return re.sub(r"\s+", " ", match[1] if match else text).strip()


def _tidy(block: str) -> str:
    return _SPACE_BEFORE.sub(r"\1", _EMPTY_BRACKETS.sub("", block))


def _identifier(article: Any) -> str:
    found = {
        e.get("pub-id-type"): "".join(e.itertext()).strip() for e in article.iterfind("./{*}front/{*}article-meta/{*}article-id")
    }
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
