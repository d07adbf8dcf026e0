"""JSON from strangers: every fault is a ValueError, also too deep nesting and numbers too long to convert.

orjson reads what is JSON to the letter, four times as fast; the standard library what it refuses: control characters in
strings, NaN, halves of surrogate pairs.
"""

from __future__ import annotations

import json
from typing import Any

import orjson


def loads(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
