"""Marks of notes in running text: the small number behind a word that leads to a note, and the arrow that leads back.

In: an inline element of a markup. Out: whether it is such a mark. A number that opens a paragraph is the note's own and no
mark; one behind a blank may be part of the sentence (`see <a href="#n3">3</a>`), unless it is raised.
"""

from __future__ import annotations

import re
from typing import Any

from curation.sources.xmltree import local_name

_MARK = re.compile(r"\s*[\[(]?\s*(?:\d{1,4}|[*†‡§]{1,3}|[a-z])\s*[\])]?\s*")
_GLUED = re.compile(r"\s*(?:[\[({]\s*(?:\d{1,4}|[*†‡§]{1,3}|[a-zivxlc]{1,5})\s*[\])}]|\d{1,3}|[*†‡§]{1,3})\s*")
_RETURN = re.compile(r"\s*[\[(]?[\s↩↵⏎↑⬆⤴⮌⇑↲\ufe0e\ufe0f]*[↩↵⏎↑⬆⤴⮌⇑↲][\s\ufe0e\ufe0f]*[\])]?\s*")
_RAISED_NUMBER = re.compile(r"\s*\d{1,3}\s*")
_INLINE = frozenset(["span", "sup", "small", "a", "b", "i", "em", "strong", "font", "u", "strike", "emphasis", "hi"])
_STOPS = frozenset(".,;:!?…»”’\"'。，、；：！？؟،")
MAX_STEPS = 4


def is_note_mark(element: Any, target: str) -> bool:
    """A link inside the book whose words are a mark and stand right behind a word, or lead back from a note."""
    if "#" not in target:
        return False
    said = "".join(element.itertext())
    if len(said) > 12 or not said.strip():
        return False
    return _RETURN.fullmatch(said) is not None or (_GLUED.fullmatch(said) is not None and _is_glued(before(element)))


def is_raised_mark(element: Any) -> bool:
    """`<sup><a href="#n1">1</a></sup>`, `<a href="notes.xhtml#n1"><sup>1</sup></a>`; behind a stop also `<sup>1</sup>`."""
    other = {"sup": "a", "a": "sup"}[local_name(element)]
    link = element if other == "sup" else next((child for child in element if local_name(child) == "a"), None)
    if link is None:
        return _RAISED_NUMBER.fullmatch("".join(element.itertext())) is not None and before(element) in _STOPS
    if "#" not in (link.get("href") or ""):
        return False
    raised = any(isinstance(child.tag, str) and local_name(child) == other for child in element)
    return raised and _MARK.fullmatch("".join(element.itertext())) is not None


def _is_glued(char: str) -> bool:
    return char.isalpha() or char in _STOPS or char in ")]"


def before(element: Any) -> str:
    """The character before an element in its paragraph, or a blank."""
    for _ in range(MAX_STEPS):
        neighbour, parent = element.getprevious(), element.getparent()
        if neighbour is not None:
            text = neighbour.tail or ("".join(neighbour.itertext()) if isinstance(neighbour.tag, str) else "")
            if text or local_name(neighbour) not in _INLINE:
                return text[-1:] or " "
            element = neighbour
            continue
        if parent is None or parent.text:
            return parent.text[-1:] if parent is not None else " "
        if local_name(parent) not in _INLINE:
            return " "
        element = parent
    return " "
