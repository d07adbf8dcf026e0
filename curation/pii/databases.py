"""Compiled pattern databases: made once a machine, kept in the user's cache folder, loaded in a millisecond.

In: regular expressions with their flags, over the bytes of `alphabet` or over UTF-8. Out: a hyperscan database that finds
at least every place where one can match. Every worker process needs one for each language; compiling 84 patterns under
UCP takes 7 s of CPU (32 s before bounded repeats were relaxed), loading 1 ms. The cache holds patterns only, nothing of
any text; if it cannot be read or written, or is damaged, the database is compiled anew.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from curation import manifest, storage
from curation.pii.projection import MAX_COUNTED, repeat


def database(expressions: Sequence[tuple[str, int]], is_unicode: bool) -> Any:
    """The database of (regex, flags of `re`), ids by position. Raises hyperscan.error for others."""
    import hyperscan as hs

    identity = (importlib.metadata.version("hyperscan"), is_unicode, [list(entry) for entry in expressions])
    path = _folder() / f"patterns-{manifest.fingerprint(*identity)}.hs"
    try:
        loaded = hs.loadb(path.read_bytes(), mode=hs.HS_MODE_BLOCK)
        loaded.scratch = hs.Scratch(loaded)  # loadb leaves none, and a scan without one ends the process (hyperscan 0.9.1)
        return loaded
    except (OSError, hs.error):
        made = _compiled(expressions, is_unicode)
    with contextlib.suppress(OSError):  # a read-only home costs time only
        storage.write_atomically(path, hs.dumpb(made))
    return made


def _folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "curation"


def _compiled(expressions: Sequence[tuple[str, int]], is_unicode: bool) -> Any:
    import hyperscan as hs

    always = hs.HS_FLAG_PREFILTER | (hs.HS_FLAG_UTF8 | hs.HS_FLAG_UCP if is_unicode else 0)
    by_flag = {re.IGNORECASE: hs.HS_FLAG_CASELESS, re.MULTILINE: hs.HS_FLAG_MULTILINE, re.DOTALL: hs.HS_FLAG_DOTALL}
    flags = [always | sum(value for flag, value in by_flag.items() if given & flag) for _, given in expressions]
    made = hs.Database(mode=hs.HS_MODE_BLOCK)
    patterns = [(relaxed(regex) if is_unicode else regex).encode() for regex, _ in expressions]
    made.compile(expressions=patterns, ids=list(range(len(patterns))), elements=len(patterns), flags=flags)
    return made


def relaxed(regex: str) -> str:
    r"""A regex that matches wherever `regex` does, and compiles fast: long bounded repeats become unbounded ones.

    Under UCP, `\w{0,128}` is 128 copies of an automaton over all of Unicode: one such pattern took 52 s to compile.
    Escapes of the form \uXXXX, which hyperscan does not know, become the character.
    """
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", _literal, regex)
    return re.sub(r"(\\.|[^\\])\{(\d+)(,\d*)?\}", _unbounded, plain)


def _literal(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return f"\\{char}" if char.isascii() and not char.isalnum() else char


def _unbounded(match: re.Match[str]) -> str:
    element, least, rest = match[1], int(match[2]), match[3]
    most = least if rest is None else (int(rest[1:]) if rest[1:] else None)
    return match[0] if most is not None and most <= MAX_COUNTED else repeat(element, least, most)
