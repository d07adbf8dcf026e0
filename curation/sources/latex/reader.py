"""A LaTeX source read from its begin to its end: commands become what a reader sees of them.

In: a source whose macros are expanded, and what its preamble says (`Manner`). Out: text with marks: CHAPTER where one
begins, LINE_END where the author broke a line, MARK where the text points to a reference, numbers between LISTING marks.
"""

from __future__ import annotations

import re
import unicodedata

from curation.sources.latex.environments import MATH_NOISE, Environments, Manner
from curation.sources.latex.language import SHORTHAND, shorthand
from curation.sources.latex.symbols import (
    ACCENTS,
    CHAPTER_HEADINGS,
    CLOSINGS,
    HEADINGS,
    LENGTHS,
    NOTES,
    POINTED,
    SILENT,
    SPACING_ACCENTS,
    SYMBOLS,
    UNITS,
    UP_TO_END,
)
from curation.sources.pointers import MARK

MAX_MATH_CHARS = 20_000
MAX_CLOSED_CHARS = 20_000  # `\\author … \\endauthor`
CHAPTER = "\x04"
LINE_END = "\x05"  # of verse, titles, letters: what the author broke stays broken

_TOKEN = r"\\([A-Za-z@]+)\*?|\\(.)|(\$\$?)|([{}])|(\n[ \t]*\n\s*)|(~)|(``|''|---?%s)"
_PLAIN_TOKEN = re.compile(_TOKEN % "", re.DOTALL)
_NATIONAL_TOKEN = re.compile(_TOKEN % "|,,|<<|>>" + '|(")', re.DOTALL)
_VERB = re.compile(r"\*?([^A-Za-z\s*{])(.*?)\1|\{([^{}\n]*)\}")
_KEYS = re.compile(r"[\w:./-]+")
_NAME = re.compile(r"\\[A-Za-z]+")
_FOREIGN_NAME = re.compile(r"[^\W\d_a-zA-Z]+")
_PUNCTUATION = {"``": "“", "''": "”", "---": "—", "--": "–", ",,": "„", "<<": "«", ">>": "»"}
_CREF = {
    "fig": "Figure", "tab": "Table", "tbl": "Table", "eq": "Equation", "eqn": "Equation", "sec": "Section", "ssec": "Section",
    "subsec": "Section", "ch": "Chapter", "chap": "Chapter", "app": "Appendix", "alg": "Algorithm", "thm": "Theorem",
    "lem": "Lemma", "prop": "Proposition", "cor": "Corollary", "def": "Definition", "rem": "Remark", "ex": "Example",
}  # fmt: skip


