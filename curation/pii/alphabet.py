"""A text in one byte per character, so that the automaton scans ASCII and its offsets are the text's.

Every character keeps what patterns ask of it: ASCII stands for itself, a digit of any script for some ASCII digit, white
space for a space, another word character for `_`, anything else for the byte OTHER. Four letters that match an ASCII
letter when case is ignored (the Kelvin sign, the long s, the Turkish i's) stand for that letter. So `\\d \\w \\s \\b` mean
in the bytes, read as ASCII, exactly what they mean to the `regex` module in the text; other sets of characters are
mapped by `projection`.

Why not UTF-8: under hyperscan's flags UTF8 and UCP one `\\d` is an automaton over all of Unicode. Presidio's English
patterns scan books at 48 MB/s so, at 260 MB/s as ASCII; two thirds of English documents hold a character beyond ASCII.
Making the bytes costs 1 ms a MB, which the table of offsets cost before.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import Any

import numpy as np

OTHER = 0x80  # neither word nor white space
FIRST_ASTRAL = 0x10000


def narrow(text: str) -> bytes:
    """One byte for each character."""
    if text.isascii():
        return text.encode("ascii")
    table = classes()
    wide = text.encode("utf-16-le", "surrogatepass")
    if len(wide) == 2 * len(text):
        return bytes(table[:FIRST_ASTRAL][np.frombuffer(wide, np.uint16)])
    return bytes(table[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)])


@lru_cache(maxsize=1)
def classes() -> Any:
    """uint8 per code point: the byte that stands for it. As the `regex` module classifies; 0.2 s, once a process."""
    import regex

    beyond = "".join(map(chr, range(0x80, sys.maxunicode + 1)))
    table = np.full(sys.maxunicode + 1, OTHER, np.uint8)
    table[:0x80] = np.arange(0x80)
    for pattern, byte in ((r"\w+", ord("_")), (r"\s+", ord(" ")), (r"\d+", ord("0"))):
        for match in regex.finditer(pattern, beyond):
            table[0x80 + match.start() : 0x80 + match.end()] = byte
    for letter in "abcdefghijklmnopqrstuvwxyz":
        for match in [*regex.finditer(letter, beyond, regex.IGNORECASE), *re.finditer(letter, beyond, re.IGNORECASE)]:
            table[0x80 + match.start()] = ord(letter)
    return table
