"""phonenumbers' own last word on a part of a candidate: is it a valid number, written here?

The same checks in the same order as `PhoneNumberMatcher._parse_and_verify` at leniency VALID. Those on brackets and on the
characters around are the same for all regions and asked once. Parsing depends on the part and the region alone, and of
a part made of digits and punctuation only the digits count (both parsing and verifying begin by normalizing them), so
verdicts are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from curation.pii.numbering import NumberingPlans, calling_code
from curation.pii.surrogates import ascii_digit

MAX_CACHED = 100_000
MAX_PLAIN = 100  # characters; phonenumbers refuses 250 and more
PLUS = "+\uff0b"
FIRST = re.compile(rf"[{PLUS}\d]")
SEPARATORS = r"\-()\[\]. /\u2010-\u2015\u2212\u00a0\uff08\uff09\uff3b\uff3d\u3000\u200b\u2060\u00ad\u30fc\uff0d-\uff0f"
NO_DIGITS = re.compile(r"\D+")
PLAIN = re.compile(rf"[\d{SEPARATORS}]*")


class Verifier:
    """Verdicts on parts of candidates for some regions, by the region's index."""

    def __init__(self, regions: Sequence[str], plans: NumberingPlans) -> None:
        from phonenumbers import phonenumbermatcher

        self._matcher: Any = phonenumbermatcher
        self._regions = tuple(regions)
        self._plans = plans
        self._refused: dict[str, bool] = {}
        self._verdicts: dict[tuple[int, str], bool] = {}

    def stands(self, text: str, part: str, start: int) -> bool:
        """Do the brackets match, and do no letters touch it? `start`: where the part begins in `text`."""
        matcher = self._matcher
        if not matcher.fullmatch(matcher._MATCHING_BRACKETS, part) or matcher._PUB_PAGES.search(part):
            return False
        if start > 0 and not matcher._LEAD_PATTERN.match(part) and self._refuses(text[start - 1]):
            return False
        end = start + len(part)
        return end >= len(text) or not self._refuses(text[end])

    def is_number(self, part: str, index: int) -> bool:
        """Is the part a valid number in the region?"""
        key = (index, part)
        if is_plain(part):
            key = (index, digits_in(part))
        elif is_international(part):
            key = (-1, part)  # all regions read it alike
        verdict = self._verdicts.get(key)
        if verdict is None:
            if len(self._verdicts) >= MAX_CACHED:
                self._verdicts.clear()
            # Parsing takes 45 µs; of the plain parts that come this far a plan is sure of most.
            verdict = key[1].isdecimal() and self._plans.surely_allows(index, key[1])
            verdict = self._verdicts[key] = verdict or self._is_number(key[1], self._regions[index])
        return verdict

    def _is_number(self, part: str, region: str) -> bool:
        matcher = self._matcher
        try:
            number = matcher.parse(part, region, keep_raw_input=True)
        except matcher.NumberParseException:
            return False
        return bool(matcher._verify(matcher.Leniency.VALID, number, part, None))

    def _refuses(self, char: str) -> bool:
        """Is it a Latin letter, a percent or a currency sign?"""
        refused = self._refused.get(char)
        if refused is None:
            matcher = self._matcher.PhoneNumberMatcher
            refused = matcher._is_invalid_punctuation_symbol(char) or matcher._is_latin_letter(char)
            self._refused[char] = refused
        return refused


def is_plain(part: str) -> bool:
    """Nothing but digits and punctuation: only the digits count."""
    return len(part) <= MAX_PLAIN and PLAIN.fullmatch(part) is not None


def digits_in(part: str) -> str:
    """The digits of a part, as ASCII."""
    digits = NO_DIGITS.sub("", part)
    return digits if digits.isascii() else "".join(map(ascii_digit, digits))


def is_international(part: str) -> bool:
    """Does it begin with a plus and a calling code that exists? Then all regions read it alike."""
    begin = FIRST.search(part)
    return begin is not None and begin.group() in PLUS and calling_code(digits_in(part[begin.end() :])) is not None
