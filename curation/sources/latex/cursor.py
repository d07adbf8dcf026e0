"""Where things end in a LaTeX source: groups, options, environments, the lengths that TeX's own commands take.

In: a source and places in it. Out: places. The braces are matched once, so that every question costs next to nothing.
"""

from __future__ import annotations

import re

_OPTIONAL = re.compile(r"\s*\[[^\[\]]{0,2000}\]")
_OVERLAY = re.compile(r"\s*<[\d+.-][\d,+.|@-]{0,20}>")  # of slides: `\\item<2->`
_DIMENSION = (
    r"-?[ \t]*(?:\d*[.,]?\d+\.?[ \t]*(?:(?:true[ \t]*)?(?:pt|in|cm|mm|em|ex|bp|pc|sp|dd|cc|mu|fil{1,3})\b|\\[A-Za-z@]+)?"
    r"|\\(?:magstep(?:half|\d)|[A-Za-z@]*(?:skip|amount|indent|width|height|depth|sep|unit|size)\b))"
)
_LENGTH = re.compile(rf"[ \t]*(?:=[ \t]*)?{_DIMENSION}(?:[ \t]*(?:plus|minus)[ \t]*{_DIMENSION}){{0,2}}")
_ASSIGNED = re.compile(rf"[ \t]*=[ \t]*{_DIMENSION}")
_FONT = re.compile(
    r"\s*\\[A-Za-z@]+[ \t]*=?[ \t]*[\w.-]+(?:[ \t]+(?:scaled|at)[ \t]*(?:\\magstep(?:half|\d)?|[\d.]+[a-z]{0,6}))?"
)


class Cursor:
    """Questions about one source, asked by place."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._closing = _matching_braces(source)
        self._unclosed: set[str] = set()

    def _end_of(self, name: str, start: int) -> int:
        """Where the environment ends, or -1: asked for once only, so that many that never end take no time."""
        stop = -1 if name in self._unclosed else self._source.find(f"\\end{{{name}}}", start)
        if stop < 0:
            self._unclosed.add(name)
        return stop

    def _past_overlay(self, at: int) -> int:
        overlay = _OVERLAY.match(self._source, at)
        return overlay.end() if overlay else at

    def _after_optional(self, at: int, only_before_brace: bool = False) -> int:
        end = at
        while match := _OPTIONAL.match(self._source, end):
            end = match.end()
        return end if not only_before_brace or self._source[end : end + 1] == "{" else at

    def _option(self, at: int) -> tuple[int, int] | None:
        """Where the text of the option at `at` begins and ends."""
        match = _OPTIONAL.match(self._source, at)
        return (match.start() + match[0].index("[") + 1, match.end() - 1) if match else None

    def _after_groups(self, at: int, count: int) -> int:
        at = self._after_optional(at)
        for _ in range(count):
            opening = self._past_blank(at)
            if opening not in self._closing:
                break
            at = self._after_optional(self._closing[opening] + 1)
        return at

    def _after_length(self, name: str, at: int) -> int:
        """Behind what a command of TeX itself takes without braces: `\\vskip 1ex plus 2pt`, `\\font\\big=cmr10`."""
        match = _FONT.match(self._source, at) if name == "font" else _LENGTH.match(self._source, at)
        return match.end() if match else at

    def _after_assignment(self, at: int) -> int:
        match = _ASSIGNED.match(self._source, at)
        return match.end() if match else at

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
