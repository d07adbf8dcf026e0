"""Last pass: what stands inside a line.

In: text laid out in lines. Out: no quotes for bold and italics, no HTML tags, external links by their label,
no behaviour switches (__NOTOC__), entities decoded, empty brackets and stray markup gone, at most one empty line.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from curation.sources.wikitext.blocks import HEADING
from curation.sources.wikitext.entities import decode_entities
from curation.sources.wikitext.extensions import GAP
from curation.sources.wikitext.gaps import close_gaps
from curation.sources.wikitext.links import SHIELD
from curation.sources.wikitext.quotes import without_quotes

_BLOCK = frozenset(
    str.split(
        "p div br hr li ul ol dl dt dd blockquote center table caption tr td th tbody thead tfoot h1 h2 h3 h4 h5 h6 pre "
        "address section article aside header footer figure figcaption poem tabber tab"
    )
)
_INLINE = frozenset(
    str.split(
        "b i u s em strong small big sub sup span font tt code var kbd samp cite dfn abbr bdi bdo del ins strike ruby rb rp "
        "rt rtc q mark time data wbr a img noinclude onlyinclude nowiki ref references gallery math pre source "
        "syntaxhighlight includeonly translate tvar label nobr nobreak meta link col colgroup noscript object param "
        "phonos placeholder onlyinclude section poem templatestyles"
    )
)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*+)((?:\s[^<>]*+|/)?)>")
# Ten to the second is no hundred and two.
_EXPONENT = re.compile(r"(?<=\d)<sup(?:\s[^<>]*)?>\s*(?=(?:[-+−–]|&minus;)?\d)")
_EXTERNAL = re.compile(
    r"\[(?:(?:https?|ftps?|irc|ircs|gopher|telnet|nntp|worldwind|svn|git|sftp|ssh|mms|redis|wikipedia)://|mailto:|news:|"
    r"urn:|geo:|magnet:|tel:|sips?:|sms:|xmpp:|bitcoin:|matrix:|//)(?:[^\s\[\]<>\"']|'(?!'))++[ \t]*"
    r"([^\[\]\n]*+(?:\[[^\[\]\n]*+){0,3}+)\]",
    re.IGNORECASE,
)
_SWITCH = re.compile(r"__([^\W\d_]+(?:_[^\W\d_]+)*)__")
_STRAY = re.compile(r"\{\{+|\}\}+|\[\[|\]\]|\{\||\|\}")
_BRACKETS = re.compile(r"[\[\]{}|]{2,}")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


def finish(text: str, restore: Callable[[str], str]) -> str:
    """Clean lines; `restore` puts verbatim text back once nothing else will touch it."""
    if "[" in text:
        text = _EXTERNAL.sub(lambda match: match[1] or GAP, text)
    if "''" in text:
        text = without_quotes(text)
    if "<" in text:
        if "<sup" in text:
            text = _EXPONENT.sub("^", text)
        text = _TAG.sub(_tag, text)
    if "__" in text:
        text = _SWITCH.sub(_switch, text)
    if GAP in text:
        text = close_gaps(text)
    text = _without_stray(text)
    text = decode_entities(text.replace(SHIELD, ""))
    if HEADING in text:
        text = _drop_empty_sections(text)
    return _BLANK_LINES.sub("\n\n", _TRAILING.sub("", restore(text))).strip()


def _without_stray(text: str) -> str:
    """What is left of one mark may make another: `{[[{`. In the end no two brackets stand together."""
    for _ in range(3):
        cleaned = _STRAY.sub("", text)
        if cleaned == text:
            return text
        text = cleaned
    return _BRACKETS.sub("", text) if _STRAY.search(text) else text


def _tag(match: re.Match[str]) -> str:
    name = match[1].lower()
    if name in _BLOCK:
        return "\n"
    return "" if name in _INLINE else match[0]


_SWITCHES = frozenset(
    str.split(
        "notoc forcetoc toc noeditsection newsectionlink nonewsectionlink nogallery hiddencat index "
        "noindex nocontentconvert nocc notitleconvert notc"
    )
)


def _switch(match: re.Match[str]) -> str:
    """Behaviour switches are written in capitals, in any language; the English ones in any case. `__init__` is code."""
    return match[0] if match[1].islower() and match[1] not in _SWITCHES else ""


def _drop_empty_sections(text: str) -> str:
    """Headings with nothing below them before the next heading that is not deeper."""
    lines: list[str] = []
    open_headings: list[tuple[int, int]] = []  # (level, index of its line): headings without text so far
    for line in text.split("\n"):
        if line.startswith(HEADING):
            level = len(line) - len(line.lstrip(HEADING))
            while open_headings and open_headings[-1][0] >= level:
                lines[open_headings.pop()[1]] = ""
            open_headings.append((level, len(lines)))
            line = line[level:]
        elif line.strip():
            open_headings.clear()
        lines.append(line)
    for _, index in open_headings:
        lines[index] = ""
    return "\n".join(lines).replace(HEADING, "")
