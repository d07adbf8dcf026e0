"""White space: one kind of space, no trailing blanks, at most one empty line in a row.

In: text with line feeds only. Out: text. Runs of blanks inside a line become one, but not in a line that has several
runs (a table) and not where a line begins (verse, lists, code). Code keeps every blank but trailing ones, and two
empty lines in a row. Cost: about 150 MB/s.
"""

from __future__ import annotations

import re

# Python counts the turn marks U+001E and U+001F as white space; a bare strip() would eat them.
_BLANK = " \t\n\u3000"
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_TRAILING = re.compile("[ \t\u3000]+(?=\n|\\Z)")
_RUN = re.compile("(?<=\\S)[ \t]{2,}(?=\\S)")
_LINE_WITH_RUN = re.compile("^[^\n]*\\S {2,}\\S[^\n]*$", re.MULTILINE)
_EMPTY_LINES = re.compile("\n{3,}")
_MANY_EMPTY_LINES = re.compile("\n{4,}")


def clean_whitespace(text: str, is_code: bool = False) -> str:
    if is_code:
        return _MANY_EMPTY_LINES.sub("\n\n\n", _without_trailing(text)).strip("\n")
    if not text.isascii():
        text = _SPACES.sub(" ", text)
    text = _without_trailing(text)
    if "  " in text:
        text = _LINE_WITH_RUN.sub(_single_blanks, text)
    if "\n\n\n" in text:
        text = _EMPTY_LINES.sub("\n\n", text)
    return text.strip(_BLANK)


def _without_trailing(text: str) -> str:
    # A regex over runs of blanks is quadratic on a line of a million blanks; rstrip is not.
    return "\n".join([line.rstrip(" \t\u3000") for line in text.split("\n")]) if _TRAILING_HINT.search(text) else text


_TRAILING_HINT = re.compile("[ \t\u3000](?:\n|\\Z)")


def _single_blanks(match: re.Match[str]) -> str:
    line = match[0]
    indent = len(line) - len(line.lstrip())
    body = line[indent:]
    runs = _RUN.findall(body)
    if len(runs) > 1 and max(len(run) for run in runs) > 2:
        return line
    return line[:indent] + _RUN.sub(" ", body)
