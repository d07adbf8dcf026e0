"""Tables of contents that no class or type names: lists of links into the same book, taken out of the tree.

In: the root of an HTML document. What goes: at least MIN_LINKS links that lead to places of the same site, one after the other,
in blocks that say hardly anything else than the links do (numbers, "Page", dots); and the heading above that names them.
A list of notes says more than its links back, an index has the words outside of them; both stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from curation.sources.xmltree import local_name

MIN_LINKS = 3
MIN_LINKED = 0.7  # share of the letters that stand inside the links
MAX_HEADING_CHARS = 40

_LISTS = frozenset(["ul", "ol", "table", "dl"])
_BLOCKS = frozenset(["p", "div", "li", "tr", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "center", "blockquote", "pre"])
_LETTERS = re.compile(r"[^\W\d_]")
_NOTE = re.compile(r"note|fn|ref|anchor", re.IGNORECASE)
_NAMES = (
    "(?:table of )?contents", "(?:list of )?(?:illustrations|plates|figures|maps)", "inhalt(?:sverzeichnis|sübersicht)?",
    "table des (?:matières|chapitres|illustrations|gravures)", "sommaire", "(?:tabla de )?contenidos?", "[íi]ndice", "sumário",
    "conteúdo", "содержание", "оглавление", "зміст", "spis (?:treści|rzeczy|rozdziałów)", "inhoud(?:sopgave)?", "inneh[åa]ll",
    "indhold", "innhold", "sisält[öo]", "sisällys", "obsah", "tartalom", "cuprins", "içindekiler", "فهرست(?: مطالب)?",
    "(?:جدول )?المحتويات", "目[ \u3000]*[次录錄]", "차례", "목차",
)  # fmt: skip
_HEADING = re.compile(rf"\W*(?:{'|'.join(_NAMES)})\W*", re.IGNORECASE)


def remove_contents(root: Any) -> None:
    links = [link for link in root.iter("{*}a", "a") if _leads_inside(link)]
    if len(links) < MIN_LINKS:
        return
    letters = _sums(
        root, {element: _count(element.text) for element in root.iter() if isinstance(element.tag, str)}, with_tails=True
    )
    linked = _sums(root, {link: letters[link] for link in links})
    numbers = _sums(root, dict.fromkeys(links, 1))
    full = [element for element, size in linked.items() if size and size >= MIN_LINKED * letters[element]]
    gone = [element for element in full if local_name(element) in _LISTS and numbers[element] >= MIN_LINKS]
    runs = _runs([element for element in full if local_name(element) in _BLOCKS], letters)
    gone += [block for run in runs if sum(numbers[block] for block in run) >= MIN_LINKS for block in run]
    for element in gone:
        _remove(element)


def _sums(root: Any, own: dict[Any, int], with_tails: bool = False) -> dict[Any, int]:
    """What elements hold with all that is in them; each is looked at once, however deep the tree."""
    sums = dict(own)
    for element in reversed(list(root.iter())):
        above = element.getparent()
        if above is not None:
            tail = _count(element.tail) if with_tails else 0
            if tail or element in sums:
                sums[above] = sums.get(above, 0) + sums.get(element, 0) + tail
    return sums


def _count(text: str | None) -> int:
    return len(_LETTERS.findall(text)) if text else 0


def _leads_inside(link: Any) -> bool:
    target = link.get("href") or ""
    return bool(target) and ":" not in target.partition("#")[0] and not target.startswith("//") and not _is_note(link, target)


def _is_note(link: Any, target: str) -> bool:
    return _NOTE.search(target.partition("#")[2]) is not None or local_name(link.getparent()) == "sup"


def _runs(blocks: list[Any], letters: dict[Any, int]) -> Iterator[list[Any]]:
    """Neighbours among the blocks; what stands between two of them may be empty."""
    chosen = set(blocks)
    for parent in dict.fromkeys(block.getparent() for block in blocks):
        if parent is not None:
            children = [child for child in parent if child in chosen or letters.get(child) or _count(child.tail)]
            for is_run, run in groupby(children, key=chosen.__contains__):
                if is_run:
                    yield list(run)


def _remove(element: Any) -> None:
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and element.tail.strip():
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
    while before is not None and not "".join(before.itertext()).strip():
        before = before.getprevious()
    if before is not None and isinstance(before.tag, str):
        text = " ".join("".join(before.itertext()).split())
        if len(text) <= MAX_HEADING_CHARS and _HEADING.fullmatch(text):
            _remove(before)
