"""Environments of a LaTeX source: which are mathematics, listings, pictures, theorems, and what of them is read.

In: a place behind `\\begin` or `\\end`. Out: the place where reading goes on; what was read is appended to a list.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from curation.sources.latex.cursor import Cursor
from curation.sources.latex.symbols import (
    ARGUMENTS,
    DROPPED_ENVIRONMENTS,
    FLOATS,
    MATH_ENVIRONMENTS,
    TITLED,
    VERBATIM_ENVIRONMENTS,
)

LISTING = "\x06"
MAX_GROUPS = 20

_ENVIRONMENT = re.compile(r"\s*\{([^{}\n]{1,60})\}")
_LISTING_OPTION = re.compile(r"[ \t]*\[[^\[\]]{0,2000}\](?=[ \t]*[\n{])")
_CAPTION = re.compile(r"\\(?:table|fig)?caption(of)?\*?(?![A-Za-z])")
MATH_NOISE = re.compile(r"\\(?:label|tag)\*?\{[^{}]*\}|\\(?:nonumber|notag|qedhere|xspace)\b")


@dataclass(frozen=True, slots=True)
class Manner:
    """What the preamble decides: languages with shorthands, quotation marks, titles of theorems, names behind citations."""

    languages: list[str] = field(default_factory=list)
    is_national: bool = False
    quotes: str = "“”"
    theorems: dict[str, str] = field(default_factory=dict)
    cited: dict[str, tuple[str, str]] = field(default_factory=dict)


class Environments(Cursor, ABC):
    """The half of the reader that begins and ends environments."""

    def __init__(self, source: str, manner: Manner) -> None:
        super().__init__(source)
        self._manner = manner
        self._depth = 0
        self.listings: list[str] = []

    @abstractmethod
    def text(self, start: int, stop: int) -> str:
        """Plain text of source[start:stop]."""

    def group(self, at: int) -> str:
        """Plain text of the group that opens at `at`; as it stands where groups that are read apart nest too deep."""
        stop = self._closing.get(at, at + 1)
        if self._depth >= MAX_GROUPS:
            return self._source[at + 1 : stop]
        self._depth += 1
        text = self.text(at + 1, stop)
        self._depth -= 1
        return text

    def _environment(self, which: str, at: int, out: list[str]) -> int:
        match = _ENVIRONMENT.match(self._source, at)
        if not match:
            return at
        name, inside = match[1].strip(), match.end()
        out.append("\n\n")
        if which == "end":
            return inside
        if name in VERBATIM_ENVIRONMENTS:
            return self._listing(name, inside, out)
        if name in MATH_ENVIRONMENTS or name in DROPPED_ENVIRONMENTS or name in FLOATS:
            closing = f"\\end{{{name}}}"
            stop = self._end_of(name, inside)
            if stop < 0:
                return inside
            if name in MATH_ENVIRONMENTS:
                out.append(MATH_NOISE.sub("", self._source[match.start() - len("\\begin") : stop + len(closing)]) + "\n\n")
            elif name in FLOATS:
                self._captions(inside, stop, out)
            return stop + len(closing)
        return self._inside(name.rstrip("*"), inside, out)

    def _inside(self, name: str, at: int, out: list[str]) -> int:
        """Behind the arguments of an environment; those that are a title are read."""
        if title := self._manner.theorems.get(name):
            option = self._option(at)
            said = self.text(*option).strip() if option else ""
            is_whole = name == "proof" and bool(said)  # `\\begin{proof}[Proof of the theorem]`
            out.append(f"{said.rstrip('.')}. " if is_whole else f"{title} ({said}). " if said else f"{title}. ")
            return option[1] + 1 if option else at
        at = self._after_optional(self._past_overlay(at))
        if name in TITLED:
            for _ in range(2):
                if at in self._closing:
                    out.append(f"{self.group(at)}\n\n")
                    at = self._closing[at] + 1
            return at
        return self._after_groups(at, ARGUMENTS[name]) if name in ARGUMENTS else at

    def _listing(self, name: str, at: int, out: list[str]) -> int:
        option = _LISTING_OPTION.match(self._source, at)
        start = self._after_groups(at, VERBATIM_ENVIRONMENTS[name]) if VERBATIM_ENVIRONMENTS[name] else at
        start = max(start, option.end() if option else at)
        stop = self._end_of(name, start)
        if stop < 0:
            return start
        if text := self._source[start:stop].strip("\n").rstrip():
            out.append(f"{LISTING}{len(self.listings)}{LISTING}\n\n")
            self.listings.append(text)
        return stop + len(f"\\end{{{name}}}")

    def _captions(self, start: int, stop: int, out: list[str]) -> None:
        for match in _CAPTION.finditer(self._source, start, stop):
            at = self._after_groups(match.end(), 1) if match[1] else match.end()
            at = self._past_blank(self._after_optional(at))
            if at in self._closing and self._closing[at] < stop:
                out.append(f"{self.group(at)}\n\n")
