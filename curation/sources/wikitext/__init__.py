"""Wikitext to clean text.

In: the source text of one page and the `Site` it belongs to. Out: the words a reader of the page sees, without
markup: links by their label, list items and table rows on lines of their own, cells separated by tabs, templates
that carry text (dates, units, quotations, languages) as that text, all others dropped, maths as LaTeX.
Never raises; time grows linearly with the page (nesting is followed to a fixed depth, then taken literally).

The passes follow the order of MediaWiki's own parser, each one scan with one regular expression:
extensions (comments, nowiki, references) > braces (templates) > language variants > links > blocks (tables, headings,
lists) > inline.
Reference: https://www.mediawiki.org/wiki/Specs/wikitext/1.0.0 and Parser.php's internalParse.
Cost: several times as fast as mwparserfromhell's strip_code; `python -m benchmarks.sources` measures it.
"""

from __future__ import annotations

import re

from curation.sources.wikitext.blocks import lay_out
from curation.sources.wikitext.braces import expand
from curation.sources.wikitext.entities import decode_entities
from curation.sources.wikitext.extensions import restore, take_out
from curation.sources.wikitext.inline import finish
from curation.sources.wikitext.links import replace_links
from curation.sources.wikitext.site import ENGLISH, Site
from curation.sources.wikitext.variants import choose_variants

__all__ = ["ENGLISH", "Site", "plain_text"]

# Every ASCII control character but tab and line feed: the passes use them as marks of their own.
_CONTROL = bytes([*range(9), *range(11, 32), 127])
_ESCAPED = re.compile(r"&lt;(?:ref|br|!--|nowiki|math|div|small|sup|sub|blockquote)\b")
MIN_ESCAPED_TAGS = 5  # fewer may be a page that writes about tags
_REDIRECT = re.compile(r"\s*#\w+\s*:?\s*\[\[\s*([^\[\]|#\n]+)[^\[\]\n]*\]\]")


def plain_text(wikitext: str, site: Site = ENGLISH, *, title: str = "", drop_empty_sections: bool = False) -> str:
    """The readable text of a page. `title` answers {{PAGENAME}}; empty sections are headings with nothing below."""
    data = wikitext.encode("utf-8", "surrogatepass").replace(b"\r\n", b"\n")
    text = data.translate(None, _CONTROL).decode("utf-8", "surrogatepass")
    if "<" not in text and len(_ESCAPED.findall(text)) >= MIN_ESCAPED_TAGS:
        text = decode_entities(text)  # taken out of an XML file without being unescaped
    text, kept = take_out(text)
    text = _without_redirect(text) if text.lstrip()[:1] == "#" else text
    text = choose_variants(expand(text, title))
    text = replace_links(text, site)
    text = lay_out(text, mark_headings=drop_empty_sections)
    return finish(text, lambda cleaned: restore(cleaned, kept))


def _without_redirect(text: str) -> str:
    """A redirect shows its target, or what else stands on the page."""
    found = _REDIRECT.match(text)
    if found is None:
        return text
    return text[found.end() :].strip() or found[1]
