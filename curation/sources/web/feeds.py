"""RSS, RDF and Atom feeds, and Stack Exchange dumps: one text an entry.

In: the text of a feed, or a Member with a Stack Exchange table. Out: Entries. Bodies are HTML inside XML and become plain
text. Stack Exchange files are read as a stream of rows; `work` is the question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from curation.errors import InputError
from curation.sources.htmltext import html_chapters
from curation.sources.members import Member
from curation.sources.records import parse_date
from curation.sources.xmltree import local_name, parse_xml

FEED_ROOTS = frozenset(["rss", "rdf", "feed", "channel"])
STACK_ROOTS = frozenset(["posts", "comments"])
_BODIES = ("encoded", "content", "description", "summary", "body")


@dataclass(frozen=True, slots=True)
class Entry:
    number: int
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
        yield Entry(number, whole.strip(), fields.get("guid") or fields.get("id") or fields.get("link", ""), parse_date(date))


def html_text(fragment: str) -> str:
    """Plain text of a fragment that may be HTML or not."""
    if "<" not in fragment and "&" not in fragment:
        return fragment.strip()
    try:
        return "\n\n".join(html_chapters(f"<html><body><div>{fragment}</div></body></html>"))
    except InputError:
        return ""


def stack_entries(member: Member) -> Iterator[Entry]:
    from lxml import etree

    events = etree.iterparse(
        member.open(),
        events=("end",),
        tag="row",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        recover=True,
    )
    try:
        for number, (_, row) in enumerate(events, 1):
            yield _stack_entry(number, row)
            row.clear()
            while row.getprevious() is not None:
                del row.getparent()[0]
    except etree.LxmlError:
        raise InputError("unreadable", "xml") from None


def _stack_entry(number: int, row: Any) -> Entry:
    title, body = row.get("Title", ""), html_text(row.get("Body") or row.get("Text") or "")
    work = row.get("ParentId") or row.get("PostId") or row.get("Id") or ""
    date = parse_date(row.get("LastEditDate") or row.get("CreationDate") or "")
    return Entry(number, f"{title}\n\n{body}".strip(), work, date, (row.get("ContentLicense") or "").replace(" ", "-"))
