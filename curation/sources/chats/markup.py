"""What the readers of saved chat pages share: nodes by class, and the words of a node.

In: nodes of lxml. Out: text with line ends where the page breaks lines, and pictures of emoji as the emoji.
"""

from __future__ import annotations

import re
from typing import TypeAlias

import lxml.html

Node: TypeAlias = lxml.html.HtmlElement
_BREAKING = ("br", "p", "li", "pre", "blockquote", "tr")
_SPACES = re.compile(r"[ \t\xa0]*\n[ \t\xa0]*")


def has_class(node: Node, *kinds: str) -> bool:
    return not set(kinds).isdisjoint((node.get("class") or "").split())


def all_of(node: Node, *kinds: str) -> list[Node]:
    """Nodes inside with one of the classes."""
    return [each for each in node.iterdescendants() if isinstance(each.tag, str) and has_class(each, *kinds)]


def first(node: Node, *kinds: str) -> Node | None:
    return next((each for each in node.iterdescendants() if isinstance(each.tag, str) and has_class(each, *kinds)), None)


def without(node: Node, *kinds: str) -> None:
    """Takes out what stands inside under one of the classes; the words behind it stay."""
    for each in all_of(node, *kinds):
        if each.getparent() is not None:
            each.drop_tree()


def words(node: Node | None, *, keeps_lines: bool = False) -> str:
    """`keeps_lines`: line ends of the source are line ends of the text, as in preformatted text."""
    if node is None:
        return ""
    pieces: list[str] = []
    _gather(node, pieces, keeps_lines)
    lines = _SPACES.sub("\n", "".join(pieces))
    return re.sub(r"[ \t\xa0]+", " ", lines).strip()


def _gather(node: Node, pieces: list[str], keeps_lines: bool) -> None:
    for event, each in lxml.etree.iterwalk(node, events=("start", "end")):
        if not isinstance(each.tag, str):
            text = each.tail if event == "end" else None
        elif event == "start":
            if each.tag == "img":
                pieces.append(each.get("alt") or "")
            text = None if each.tag in ("script", "style") else each.text
        else:
            if each.tag in _BREAKING or (each.tag == "div" and pieces and not pieces[-1].endswith("\n")):
                pieces.append("\n")
            text = each.tail if each is not node else None
        if text:
            pieces.append(text if keeps_lines else re.sub(r"\s+", " ", text))


def plain(content: str) -> str:
    """The words of a piece of markup, such as a message of a server; what it quotes goes."""
    if "<" not in content and "&" not in content:
        return content.strip()
    try:
        root = lxml.html.fragment_fromstring(content, create_parent="div")
    except (lxml.etree.ParserError, ValueError):
        return content.strip()
    for node in list(root.iter("quote", "blockquote", "e_m", "uriobject", "attachment")):
        node.drop_tree()
    return words(root, keeps_lines=True)
