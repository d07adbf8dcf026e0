"""JSON from strangers: every fault is a ValueError, also too deep nesting and numbers too long to convert.

orjson reads what is JSON to the letter, four times as fast; the standard library what it refuses: control characters in
strings, NaN, halves of surrogate pairs.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from curation.sources.encoding import decode

SURE_BYTES = 64  # of fewer, `decode` may take ASCII for UTF-16
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBERS = [*(bytes([mark]) + b"0" * 20 for mark in b":,[ \t\r\n"), b"-" + b"0" * 19]


def loads_bytes(data: bytes) -> Any:
    """The value of a whole file in any encoding."""
    try:
        return loads_plain(data)
    except ValueError:
        return loads(decode(data).text.lstrip("\ufeff"))


def loads_plain(data: bytes) -> Any:
    """The value of what is JSON in UTF-8 to the letter, and nothing else."""
    if len(data) < SURE_BYTES or (b"~" in data and b"~{" in data) or _has_long_number(data):
        raise ValueError("not plain")
    return orjson.loads(data)


def loads(text: str) -> Any:
    try:
        if not _has_long_number(text.encode("utf-8", "surrogatepass")):
            return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _has_long_number(data: bytes) -> bool:
    """Of integers beyond 64 bits orjson makes floats. Digits in the middle of an address are none."""
    zeros = data.translate(_DIGITS)
    return b"0" * 19 in zeros and (zeros.startswith(b"0" * 20) or any(number in zeros for number in _LONG_NUMBERS))
