"""The main text of an HTML page, by trafilatura.

In: decoded HTML. Out: text, empty where the page has none of its own. trafilatura's settings favour neither precision
nor recall; its duplicate filter stays off, because it remembers pages of the same process and would make the result
depend on order. Where it finds nothing, the page's paragraphs count if they are prose.
Reference: A. Barbaresi, Trafilatura (ACL 2021). Cost: 20 to 40 ms a page.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

from curation.errors import InputError
from curation.sources.htmltext import html_chapters

MAX_PAGE_CHARS = 8 << 20
MIN_PROSE_CHARS = 250
MIN_TEXT_CHARS = 25  # less is a label of the page's furniture

JOINERS = {"\u200c": re.compile(r"&(?:zwnj|#8204|#[xX]200[cC]);"), "\u200d": re.compile(r"&(?:zwj|#8205|#[xX]200[dD]);")}
RARE_LETTERS = range(0x12000, 0x12300)  # cuneiform

_SENTENCE = re.compile(r"[.!?…。！？؟۔।](?:\s|$)")
# What trafilatura's heuristics raise on broken trees; the plain reading does not.
_TRIPS = (ValueError, TypeError, AttributeError, LookupError, RecursionError, AssertionError, OverflowError)


def main_text(html: str) -> str:
    """InputError("unreadable") where there is no markup to read, "record_too_large" for a page over 8 Mi characters."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    if len(html) > MAX_PAGE_CHARS:
        raise InputError("record_too_large")
    kept, stand_ins = _with_stand_ins(html)
    try:
        text = trafilatura.extract(_parsed(kept), include_comments=False, include_tables=True, deduplicate=False)
    except _TRIPS:
        text = None
    for joiner, stand_in in stand_ins.items():
        text = text and text.replace(stand_in, joiner)
    return text if text and len(text) >= MIN_TEXT_CHARS else _prose(html)


def _parsed(html: str) -> Any:
    """The tree that trafilatura would make, with one class for all elements: its own parser asks Python for the class of each,
    a tenth of the time of a page. The text itself where trafilatura would look at it twice."""
    from lxml.etree import LxmlError
    from lxml.html import fromstring
    from trafilatura.utils import repair_faulty_html

    try:
        tree = fromstring(repair_faulty_html(html, html[:50].lower()), parser=_parser())
    except (ValueError, LxmlError):
        return html
    return tree if len(tree) >= 2 else html


@lru_cache(maxsize=1)
def _parser() -> Any:
    """trafilatura's own, but for the classes of elements."""
    from lxml.etree import ElementDefaultClassLookup
    from lxml.html import HtmlElement, HTMLParser

    parser = HTMLParser(collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
    return parser


def _with_stand_ins(html: str) -> tuple[str, dict[str, str]]:
    """The page with its joiners as letters that it does not use: trafilatura takes every unprintable character out, and
    Persian, Indic scripts and emoji are misspelt without theirs."""
    found: dict[str, str] = {}
    for joiner, entity in JOINERS.items():
        if joiner in html or entity.search(html):
            letter = next(chr(code) for code in RARE_LETTERS if chr(code) not in html and chr(code) not in found.values())
            html = entity.sub(letter, html).replace(joiner, letter)
            found[joiner] = letter
    return html, found


def _prose(html: str) -> str:
    """Blocks of running text, for pages whose layout defeats the extractor."""
    blocks = [block for chapter in html_chapters(html) for block in chapter.split("\n\n")]
    text = "\n\n".join(block for block in blocks if len(block) > 80 and _SENTENCE.search(block))
    return text if len(text) >= MIN_PROSE_CHARS else ""
