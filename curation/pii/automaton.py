"""All patterns of the active recognizers in one automaton: one pass says which could match, and where they would end.

hyperscan in prefilter mode reports a superset of the true ends of matches, at 57 to 75 MB/s for Presidio's 44 English
patterns on one core. The flags UTF8 and UCP make `\\d \\w \\b` mean what they mean to Python; without UCP a match next
to other scripts would be missed. A pattern that it cannot compile, and every pattern where hyperscan is not installed
(it has wheels for x86-64 only), is reported as `everywhere`: the caller then searches the whole text, with the same
result.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from curation.pii.databases import database
from curation.pii.extent import is_foreign


class Expression(NamedTuple):
    regex: str
    flags: int  # of `re`


def has_hyperscan() -> bool:
    return importlib.util.find_spec("hyperscan") is not None


class Automaton:
    """`hits(text)` for the expressions given, by their index."""

    def __init__(self, expressions: Sequence[Expression], use_hyperscan: bool | None = None) -> None:
        self.everywhere = frozenset(range(len(expressions)))
        self._database: Any = None
        self._ids: list[int] = []
        if use_hyperscan is None:
            use_hyperscan = has_hyperscan()
        if use_hyperscan and expressions:
            self._compile(expressions)

    def hits(self, text: str) -> dict[int, list[int]]:
        """Index of an expression -> ascending offsets in `text` at which a match may end. None missing but false ones."""
        if self._database is None:
            return {}
        data = text.encode("utf-8", "replace")  # a lone surrogate becomes one `?`: offsets stay
        found: dict[int, list[int]] = {}

        ids = self._ids

        def on_match(position: int, _start: int, end: int, _flags: int, _context: object) -> None:
            index = ids[position]
            ends = found.get(index)
            if ends is None:
                found[index] = [end]
            elif ends[-1] != end:
                ends.append(end)

        self._database.scan(data, match_event_handler=on_match)
        if found and len(data) != len(text):
            offsets = _char_offsets(data)
            found = {index: offsets[ends].tolist() for index, ends in found.items()}
        return found

    def _compile(self, expressions: Sequence[Expression]) -> None:
        ids = [index for index, expression in enumerate(expressions) if not is_foreign(expression.regex)]
        try:
            self._database = _database(expressions, ids) if ids else None
        except _compile_error():
            ids = [index for index in ids if _compiles(expressions, index)]
            self._database = _database(expressions, ids)
        self._ids = ids
        self.everywhere -= frozenset(ids)


def _database(expressions: Sequence[Expression], ids: Sequence[int]) -> Any:
    return database([(expressions[index].regex, expressions[index].flags) for index in ids])


def _compiles(expressions: Sequence[Expression], index: int) -> bool:
    try:
        _database(expressions, [index])
    except _compile_error():
        return False
    return True


def _compile_error() -> type[Exception]:
    import hyperscan

    error: type[Exception] = hyperscan.error
    return error


def _char_offsets(data: bytes) -> Any:
    """Per byte offset, including the end, the number of characters that begin before it."""
    starts = (np.frombuffer(data, np.uint8) & 0xC0) != 0x80
    offsets = np.zeros(len(data) + 1, np.int64)
    np.cumsum(starts, out=offsets[1:])
    return offsets
