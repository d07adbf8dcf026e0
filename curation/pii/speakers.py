"""Names of the people of a conversation, found in its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from curation.pii.spans import Span


def find_speakers(text: str, speakers: Sequence[str]) -> list[Span]:
    """Every mention of a known name, nickname or handle."""
    names = sorted({name for name in speakers if len(name) > 1}, key=lambda name: (-len(name), name))
    if not names:
        return []
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, names)) + r")(?!\w)")
    return [Span("PERSON", *match.span(), 1.0) for match in pattern.finditer(text)]
