"""RSS, RDF and Atom feeds: one text an entry.

In: the text of a feed. Out: Entries. Bodies are HTML inside XML and become plain text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from curation.errors import InputError
from curation.sources.htmltext import html_chapters
from curation.sources.records import parse_date
from curation.sources.xmltree import local_name, parse_xml

FEED_ROOTS = frozenset(["rss", "rdf", "feed", "channel"])
_BODIES = ("encoded", "content", "description", "summary", "body")


@dataclass(frozen=True, slots=True)
class Entry:
    place: str
    text: str
    work: str
    revised: datetime | None
    license: str = ""


def feed_entries(text: str) -> Iterator[Entry]:
    for number, element in enumerate(parse_xml(text).iter("{*}item", "{*}entry"), 1):
        fields: dict[str, str] = {}
        for child in element:
            name = local_name(child)
            value = "".join(child.itertext()).strip() or child.get("href", "")
            if len(value) > len(fields.get(name, "")):
                fields[name] = value
        body = max((html_text(fields[name]) for name in _BODIES if fields.get(name)), key=len, default="")
        title = html_text(fields.get("title", ""))
        whole = f"{title}\n\n{body}" if title and body and not body.startswith(title) else body or title
        date = fields.get("updated") or fields.get("pubdate") or fields.get("date") or fields.get("published") or ""
        work = fields.get("guid") or fields.get("id") or fields.get("link", "")
        yield Entry(f"item {number}", whole.strip(), work, parse_date(date))


def html_text(fragment: str) -> str:
    """Plain text of a fragment that may be HTML or not."""
    if "<" not in fragment and "&" not in fragment:
        return fragment.strip()
    try:
        return "\n\n".join(html_chapters(f"<html><body><div>{fragment}</div></body></html>"))
    except InputError:
        return ""
