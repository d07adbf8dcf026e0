"""JSON from strangers: every fault is a ValueError, also too deep nesting and numbers too long to convert."""

from __future__ import annotations

import json
from typing import Any


def loads(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        raise ValueError("nested too deeply") from None
