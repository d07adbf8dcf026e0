"""Markdown as plain text, with the front matter of Jekyll and Hugo read and removed.

In: a Markdown text. Out: (fields of the front matter, chapters cut at first- and second-level headings). Links, images,
emphasis, footnote marks, attribute lists, marks of fenced divisions, keys of citations, template tags and HTML go, their
text stays; code blocks and formulas stay as they are; lists keep their marks. Fields are read as `key: value` or
`key = value` lines, never as YAML objects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

from curation.sources.sitemarkup import shown, without_site_markup

_FRONT = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\n(.*?)\n(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
JSON_FRONT = re.compile(r"\A\s*(\{[^\n]*\n(?:[^\n]*\n){0,200}?\})[ \t]*\n(?=\s*[^\s{\[])")
_FIELD = re.compile(r"^([A-Za-z_][\w-]{0,40})[ \t]*[:=][ \t]*(.*?)[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^([ \t]*)(`{3,}(?=[^`\n]*$)|~{3,})[^\n]*\n(.*?)^[ \t]*\2[`~]*[ \t]*$|\$\$.+?\$\$", re.MULTILINE | re.DOTALL)
_TEMPLATE = re.compile(r"\{\{[<%]?.{0,2000}?[>%]?\}\}|\{%.{0,2000}?%\}|<!--.{0,20000}?-->", re.DOTALL)
_ATTRIBUTES = re.compile(r"^[ \t]*\{:[^}\n]*\}[ \t]*$|\{:[^}\n]*\}|\{[#.][\w-][^}\n]{0,80}\}", re.MULTILINE)
# pandoc's: `[3](#F3){ref-type="fig"}`, `::: {.note}`, `[see @doe99, p. 3; @roe]`, `\\[[@B1],[@B2]\\]`
_ATTRIBUTE = r"(?:[#.][\w:.-]+|[\w:-]+=(?:\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|[^\s\"'{}]{1,100})|-)"
_ATTRIBUTE_LIST = re.compile(rf"(?<=[)\]`])\{{[ ]*{_ATTRIBUTE}(?:[ ]+{_ATTRIBUTE})*[ ]*\}}")
_DIVISION = re.compile(r"^[ \t]*:{3,}[ \t]*(?:\{[^}\n]*\}|[\w-]*)(?:[ \t]+:+|[ \t]+(?P<title>[^:\n{]+))?[ \t]*$", re.MULTILINE)
_CITED = r"\[(?:-?@[\w{]|[^\[\]@\n]{1,60}[ (-]-?@[^\W\d][\w:.-]*\d)[^\[\]\n]{0,300}\](?![(\[:])"
CITATION = re.compile(rf"[ \t]*\\\[{_CITED}(?:[\s,;–-]*{_CITED})*\\\]|[ \t]*{_CITED}(?:[,;–-]*{_CITED})*")
_SUPERSCRIPT = re.compile(r"(?<=\w)\^(?:(?=[\d+−-])([^\s^$]{1,12})|([^\s^$]{1,12}))\^(?!\w)")
_SUBSCRIPT = re.compile(r"(?<=\w)(?<!~)~([^\s~]{1,12})~(?!~)")
_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,200}\])?")
_LINK = re.compile(
    r"(?<!\\)\[((?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){1,1000}+)\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\)|\[[^\]\n]{0,200}\])"
)
_DEFINITION = re.compile(r"^[ \t]{0,3}\[(?!\^)([^\]\n]+)\]:[ \t]*\S+[^\n]*$", re.MULTILINE)
_REFERENCE = re.compile(r"(?<!\\)\[((?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){1,1000}+)\](?:[ \t]?\n?\[([^\[\]\n]{0,200})\])?(?![\[(:])")
_NOTE = re.compile(r"\[\^[^\]\n]{1,40}\](:?)")
_AUTOLINK = re.compile(r"<(?:https?|mailto):[^>\s]{1,2000}>|<[\w.+-]{1,100}@[\w.-]{1,200}>")
# Attributes over several lines, and with braces in them as in JSX.
_TAG = re.compile(
    r"</?([A-Za-z][\w.:-]{0,60}+)(?:(?:\s|/)(?:[^<>{}\"'\n]|\n(?=\s*(?:[\w:@.-]+\s*=|/?>|\{))|\"[^\"<>]{0,2000}+\"|'[^'<>]{0,2000}+'"
    r"|\{(?:[^{}]|\{[^{}]{0,500}\}){0,1000}+\}|[{}\"']){0,500}+)?>|<>|</>"
)
_BLOCK_TAGS = frozenset(
    str.split(
        "p div br hr li ul ol dl dt dd blockquote center table caption tr thead tbody tfoot h1 h2 h3 h4 h5 h6 pre section "
        "article aside header footer main nav figure figcaption details summary address"
    )
)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_SETEXT = re.compile(r"^([^\n]{1,200})\n(=+|-{2,})[ \t]*$", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,3}|_{1,3})(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1(?![\w*])")
_STRIKE = re.compile(r"~~(?=\S)([^~\n]{1,2000})~~")
_RULE = re.compile(r"^[ \t]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$", re.MULTILINE)
_QUOTE = re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>~|-])")
_TABLE_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$", re.MULTILINE)
_LIST_ITEM = re.compile(r"^[ \t]*[*+][ \t]+", re.MULTILINE)
_CHAPTER = "\x04"
_KEPT = re.compile("\x05(\\d+)\x05")
_OWN_MARKS = dict.fromkeys(map(ord, "\x04\x05\x06\x0e"))


def _raised(match: re.Match[str]) -> str:
    """`97.5^th^` is said as it stands; `10^2^` is no 102."""
    return f"^{match[1]}" if match[1] else str(match[2])


def _title(match: re.Match[str]) -> str:
    """Of an admonition: `:::tip What helps`."""
    return match["title"] or ""


def _tag(match: re.Match[str]) -> str:
    name = (match[1] or "").lower()
    return "\n" if name in _BLOCK_TAGS else " " if name in ("td", "th") and match[0][1] != "/" else ""


_INLINE: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (_TEMPLATE, ""), (_ATTRIBUTE_LIST, ""), (_ATTRIBUTES, ""), (_IMAGE, ""), (_DIVISION, _title), (CITATION, ""),
    (_LINK, r"\1"), (_LINK, r"\1"), (_DEFINITION, ""), (_NOTE, ""), (_AUTOLINK, ""), (_SETEXT, r"# \1"), (_RULE, ""),
    (_TABLE_RULE, ""), (_LIST_ITEM, "- "), (_QUOTE, ""), (_EMPHASIS, r"\2"), (_EMPHASIS, r"\2"),
    (_STRIKE, r"\1"), (_SUBSCRIPT, r"\1"), (_SUPERSCRIPT, _raised), (_TAG, _tag),
)  # fmt: skip


def _without_references(text: str) -> str:
    """`[words][id]`, `[words] [id]`, `[words][]` and `[words]` as their words where the text defines the address."""
    defined = {" ".join(name.lower().split()) for name in _DEFINITION.findall(text)} if "]:" in text else set()

    def words(match: re.Match[str]) -> str:
        name = " ".join((match[2] or match[1]).lower().split())
        return match[1] if name in defined else match[0]

    return _REFERENCE.sub(words, text) if defined else text


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """Fields with lower-case names and without quotes, and the text behind them."""
    match = _FRONT.match(text)
    if not match:
        return _json_front(text)
    fields = {name.lower(): value.strip("\"' ") for name, value in _FIELD.findall(match[2])}
    return fields, text[match.end() :]


def _json_front(text: str) -> tuple[dict[str, str], str]:
    """Hugo's third kind: an object before the text."""
    found = JSON_FRONT.match(text)
    try:
        value = json.loads(found[1]) if found else None
    except (ValueError, RecursionError):
        value = None
    if found is None or not isinstance(value, dict):
        return {}, text
    return {str(name).lower(): str(each) for name, each in value.items() if isinstance(each, str | int | float)}, text[
        found.end() :
    ]


def markdown_chapters(text: str) -> list[str]:
    """Plain text of a Markdown body."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[3].rstrip("\n") if match[2] else match[0])
        return f"\n\x05{len(kept) - 1}\x05\n" if match[2] else f"\x05{len(kept) - 1}\x05"

    def keep_span(piece: str) -> str:
        kept.append(piece)
        return f"\x05{len(kept) - 1}\x05"

    def keep_lines(piece: str) -> str:
        return f"\n{keep_span(piece.strip(chr(10)))}\n"

    text = _FENCE.sub(keep, text.translate(_OWN_MARKS).replace("\r\n", "\n"))
    text = _without_references(without_site_markup(text, keep_span, keep_lines))
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    text = _HEADING.sub(lambda match: f"\n\n{_CHAPTER if len(match[1]) < 3 else ''}{match[2]}\n\n", text)
    text = unescape(_ESCAPE.sub(r"\1", text))
    for _ in range(2):  # a kept block may hold spans
        text = _KEPT.sub(lambda match: kept[int(match[1])], text)
    text = shown(text)
    return [re.sub(r"\n[ \t]*\n\s*\n", "\n\n", part).strip() for part in text.split(_CHAPTER) if part.strip()]
