"""The other side of a chat in the name of its export, as messengers write it: "WhatsApp Chat with Jan Kowalski.txt".

Needed where nothing else tells: a damaged export is dropped before its speakers are known, and its name enters the
ledger all the same.
"""

from __future__ import annotations

import re

from curation.pii.spans import Span

EXPORT = re.compile(
    r"(?:WhatsApp[ _-]?Chat(?:[ _](?:with|mit|avec|con|com|met)|[ _]?-)|"
    r"Chat[ _]WhatsApp[ _](?:con|com)|WhatsApp-Chat[ _]mit|"
    r"Discussion[ _]WhatsApp[ _]avec|Czat[ _]WhatsApp[ _]z|"
    r"(?:Чат|Переписка)[ _](?:в[ _])?WhatsApp[ _](?:с|со|з)|گفتگوی واتساپ با)[ _]"
    r"([^/!#]+?)(?=(?:\.\w{1,4})*(?:[/!#]|$))",
    re.IGNORECASE,
)


def partners(name: str) -> list[Span]:
    """Where a name of a file or folder holds the name of a person or group."""
    return [Span("PERSON", *match.span(1), 1.0) for match in EXPORT.finditer(name)]
