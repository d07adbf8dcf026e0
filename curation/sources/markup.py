"""A tree of HTML-like markup as plain text: blocks apart, inline elements joined, lists and tables readable.

In: an element (HTML, XHTML, or any XML whose tags a `Markup` describes). Out: chapters: lists of blocks, a new one
before each heading of the chapter levels. Paragraphs are divided by an empty line by whoever joins the blocks.
The walk is a loop, so depth costs nothing; nothing is copied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from curation.sources.xmltree import local_name

_EXPONENT = re.compile(r"\s*[-+−–]?\d")
_SPACE = re.compile(r"[ \t\r\n\f]+")


_STANZAS = frozenset(["div", "lg", "stanza", "section", "blockquote", "verse-group"])


def names(text: str) -> frozenset[str]:
    """Tags, divided by blanks."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Markup:
    """What tags mean. `skip_if` may drop an element by its attributes; all names lower case, without namespace."""

    block: frozenset[str]
    skip: frozenset[str]
    chapter: frozenset[str] = frozenset()
    line: frozenset[str] = frozenset({"br"})
    item: frozenset[str] = frozenset({"li"})
    cell: frozenset[str] = frozenset({"td", "th"})
    row: frozenset[str] = frozenset({"tr"})
    preformatted: frozenset[str] = frozenset({"pre", "listing", "xmp"})
    verse_line: frozenset[str] = frozenset()
    verse_if: Callable[[Any], bool] = field(default=lambda element: False)
    skip_if: Callable[[Any], bool] = field(default=lambda element: False)


@dataclass(slots=True)
class _State:
    chapters: list[list[str]] = field(default_factory=lambda: [[]])
    pieces: list[str] = field(default_factory=list)
    prefix: str = ""
    in_row: int = 0
    in_pre: int = 0
    verse: list[str] = field(default_factory=list)


def text_chapters(root: Any, markup: Markup) -> list[list[str]]:
    """Non-empty chapters, each a list of non-empty blocks."""
    state = _State()
    for event, element in _walk(root, markup):
        name = local_name(element)
        if event == "start":
            _start(state, name, element, markup)
        else:
            _end(state, name, element, markup)
            if element is not root:
                _text(state, element.tail)
    _flush(state)
    _flush_verse(state)
    return [chapter for chapter in state.chapters if chapter]


def plain_text(root: Any, markup: Markup) -> str:
    return "\n\n".join("\n\n".join(chapter) for chapter in text_chapters(root, markup))


def _walk(root: Any, markup: Markup) -> Iterator[tuple[str, Any]]:
    """Start and end events without the skipped elements, whose tails count all the same."""
    from lxml import etree

    walker = etree.iterwalk(root, events=("start", "end"))
    skipped = None
    for event, element in walker:
        if skipped is not None:
            if element is skipped and event == "end":
                skipped = None
                yield "end", element
            continue
        if event == "start" and (
            not isinstance(element.tag, str) or local_name(element) in markup.skip or markup.skip_if(element)
        ):
            skipped = element
            walker.skip_subtree()
            continue
        yield event, element


def _start(state: _State, name: str, element: Any, markup: Markup) -> None:
    if name in markup.line:
        state.pieces.append("\n")
    elif name in markup.cell:
        if state.in_row and "".join(state.pieces).strip():
            state.pieces.append(" | ")
    elif name in markup.block and not (state.in_row and name not in markup.row):
        _flush(state)
        if state.verse and name in _STANZAS and not (element.attrib and markup.verse_if(element)):
            _flush_verse(state)
        if name in markup.chapter and state.chapters[-1]:
            _flush_verse(state)
            state.chapters.append([])
        if name in markup.item:
            state.prefix = "- "
    elif name in markup.block:
        state.pieces.append(" ")
    if name in markup.row:
        state.in_row += 1
    if name in markup.preformatted:
        state.in_pre += 1
    if name == "sup" and state.pieces and state.pieces[-1][-1:].isdigit() and _EXPONENT.match(element.text or ""):
        state.pieces.append("^")  # ten to the second is no hundred and two
    _text(state, element.text)


def _end(state: _State, name: str, element: Any, markup: Markup) -> None:
    if name in markup.row:
        state.in_row = max(0, state.in_row - 1)
    if name in markup.block and not state.in_row:
        is_verse = name in markup.verse_line or (bool(element.attrib) and markup.verse_if(element))
        _flush(state, verse=is_verse, pre=name in markup.preformatted)
    elif name in markup.block or name in markup.cell:
        state.pieces.append(" ")
    if name in markup.preformatted:
        state.in_pre = max(0, state.in_pre - 1)


def _text(state: _State, text: str | None) -> None:
    if text:
        state.pieces.append(text if state.in_pre else _SPACE.sub(" ", text))


def _flush(state: _State, verse: bool = False, pre: bool = False) -> None:
    if not state.pieces:
        return
    text = "".join(state.pieces)
    state.pieces.clear()
    text = (
        text.strip("\n")
        if pre or state.in_pre
        else "\n".join([_SPACE.sub(" ", line).strip() for line in text.split("\n")]).strip()
    )
    if not text.strip():
        return
    if verse:
        state.verse.append(text)
        return
    _flush_verse(state)
    state.chapters[-1].append(state.prefix + text)
    state.prefix = ""


def _flush_verse(state: _State) -> None:
    if state.verse:
        state.chapters[-1].append("\n".join(state.verse))
        state.verse = []
