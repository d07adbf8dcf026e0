"""FictionBook (FB2) editions.

In: the text of an XML document. Out: chapters: bodies in order, notes last and without their numbers, the marks that lead to
them gone; description and binaries go. Verse keeps its lines.
"""

from __future__ import annotations

import re
from typing import Any

from curation.sources.markup import Markup, names, text_chapters
from curation.sources.notemarks import is_note_mark
from curation.sources.xmltree import local_name, parse_xml

_FB2 = Markup(
    block=names("p v title subtitle section stanza poem epigraph cite text-author body tr table annotation date"),
    skip=frozenset(["description", "binary", "stylesheet", "image"]),
    chapter=frozenset(["section"]),
    line=frozenset(["empty-line"]),
    item=frozenset(),
    preformatted=frozenset(),
    verse_line=frozenset(["v"]),
    skip_if=lambda element: local_name(element) == "a" and _is_mark(element),
)


def _is_mark(link: Any) -> bool:
    target = next((value for name, value in link.attrib.items() if name.endswith("href")), "")
    said = "".join(link.itertext())
    is_bracketed = target.startswith("#") and _BRACKETED.fullmatch(said) is not None
    return link.get("type") in ("note", "comment") or is_bracketed or is_note_mark(link, target)


_BRACKETED = re.compile(r"\s*[\[{]\s*(?:\d{1,4}|[*†‡]{1,4}|[ivxlc]{1,6})\s*[\]}]\s*")


def fb2_chapters(text: str) -> list[str]:
    root = parse_xml(text)
    _unnumber_notes(root)
    return ["\n\n".join(blocks) for blocks in text_chapters(root, _FB2)]


_NOTE_NUMBER = re.compile(r"\s*[\[({]?\s*(?:\d{1,4}|[*†‡]{1,4}|[ivxlc]{1,6})\s*[\])}]?\.?\s*")


def _unnumber_notes(root: Any) -> None:
    """Where the notes stand, each is a section whose title or first line is its number; the marks that point there are gone."""
    for body in root.iter("{*}body"):
        if body.get("name"):
            for section in body.iter("{*}section"):
                lines = [child for child in section if local_name(child) != "title"]
                if len(lines) > 1 and local_name(lines[0]) == "p" and _NOTE_NUMBER.fullmatch("".join(lines[0].itertext())):
                    section.remove(lines[0])
            for title in list(body.iter("{*}title")):
                if _NOTE_NUMBER.fullmatch("".join(title.itertext())):
                    title.getparent().remove(title)
