"""First pass: comments, and tags whose content is not wikitext.

In: source text. Out: the text with every such tag gone or replaced by a mark, and the list of contents the marks
stand for. Verbatim content (nowiki, pre, source, maths) comes back at the very end, untouched by later passes.
What shows only where the page is included elsewhere is gone too. A comment that has a line to itself takes the line
with it, as in MediaWiki. A tag without an end takes nothing.
"""

from __future__ import annotations

import re

from curation.sources.wikitext.entities import decode_entities

MARK = "\x7f"
GAP = "\x1a"  # a dropped reference or template: lets the last pass close the space and the brackets it leaves

_DROPPED = frozenset(
    str.split(
        "ref references timeline imagemap templatedata templatestyles graph hiero mapframe maplink inputbox categorytree "
        "section indicator charinsert languages dynamicpagelist rss score pagequality pages pagelist "
        "videoplayer youtube embedvideo html css style script ext.gadget"
    )
)
_VERBATIM = frozenset(str.split("nowiki pre source syntaxhighlight math chem ce code-block"))
_GALLERY = "gallery"

_NAMES = "|".join(sorted([*_DROPPED, *_VERBATIM, _GALLERY], key=len, reverse=True)).replace(".", r"\.")
# Attributes hold at most 60 quotes and angle brackets, so that many unclosed tags cannot each scan the whole page.
_ATTRIBUTES = r"[^<>\"']*+(?:(?:\"[^\"<>]*+\"|'[^'<>]*+'|[\"'<])[^<>\"']*+){0,60}+"
_START = re.compile(rf"<(?:!--|({_NAMES})(?=[\s/>])({_ATTRIBUTES})>)", re.IGNORECASE)
_COMMENT_LINE_END = re.compile(r"[ \t]*+(?:<!--(?:(?!-->).)*+-->[ \t]*+)*+(?:\n|\Z)", re.DOTALL)
_INCLUSION = re.compile(r"</?(?:noinclude|onlyinclude)\s*/?>|<includeonly>.*?(?:</includeonly\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_INNER_NOWIKI = re.compile(r"<nowiki>(.*?)</nowiki\s*>", re.DOTALL | re.IGNORECASE)
_GALLERY_LINE = re.compile(r"^[^|\n]*+(?:\|(.*))?$", re.MULTILINE)
_MARKED = re.compile(f"{MARK}(\\d+){MARK}")


def take_out(text: str) -> tuple[str, list[str]]:
    """(text with marks, contents): the mark \\x7fN\\x7f stands for contents[N]."""
    if "<" not in text:
        return text, []
    if "include" in text:
        text = _INCLUSION.sub("", text)
    pieces: list[str] = []
    kept: list[str] = []
    unclosed: set[str] = set()
    position = 0
    while (match := _START.search(text, position)) is not None:
        if match[1] is None:
            start, end = _comment(text, match.start(), position)
            pieces.append(text[position:start])
        else:
            pieces.append(text[position : match.start()])
            replacement, end = _tag(text, match, kept, unclosed)
            pieces.append(replacement)
        position = end
    pieces.append(text[position:])
    return "".join(pieces), kept


def _comment(text: str, start: int, floor: int) -> tuple[int, int]:
    close = text.find("-->", start + 4)
    if close < 0:
        return start, len(text)
    line = start
    while line > floor and text[line - 1] in " \t":
        line -= 1
    if line == 0 or text[line - 1] == "\n":
        rest = _COMMENT_LINE_END.match(text, close + 3)
        if rest is not None:
            return line, rest.end()
    return start, close + 3


def _tag(text: str, match: re.Match[str], kept: list[str], unclosed: set[str]) -> tuple[str, int]:
    name = match[1].lower()
    if match[2].rstrip().endswith("/"):
        return (_mark("", kept) if name == "nowiki" else GAP), match.end()
    close = None if name in unclosed else re.compile(rf"</{re.escape(name)}\s*>", re.IGNORECASE).search(text, match.end())
    if close is None:
        unclosed.add(name)
        return "", match.end()
    content = text[match.end() : close.start()]
    if name in _VERBATIM:
        return _mark(_verbatim(name, content), kept), close.end()
    if name == _GALLERY:
        return "\n" + _GALLERY_LINE.sub(lambda line: (line[1] or "").rpartition("|")[2], content) + "\n", close.end()
    return GAP, close.end()


def _verbatim(name: str, content: str) -> str:
    if name in ("math", "chem", "ce"):
        return " ".join(content.split())
    if name == "pre":
        content = _INNER_NOWIKI.sub(r"\1", content)
    if name != "nowiki":
        content = f"\n{content.strip(chr(10))}\n"
    return content if name in ("source", "syntaxhighlight") else decode_entities(content)


def _mark(content: str, kept: list[str]) -> str:
    kept.append(content)
    return f"{MARK}{len(kept) - 1}{MARK}"


def restore(text: str, kept: list[str]) -> str:
    """Put the contents back in place of their marks."""
    return _MARKED.sub(lambda match: kept[int(match[1])], text) if kept else text
