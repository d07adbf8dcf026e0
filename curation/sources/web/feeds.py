"""RSS, RDF and Atom feeds, among them the exports of WordPress and Blogger: one text an entry.

In: the text of a feed, or a Member and its Part (feed_items.py finds what starts there). Out: Entries, or a place and the
reason why there is none: `metadata` (menus, attachments, templates, settings), `draft` (not published),
`record_too_large`. Bodies are HTML inside XML and become plain text; WordPress divides paragraphs by empty lines and has
words of its own in brackets. Comments inside an entry are not read. Place: `item N`, in a part `byte N`.
Reference: WordPress eXtended RSS 1.2; Blogger's export as Atom.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from curation.errors import InputError
from curation.source import Part
from curation.sources.htmltext import html_chapters
from curation.sources.markup import names
from curation.sources.members import Member
from curation.sources.records import parse_date
from curation.sources.web.feed_items import feed_items
from curation.sources.xmltree import declared_charset, decode_markup, local_name, parse_xml

FEED_ROOTS = frozenset(["rss", "rdf", "feed", "channel"])
_BODIES = ("encoded", "content", "description", "summary", "body")
_DATES = ("updated", "post_date_gmt", "pubdate", "date", "published")
_NO_PAGES = names(
    "attachment nav_menu_item revision custom_css customize_changeset oembed_cache user_request acf-field acf-field-group "
    "wp_global_styles wp_navigation wp_template wp_template_part wp_font_family wp_font_face template settings"
)
_UNPUBLISHED = frozenset(["draft", "auto-draft", "pending", "private", "trash", "soft_trashed"])
_SHORTCODE = re.compile(
    r"\[/?(?:caption|wp_caption|gallery|embed|audio|video|playlist|youtube|vimeo|sourcecode|contact-form(?:-7)?|vc_\w+|et_pb_\w+)"
    r"(?:[\s=][^\]\n]{0,1000})?/?\]"
)
_PARAGRAPH = re.compile(r"<p[\s>/]", re.IGNORECASE)
_PRE = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL | re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n[ \t\r]*\n\s*")


@dataclass(frozen=True, slots=True)
class Entry:
    place: str
    text: str
    work: str
    revised: datetime | None
    license: str = ""


def feed_entries(text: str) -> Iterator[Entry | tuple[str, str]]:
    for number, element in enumerate(parse_xml(text).iter("{*}item", "{*}entry"), 1):
        yield _entry(f"item {number}", element)


def feed_entries_of_part(member: Member, part: Part) -> Iterator[Entry | tuple[str, str]]:
    """Of a feed in an encoding that keeps ASCII's bytes, however large it is."""
    charset = declared_charset(member.head)
    for offset, data in feed_items(member.open(), part):
        place = f"byte {offset}"
        if data is None:
            yield place, "record_too_large"
            continue
        try:
            element = parse_xml(decode_markup(data, charset).text)
        except InputError:
            yield place, "broken_record"
            continue
        yield _entry(place, element)


def _entry(place: str, element: Any) -> Entry | tuple[str, str]:
    fields: dict[str, str] = {}
    for child in element:
        name = local_name(child).rpartition(":")[2]
        value = "".join(child.itertext()).strip() or child.get("href", "") or child.get("term", "").rpartition("#")[2]
        if len(value) > len(fields.get(name, "")):
            fields[name] = value
    kinds = {child.get("term", "").rpartition("kind#")[2] for child in element if local_name(child) == "category"}
    if not _NO_PAGES.isdisjoint({fields.get("post_type", ""), *kinds}):
        return place, "metadata"
    if fields.get("status", "").lower() in _UNPUBLISHED or fields.get("control") == "yes" or fields.get("post_password"):
        return place, "draft"
    is_wordpress = "post_type" in fields
    body = max((body_text(fields[name], is_wordpress) for name in _BODIES if fields.get(name)), key=len, default="")
    title = html_text(fields.get("title", ""))
    whole = f"{title}\n\n{body}" if title and body and not body.startswith(title) else body or title
    date = next((fields[name] for name in _DATES if fields.get(name)), "")
    work = fields.get("guid") or fields.get("id") or fields.get("link", "")
    return Entry(place, whole.strip(), work, parse_date(date))


def body_text(fragment: str, is_wordpress: bool) -> str:
    """Plain text of an entry's body."""
    if is_wordpress:
        fragment = _SHORTCODE.sub("", fragment)
    if "<" in fragment and not _PARAGRAPH.search(fragment):
        parts = _PRE.split(fragment)  # odd ones are preformatted
        fragment = "".join(part if at % 2 else _EMPTY_LINES.sub("\n<p>", part) for at, part in enumerate(parts))
    return html_text(fragment)


def html_text(fragment: str) -> str:
    """Plain text of a fragment that may be HTML or not."""
    if "<" not in fragment and "&" not in fragment:
        return fragment.strip()
    try:
        return "\n\n".join(html_chapters(f"<html><body><div>{fragment}</div></body></html>"))
    except InputError:
        return ""