class Reader(Environments):
    """A cursor over one source with the closing brace of every opening one."""

    def __init__(self, source: str, manner: Manner) -> None:
        super().__init__(source, manner)
        self._token_pattern = _NATIONAL_TOKEN if manner.is_national else _PLAIN_TOKEN
        self._quoted = 0

    def text(self, start: int, stop: int) -> str:
        """Plain text of source[start:stop], with marks."""
        out: list[str] = []
        at_close: dict[int, str] = {}
        at = start
        while match := self._token_pattern.search(self._source, at, stop):
            out.append(self._source[at : match.start()])
            at = min(self._token(match, out, at_close), stop)
        out.append(self._source[at:stop])
        return "".join(out)

    def _token(self, match: re.Match[str], out: list[str], at_close: dict[int, str]) -> int:
        name, escaped, dollar, brace, empty_line, tie, punctuation, *quote = match.groups()
        if name:
            return self._command(name, match.end(), out, at_close)
        if escaped is not None:
            if (foreign := _FOREIGN_NAME.match(self._source, match.start(2))) and escaped.isalpha():  # XePersian's commands
                return self._note(foreign.end(), out, at_close) if foreign[0] in NOTES else foreign.end()
            return self._escaped(escaped, match, out)
        if dollar:
            return self._math(match.start(), dollar, dollar, out)
        if brace == "}":
            closing = at_close.pop(match.start(), "")
            self._quoted -= closing == self._manner.quotes[1]
            out.append(closing)
        elif empty_line:
            out.append("\n\n")
        elif tie:
            out.append(" ")
        elif punctuation:
            out.append(_PUNCTUATION[punctuation])
        elif quote and quote[0] and (found := SHORTHAND.match(self._source, match.start())):
            out.append(shorthand(found, self._manner.languages))
            return found.end()
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
        out.append(MATH_NOISE.sub("", self._source[start : stop + len(closing)]))
        return stop + len(closing)

    def _command(self, name: str, at: int, out: list[str], at_close: dict[int, str]) -> int:
        if name in ("begin", "end"):
            return self._environment(name, at, out)
        if name in HEADINGS:
            out.append(f"\n\n{CHAPTER if name in CHAPTER_HEADINGS else ''}")
            return self._open(self._after_optional(self._past_overlay(at)), "\n\n", at_close)
        if name in NOTES:
            return self._note(at, out, at_close)
        if name in ("caption", "captionof"):
            at = self._after_groups(at, 1) if name == "captionof" else at
            return self._open(self._after_optional(at), "\n\n", at_close)
        if name == "ensuremath" and (opening := self._past_blank(at)) in self._closing:
            out.append(f"${MATH_NOISE.sub('', self._source[opening + 1 : self._closing[opening]])}$")
            return self._closing[opening] + 1
        if name == "item":
            return self._item(at, out)
        if name in CLOSINGS:
            return self._open(self._after_optional(at), CLOSINGS[name], at_close)
        if name in UNITS:
            out.append(UNITS[name])
            return self._past_blank(at)
        if name in ("verb", "lstinline", "mintinline"):
            return self._verb(name, at, out)
        if len(name) == 1 and name in ACCENTS:
            return self._accent(name, at, out)
        if name in SYMBOLS:
            out.append(SYMBOLS[name])
            return self._past_blank(at)
        if name in ("enquote", "textsuperscript", "up"):
            return self._dressed(name, at, out, at_close)
        return self._unseen(name, at, out)

    def _unseen(self, name: str, at: int, out: list[str]) -> int:
        """Commands whose arguments are no text, and those that only dress it."""
        if name.startswith("index"):
            return self._after_groups(at, 2 if "see" in name else 1)
        if name in POINTED or name.startswith(("cite", "Cite", "parencite", "textcite", "autocite")):
            return self._pointer(name, at, out)
        if name in UP_TO_END and (stop := self._source.find(f"\\end{name}", at, at + MAX_CLOSED_CHARS)) > 0:
            return stop + len(name) + 4
        if name in SILENT:
            return self._after_groups(at, SILENT[name])
        if name in LENGTHS:
            return self._after_length(name, at)
        if name == "xspace":
            return at
        after = self._after_assignment(at)
        return self._past_blank(self._after_optional(self._past_overlay(after), only_before_brace=True))

    def _note(self, at: int, out: list[str], at_close: dict[int, str]) -> int:
        opening = self._past_blank(self._after_optional(at))
        closing = self._closing.get(opening, opening)
        if closing + 1 in self._closing and closing - opening < 16:  # plain TeX: `\\footnote{*}{The note.}`
            opening = closing + 1
        out.append(" (")
        return self._open(opening, ")", at_close)

    def _item(self, at: int, out: list[str]) -> int:
        out.append("\n- ")
        at = self._past_overlay(at)
        label = self._option(at)
        if not label:
            return at
        text = self.text(*label)
        out.append(f"{text} " if any(map(str.isalnum, _NAME.sub("", text))) else "")  # no sign, be it `--` or `$\\bullet$`
        return self._past_overlay(label[1] + 1)

    def _verb(self, name: str, at: int, out: list[str]) -> int:
        start = self._after_groups(at, 1) if name == "mintinline" else self._after_optional(at) if name == "lstinline" else at
        verbatim = _VERB.match(self._source, start)
        if not verbatim or (verbatim[3] is not None and name == "verb"):
            return start
        out.append(verbatim[2] if verbatim[3] is None else verbatim[3])
        return verbatim.end()

    def _dressed(self, name: str, at: int, out: list[str], at_close: dict[int, str]) -> int:
        """`\\enquote{…}`, quotations in it in simple marks; `10\\textsuperscript{6}`, which is no 106."""
        if name != "enquote":
            opening = self._past_blank(at)
            is_power = out and out[-1][-1:].isdigit() and re.match(r"\{\s*[-+−–$]?\d", self._source[opening : opening + 8])
            out.append("^" if is_power else "")
            return opening
        marks = "‘’" if self._quoted else self._manner.quotes
        opening = self._past_blank(at)
        if opening not in self._closing:
            return at
        self._quoted += marks == self._manner.quotes
        out.append(marks[0])
        return self._open(opening, marks[1], at_close)

    def _pointer(self, name: str, at: int, out: list[str]) -> int:
        """What stands for a reference: its author where the text names him and the bibliography does, a mark otherwise."""
        opening = self._past_blank(self._after_optional(at))
        end = self._after_groups(at, POINTED.get(name, 1))
        group = self._source[opening + 1 : self._closing.get(opening, opening)]
        if name.lower() in ("cref", "autoref"):
            kinds = [_CREF.get(key.partition(":")[0].lower(), "") for key in _KEYS.findall(group)]
            out.append(" and ".join(dict.fromkeys(filter(None, kinds))) or MARK)
        else:
            known = [self._manner.cited[key] for key in _KEYS.findall(group) if key in self._manner.cited]
            kind = name.lower()
            if known and kind in ("citet", "citealt", "textcite", "citeauthor"):
                words = [author if kind == "citeauthor" else f"{author} ({year})" for author, year in known]
                out.append(" and ".join(words))
            else:
                out.append(MARK)
        return end

    def _open(self, at: int, closing: str, at_close: dict[int, str]) -> int:
        """Go on inside the group at `at` and remember what its end stands for."""
        at = self._past_blank(at)
        if at in self._closing:
            at_close[self._closing[at]] = closing
            return at + 1
        return at

    def _accent(self, accent: str, at: int, out: list[str]) -> int:
        match = re.compile(r"\s*(?:\{\s*(\\?[A-Za-z]?)\s*\}|(\\[A-Za-z](?![A-Za-z])[ \t]*|[A-Za-z]))").match(self._source, at)
        if not match or (accent.isalpha() and not match[0].startswith((" ", "{", "\\"))):
            return at
        letter = (match[1] or match[2] or "").strip("\\ \t")
        out.append(unicodedata.normalize("NFC", letter + ACCENTS[accent]) if letter else SPACING_ACCENTS.get(accent, ""))
        return match.end()
