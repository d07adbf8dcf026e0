"""LaTeX source as readable text, mathematics kept as LaTeX.

In: the source of one file or, with `load`, of a tree (`\\input`, `\\include`, `\\subfile` are followed).
Out: chapters (parts, chapters, sections), each with empty lines between paragraphs. Comments, preamble, bibliography,
pictures, tables, labels, citations and layout go, captions, footnotes and listings stay; the author's own macros are
expanded; formatting commands leave their text. Mathematics stays between its delimiters as written, but for labels.
One pass with a table of matching braces, so the time is linear whatever is broken. Cost: about 3 MB/s.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from curation.sources.latexinputs import MAX_CHARS, body, with_inputs, without_skipped
from curation.sources.latexmacros import collect_macros, expand
from curation.sources.latexsymbols import (
    ACCENTS,
    CHAPTER_HEADINGS,
    DROPPED_ENVIRONMENTS,
    FLOATS,
    HEADINGS,
    MATH_ENVIRONMENTS,
    QUANTITIES,
    SILENT,
    SYMBOLS,
    UNITS,
    VERBATIM_ENVIRONMENTS,
)

MAX_MATH_CHARS = 20_000
CHAPTER = "\x04"
LINE_END = "\x05"  # of verse, titles, letters: what the author broke stays broken

_TOKEN = re.compile(r"\\([A-Za-z@]+)\*?|\\(.)|(\$\$?)|([{}])|(\n[ \t]*\n\s*)|(~)|(``|''|---?)", re.DOTALL)
_MATH_NOISE = re.compile(r"\\(?:label|tag)\*?\{[^{}]*\}|\\(?:nonumber|notag|qedhere)\b")
_OPTIONAL = re.compile(r"\s*\[[^\[\]]{0,2000}\]")
_ENVIRONMENT = re.compile(r"\s*\{([^{}\n]{1,60})\}")
_OVERLAY = re.compile(r"\s*<[\d+.-][\d,+.|@-]{0,20}>")  # of slides: `\\item<2->`
_LISTING = re.compile("\x06(\\d+)\x06")
_VERB = re.compile(r"\*?([^A-Za-z\s*])(.*?)\1")
_PUNCTUATION = {"``": "“", "''": "”", "---": "—", "--": "–"}


def latex_chapters(source: str, load: Callable[[str], str | None] = lambda name: None) -> list[str]:
    """Chapters (or sections where there are no chapters); the title opens the first."""
    source = source.replace("\r\n", "\n").translate(dict.fromkeys(map(ord, f"{CHAPTER}{LINE_END}\x06")))
    source = with_inputs(source, load)[:MAX_CHARS]
    macros = collect_macros(source)
    title = re.search(r"\\title\s*(?:\[[^\]]*\])?\s*(?=\{)", source)
    text_of_body = expand(without_skipped(body(source)), macros)
    reader = _Reader(text_of_body)
    text = reader.text(0, len(text_of_body))
    if title:
        heading = _Reader(expand(source[title.end() : title.end() + 2000], macros))
        text = f"{heading.group(0)}\n\n{text}"
    chapters = [chapter for part in text.split(CHAPTER) if (chapter := _paragraphs(part))]
    return [_LISTING.sub(lambda match: reader.listings[int(match[1])], chapter) for chapter in chapters]


class _Reader:
    """A cursor over one source with the closing brace of every opening one."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._closing = _matching_braces(source)
        self._unclosed: set[str] = set()
        self.listings: list[str] = []

    def text(self, start: int, stop: int) -> str:
        """Plain text of source[start:stop], with CHAPTER marks."""
        out: list[str] = []
        at_close: dict[int, str] = {}
        at = start
        while match := _TOKEN.search(self._source, at, stop):
            out.append(self._source[at : match.start()])
            at = min(self._token(match, out, at_close), stop)
        out.append(self._source[at:stop])
        return "".join(out)

    def group(self, at: int) -> str:
        """Plain text of the group that opens at `at`."""
        return self.text(at + 1, self._closing.get(at, at + 1))

    def _token(self, match: re.Match[str], out: list[str], at_close: dict[int, str]) -> int:
        name, escaped, dollar, brace, empty_line, tie, punctuation = match.groups()
        if name:
            return self._command(name, match.end(), out, at_close)
        if escaped is not None:
            return self._escaped(escaped, match, out)
        if dollar:
            return self._math(match.start(), dollar, dollar, out)
        if brace == "}":
            out.append(at_close.pop(match.start(), ""))
        elif empty_line:
            out.append("\n\n")
        elif tie:
            out.append(" ")
        elif punctuation:
            out.append(_PUNCTUATION[punctuation])
        return match.end()

    def _escaped(self, char: str, match: re.Match[str], out: list[str]) -> int:
        if char in "([":
            return self._math(match.start(), "\\" + char, "\\" + ")]"["([".index(char)], out)
        if char in ACCENTS:
            return self._accent(char, match.end(), out)
        if char == "\\":
            out.append(LINE_END)
            optional = re.compile(r"\*?\[[^\]\n]{0,20}\]").match(self._source, match.end())
            return optional.end() if optional else match.end()
        out.append(char if char in "%&$#_{}" else "" if char in "-/!" else " ")
        return match.end()

    def _math(self, start: int, opening: str, closing: str, out: list[str]) -> int:
        begin = start + len(opening)
        stop = self._source.find(closing, begin, begin + MAX_MATH_CHARS)
        while stop > 0 and self._source[stop - 1] == "\\" and closing[0] == "$":
            stop = self._source.find(closing, stop + 1, begin + MAX_MATH_CHARS)
        if stop < 0 or (closing == "$" and "\n\n" in self._source[begin:stop]):
            return begin
        out.append(_MATH_NOISE.sub("", self._source[start : stop + len(closing)]))
        return stop + len(closing)

    def _command(self, name: str, at: int, out: list[str], at_close: dict[int, str]) -> int:
        if name in ("begin", "end"):
            return self._environment(name, at, out)
        if name in HEADINGS:
            out.append(f"\n\n{CHAPTER if name in CHAPTER_HEADINGS else ''}")
            return self._open(self._after_optional(at), "\n\n", at_close)
        if name in ("footnote", "footnotetext", "endnote"):
            out.append(" (")
            return self._open(self._after_optional(at), ")", at_close)
        if name == "caption":
            return self._open(self._after_optional(at), "\n\n", at_close)
        if name == "item":
            out.append("\n- ")
            at = self._past_overlay(at)
            label = _OPTIONAL.match(self._source, at)
            if label:
                out.append(f"{self.text(label.start() + label[0].index('[') + 1, label.end() - 1)} ")
            return label.end() if label else at
        if name in QUANTITIES:
            return self._open(self._after_optional(at), "–" if name.endswith("range") else " ", at_close)
        if name in UNITS:
            out.append(UNITS[name])
            return self._past_blank(at)
        if name == "verb" and (verbatim := _VERB.match(self._source, at)):
            out.append(verbatim[2])
            return verbatim.end()
        if len(name) == 1 and name in ACCENTS:
            return self._accent(name, at, out)
        if name in SYMBOLS:
            out.append(SYMBOLS[name])
            return self._past_blank(at)
        if name.startswith("index"):
            return self._after_groups(at, 2 if "see" in name else 1)
        if name in SILENT or name.startswith(("cite", "Cite")):
            return self._after_groups(at, SILENT.get(name, 1))
        return self._past_blank(self._after_optional(self._past_overlay(at), only_before_brace=True))

    def _open(self, at: int, closing: str, at_close: dict[int, str]) -> int:
        """Go on inside the group at `at` and remember what its end stands for."""
        at = self._past_blank(at)
        if at in self._closing:
            at_close[self._closing[at]] = closing
            return at + 1
        return at

    def _accent(self, accent: str, at: int, out: list[str]) -> int:
        match = re.compile(r"\s*(?:\{\s*(\\?[A-Za-z]?)\s*\}|(\\?[A-Za-z]))").match(self._source, at)
        if not match or (accent.isalpha() and not match[0].startswith((" ", "{", "\\"))):
            return at
        letter = (match[1] or match[2] or "").lstrip("\\")
        out.append(unicodedata.normalize("NFC", letter + ACCENTS[accent]) if letter else "")
        return match.end()

    def _environment(self, which: str, at: int, out: list[str]) -> int:
        match = _ENVIRONMENT.match(self._source, at)
        if not match:
            return at
        name, inside = match[1].strip(), match.end()
        out.append("\n\n")
        if which == "end":
            return inside
        if name in VERBATIM_ENVIRONMENTS:
            return self._listing(name, self._after_groups(inside, VERBATIM_ENVIRONMENTS[name]), out)
        if name in MATH_ENVIRONMENTS or name in DROPPED_ENVIRONMENTS or name in FLOATS:
            closing = f"\\end{{{name}}}"
            stop = self._end_of(name, inside)
            if stop < 0:
                return inside
            if name in MATH_ENVIRONMENTS:
                out.append(_MATH_NOISE.sub("", self._source[match.start() - len("\\begin") : stop + len(closing)]) + "\n\n")
            elif name in FLOATS:
                self._captions(inside, stop, out)
            return stop + len(closing)
        inside = self._after_optional(inside, only_before_brace=False)
        return self._after_groups(inside, 1) if name in ("minipage", "multicols", "list", "adjustwidth", "spacing") else inside

    def _listing(self, name: str, start: int, out: list[str]) -> int:
        stop = self._end_of(name, start)
        if stop < 0:
            return start
        if text := self._source[start:stop].strip("\n").rstrip():
            out.append(f"\x06{len(self.listings)}\x06\n\n")
            self.listings.append(text)
        return stop + len(f"\\end{{{name}}}")

    def _end_of(self, name: str, start: int) -> int:
        """Where the environment ends, or -1: asked for once only, so that many that never end take no time."""
        stop = -1 if name in self._unclosed else self._source.find(f"\\end{{{name}}}", start)
        if stop < 0:
            self._unclosed.add(name)
        return stop

    def _captions(self, start: int, stop: int, out: list[str]) -> None:
        for match in re.compile(r"\\caption\*?").finditer(self._source, start, stop):
            at = self._past_blank(self._after_optional(match.end()))
            if at in self._closing and self._closing[at] < stop:
                out.append(f"{self.group(at)}\n\n")

    def _past_overlay(self, at: int) -> int:
        overlay = _OVERLAY.match(self._source, at)
        return overlay.end() if overlay else at

    def _after_optional(self, at: int, only_before_brace: bool = False) -> int:
        end = at
        while match := _OPTIONAL.match(self._source, end):
            end = match.end()
        return end if not only_before_brace or self._source[end : end + 1] == "{" else at

    def _after_groups(self, at: int, count: int) -> int:
        at = self._after_optional(at)
        for _ in range(count):
            opening = self._past_blank(at)
            if opening not in self._closing:
                break
            at = self._after_optional(self._closing[opening] + 1)
        return at

    def _past_blank(self, at: int) -> int:
        while self._source[at : at + 1] in (" ", "\t") or (
            self._source[at : at + 1] == "\n" and self._source[at + 1 : at + 2] not in ("\n", "")
        ):
            at += 1
        return at


def _matching_braces(source: str) -> dict[int, int]:
    closing: dict[int, int] = {}
    opened: list[int] = []
    for match in re.finditer(r"\\.|[{}]", source, re.DOTALL):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and opened:
            closing[opened.pop()] = match.start()
    return closing


def _paragraphs(text: str) -> str:
    """Single line ends are blanks in LaTeX, but a list item begins a line."""
    paragraphs = []
    for paragraph in re.split(r"\n[ \t]*\n\s*", text):
        joined = re.sub(r"[ \t]*\n(?!- )[ \t]*", " ", paragraph)
        joined = re.sub(rf"[ \t]*{LINE_END}\s*", "\n", joined).strip("\n")
        joined = re.sub(r"[ \t]+\n", "\n", joined)
        joined = re.sub(r" ([,.;:!?)])(?=\s|$)", r"\1", re.sub(r"[ \t]{2,}", " ", joined)).strip(" ")
        if joined.strip(" -"):
            paragraphs.append(joined)
    return "\n\n".join(paragraphs)
