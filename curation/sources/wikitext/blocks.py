"""Fourth pass: what a line's first characters mean.

In: text without templates and links. Out: tables as lines (a row per line, cells separated by tabs, attributes
gone), headings without their equals signs, list items without their bullets, rules dropped.
A heading may carry HEADING marks, one per level, so that the last pass can drop those with nothing below.
"""

from __future__ import annotations

import re

HEADING = "\x1d"
CELL = "\t"

# Possessive: a line is looked at once. Only lines that begin with a markup character are visited at all.
_LINE = re.compile(
    r"^(?:[ \t:]*+(\{\|)(.*)"  # 1 table start
    r"|[ \t]*+(\|\}|\|-|\|\+|\||!)(.*)"  # 3 kind, 4 rest
    r"|(={1,6})([^\n]+?)\5[ \t]*((?:\x7f\d+\x7f|[ \t\x1a])*)"  # 5 heading
    r"|([*#:;]+)[ \t]*(.*)"  # 8 list
    r"|(-{4,})(.*))$",  # 10 rule
    re.MULTILINE,
)
_COLON = re.compile(r"</?[A-Za-z][^<>]*>|:(?!//)")
_STARTS = re.compile(r"(?:\A|\n)[ \t]*[{|!=*#:;-]")


def lay_out(text: str, *, mark_headings: bool = False) -> str:
    """One line per block element."""
    if not _STARTS.search(text):
        return text
    return _LINE.sub(_Layout(mark_headings), text)


class _Layout:
    """Replacement of one line; remembers how many tables are open."""

    def __init__(self, mark_headings: bool) -> None:
        self.mark_headings = mark_headings
        self.tables = 0

    def __call__(self, match: re.Match[str]) -> str:
        if match[1]:
            self.tables += 1
            return ""
        if match[3]:
            return self._table_line(match[0], match[3], match[4])
        if match[5]:
            return self._heading(len(match[5]), match[6])
        if match[8]:
            return _list_item(match[8], match[9])
        return match[11]

    def _table_line(self, line: str, kind: str, rest: str) -> str:
        if kind == "|}":
            if self.tables:
                self.tables -= 1
                return rest
            return rest.strip()
        if not self.tables:
            return line if kind in "|!" or kind == "|+" else ""
        if kind == "|-":
            return ""
        if kind == "|+":
            return _cell(rest)
        if kind == "!":
            rest = rest.replace("!!", "||")
        return CELL.join([_cell(cell) for cell in rest.split("||")]) + CELL

    def _heading(self, level: int, title: str) -> str:
        title = title.strip()
        if len(title) > 1 and not title.strip("="):
            return ""
        marks = HEADING * level if self.mark_headings and title else ""
        return f"\n{marks}{title}\n"


def _cell(content: str) -> str:
    """Content of a cell: what follows the first single bar, if there is one."""
    attributes, bar, rest = content.partition("|")
    return (rest if bar else attributes).strip()


def _list_item(bullets: str, content: str) -> str:
    if bullets[-1] == ";" and ":" in content:
        at = _colon(content)
        if at is not None:
            return f"{content[:at].rstrip()}\n{content[at + 1 :].lstrip()}"
    return content


def _colon(content: str) -> int | None:
    """Where a definition follows its term: the first colon outside tags that belongs to no address."""
    depth = 0
    for match in _COLON.finditer(content):
        if match[0] == ":":
            if not depth:
                return match.start()
        elif not match[0].endswith("/>"):
            depth = max(0, depth - 1) if match[0][1] == "/" else depth + 1
    return None
