"""What looks like a value and is none: reserved for examples, or something else by the word before it.

Over-scrubbing is a defect too: version numbers are no addresses, an ISBN is no phone number.
"""

from __future__ import annotations

import re

from curation.pii.spans import Span
from curation.pii.surrogates import is_reserved

REACH = 24
MAX_VERSION_PART = 32
VERSION = re.compile(
    r"(?:\bv|version|ver\.?|release|build|v\.|rev\.?|wersj\w|верси\w|\u0646\u0633\u062e\u0647)[\s:=\"'(]{0,3}$", re.IGNORECASE
)
BOOK_NUMBER = re.compile(
    r"\b(?:ISBN|ISSN|DOI|arXiv|OCLC|LCCN|PMID|PMC|RFC|ISO|UDC|EAN|UPC|bug|issue|ticket|PR|commit|rev)\b[^\n]{0,6}$", re.IGNORECASE
)
NUMBERS = frozenset(("PHONE_NUMBER", "CREDIT_CARD", "UK_NHS", "US_SSN", "US_BANK_NUMBER", "US_DRIVER_LICENSE", "US_PASSPORT"))


def is_innocent(span: Span, text: str) -> bool:
    """Is this finding to be left as it is?"""
    value = text[span.start : span.end]
    if is_reserved(span.entity, value):
        return True
    before = text[max(0, span.start - REACH) : span.start]
    if span.entity == "IP_ADDRESS":
        return _is_version(value, before)
    return span.entity in NUMBERS and BOOK_NUMBER.search(before) is not None


def _is_version(value: str, before: str) -> bool:
    parts = value.split(".")
    if len(parts) != 4:
        return False
    return VERSION.search(before) is not None or all(part.isdecimal() and int(part) < MAX_VERSION_PART for part in parts)
