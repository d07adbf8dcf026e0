"""LaTeX sources put together: comments out, included files in, the body of the document found.

In: the source of one file, and a way to load others by name. Out: one source. Listings keep their per cent signs.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from curation.sources.latex.symbols import VERBATIM_ENVIRONMENTS

MAX_CHARS = 16 << 20
MAX_INPUT_DEPTH = 12

_BEGIN = "\\begin{document}"
_NAMES = "|".join(map(re.escape, VERBATIM_ENVIRONMENTS))
_COMMENT = re.compile(rf"\\begin\{{({_NAMES})\}}|(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*(?=\S))?")
_INPUT = re.compile(
    r"\\(?:input|include|subfile|subimport|import)(?![A-Za-z])"
    r"(?:\s*\{([^{}\n]*)\}(?:\{([^{}\n]*)\})?|(?<=input)[ \t]+([\w./+-]{1,200}))?"
)


def without_comments(source: str) -> str:
    pieces: list[str] = []
    unclosed: set[str] = set()
    at = done = 0
    while match := _COMMENT.search(source, at):
        name = match[1]
        if name is None:
            pieces += [source[done : match.start()], match[2]]
            at = done = match.end()
        else:
            stop = -1 if name in unclosed else source.find(f"\\end{{{name}}}", match.end())
            at = max(stop, match.end())
            if stop < 0:
                unclosed.add(name)
    return "".join([*pieces, source[done:]])


def included_names(source: str) -> list[str]:
    """Names of the files that a source includes."""
    return [_target(match) for match in _INPUT.finditer(without_comments(source))]


def _target(match: re.Match[str]) -> str:
    return "".join(part for part in match.groups() if part).strip()


def with_inputs(source: str, load: Callable[[str], str | None], depth: int = 0) -> str:
    """The source with what it includes in its place; of a document of its own, only what stands between its ends."""
    source = without_comments(source)
    if depth >= MAX_INPUT_DEPTH:
        return source

    def included(match: re.Match[str]) -> str:
        text = load(_target(match))
        if text is None:
            return "\n"
        text = with_inputs(text, load, depth + 1)
        # A main file without `\begin{document}` of its own has it in one of these.
        return f"\n{body(text) if depth or _BEGIN in source else text}\n"

    return _INPUT.sub(included, source)[:MAX_CHARS]


def body(source: str) -> str:
    start = source.find(_BEGIN)
    if start < 0:
        return source
    stop = source.find("\\end{document}", start)
    return source[start + len(_BEGIN) : stop if stop > start else len(source)]


def without_skipped(source: str) -> str:
    pieces, done = [], 0
    while (start := source.find("\\iffalse", done)) >= 0 and (stop := source.find("\\fi", start + 8)) >= 0:
        pieces.append(source[done:start])
        done = stop + 3
    return "".join([*pieces, source[done:]])
