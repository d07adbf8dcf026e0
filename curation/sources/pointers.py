"""Places where a text pointed to its references, and what is left of the sentence without them.

In: a text in which MARK stands where a citation or a cross-reference stood. Out: the text without marks, and without what
is nothing without them: `(see MARK; MARK)`, `[MARK, MARK–MARK]`, the comma in `MARK, MARK`. A pointer that names somebody,
between MARK and END, is part of the sentence where it stands outside of brackets.
"""

from __future__ import annotations

import re
from typing import Any

from curation.sources.markup import names

MARK = "\ufdd0"  # of the characters that Unicode keeps for uses like this; XML would refuse control characters
END = "\ufdd1"

_CONNECTIVES = names(
    "see also e.g eg e.g. i.e cf cf. and or but in for by from a an the example instance review reviews reviewed recently "
    "ref refs ref. refs. reference references as of therein compare after data p pp p. pp. "
    "section sections sec secs sec. sect. figure figures fig figs fig. figs. table tables tab tab. eq eqs eq. eqs. eqn equation "
    "equations chapter chapters chap. appendix app. theorem lemma proposition prop. corollary definition remark algorithm part "
    "item line note supplementary step "
    "véase ver vide ej por ejemplo y e o em en siehe s.a auch vgl vgl. und z.b bzw voir et par exemple ex zob por. patrz i oraz "
    "см см. и напр напр. рис рис. табл табл. глава раздел"
)
_BRACKETS = re.compile(rf"([ \t]{{0,3}})([(\[])([^()\[\]{MARK}]{{0,300}}{MARK}[^()\[\]]{{0,600}})([)\]])")
_RUN = re.compile(
    rf"{MARK}(?:\s{{0,3}}(?:,|;|–|—|-{{1,3}}|&|/|,?\s{{0,3}}\b(?:and|or|und|et|y|e|i|и|to|through)\b)?\s{{0,3}}{MARK})+"
)
_AFTER_STOP = re.compile(rf"(?<=\.)\s{{0,3}}{MARK}\.")
_MARK = re.compile(rf"(?:(?<=\s)|^){MARK}[ \t]{{0,3}}|[ \t]{{0,3}}{MARK}(?=[\s.,;:!?)\]]|$)|{MARK}")
_NAMED = re.compile(rf"[()\[\]]|{MARK}([^{MARK}{END}]*){END}")
_NAMES = re.compile(r"[^\W\d_]{2}")
_WORD = re.compile(r"[^\s,;:–—-]+")
_YEAR = re.compile(r"\s*(?:\d{4}[a-z]?|pp?\.?\s*[\d–-]+)\s*")


def mark_link(link: Any) -> None:
    """A link to a reference becomes a mark; where it is made of names, it is part of the sentence perhaps."""
    said = "".join(link.itertext()).strip()
    for child in list(link):
        link.remove(child)
    is_name = _NAMES.search(said) is not None and said[0] not in "(["
    link.text = f"{MARK}{said}{END}" if is_name else MARK


def without_marks(text: str) -> str:
    if MARK not in text:
        return text
    if END in text:
        text = _with_names(text)
    text = _RUN.sub(MARK, _BRACKETS.sub(_bracket, text))
    return _MARK.sub("", _AFTER_STOP.sub("", text))


def _with_names(text: str) -> str:
    depth = 0

    def said(match: re.Match[str]) -> str:
        nonlocal depth
        if match[1] is not None:
            return MARK if depth > 0 else match[1]
        depth = max(0, depth + (1 if match[0] in "([" else -1))
        return match[0]

    return _NAMED.sub(said, text)


def _bracket(match: re.Match[str]) -> str:
    pieces = re.split(r"([,;]\s*)", match[3])
    kept: list[str] = []
    is_pointer = False
    for at in range(0, len(pieces), 2):
        piece = pieces[at]
        is_pointer = _is_nothing(piece) or (is_pointer and _YEAR.fullmatch(piece) is not None)
        if not is_pointer:
            kept += [pieces[at - 1] if kept else "", piece if kept else piece.lstrip()]
    return f"{match[1]}{match[2]}{''.join(kept)}{match[4]}" if kept else f"{match[1]}{MARK}"


def _is_nothing(piece: str) -> bool:
    words = _WORD.findall(piece.replace(MARK, " ").lower())
    return all(word in _CONNECTIVES for word in words)
