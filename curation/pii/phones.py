"""The phone numbers that Presidio's PhoneRecognizer finds, with one scan for all its regions.

Stock scans the text once a region (eight by default) and parses every run of digits each time: 60 % of its time on
mail. Here the candidates are found once, and only around places with enough digits; `NumberingPlan` refuses nearly all
of them for nearly all regions; what is left goes through phonenumbers' own check. Spans are the same, which
tests/pii/test_phones.py checks on generated text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from curation.pii.candidates import candidates, is_time_stamp, next_candidate, parts, punctuation
from curation.pii.numbering import NumberingPlan, allows_international
from curation.pii.surrogates import ascii_digit

MAX_CACHED = 100_000
MAX_ALONE = 18  # characters; phonenumbers cuts candidates at 20 digits in a row and at 20 runs of digits
MAX_TRIES = 65_535  # phonenumbers gives a text up after so many failures
PLUS = "+\uff0b"
FIRST = re.compile(rf"[{PLUS}\d]")
SEPARATORS = r"\-()\[\]. /\u2010-\u2015\u2212\u00a0\uff08\uff09\uff3b\uff3d\u3000\u200b\u2060\u00ad\u30fc\uff0d-\uff0f"
PLAIN = re.compile(rf"[0-9{SEPARATORS}]*")
NOT_PLAIN = re.compile(rf"[^0-9{SEPARATORS}]")
PLAIN_AFTER_PLUS = re.compile(rf"[(\[]?\+[0-9{SEPARATORS}]*")
DIGITS = re.compile("[0-9]+")


class Attempt(NamedTuple):
    """A part of a candidate that may be a number in the regions of `mask` (bit i = ith region)."""

    offset: int
    text: str
    mask: int


class PhoneScan:
    """Finds numbers of `regions` at phonenumbers' leniency VALID, Presidio's default."""

    def __init__(self, regions: Sequence[str]) -> None:
        self._regions = tuple(regions)
        self._plans = [NumberingPlan(region) for region in regions]
        self._all = (1 << len(regions)) - 1
        self._masks: dict[str, int] = {}
        self._attempts: dict[str, tuple[list[Attempt], int]] = {}
        self.min_digits = min([4, *(plan.min_digits for plan in self._plans)])

    def expression(self) -> str:
        """A regex that ends at the digits of every possible number (for the automaton)."""
        # One end for a run of digits, not one for each digit: ten times fewer to report.
        return rf"\d(?:[{punctuation()}]{{0,4}}\d){{{self.min_digits - 1}}}(?:\D|\z)"

    def find(self, text: str, ends: Sequence[int] | None) -> set[tuple[int, int]] | None:
        """(start, end) of every number. `ends`: where the automaton saw digits, None = look everywhere.

        None where the text must be read region by region: phonenumbers would give up part of the way, having met too
        many runs of digits, or the regions' scans part for good.
        """
        if ends is None:
            ends = [match.end() for match in re.finditer(r"\d", text)]
        if not ends:
            return set()
        matchers = _Matchers(text, self._regions)
        found: set[tuple[int, int]] = set()
        tries = 0
        for start, candidate in candidates(text, ends, self._is_hopeless):
            if len(candidate) < self.min_digits:
                continue
            attempts, num_tries = self._of(candidate)
            tries += num_tries
            if not attempts or is_time_stamp(text, start, candidate):
                continue
            if _stands_alone(candidate) and self._is_number(matchers, start, attempts[0], candidate):
                # All that another region could find in here lies within this number, and counts for nothing.
                found.add((start, start + len(candidate)))
                continue
            for index in _bits(reduce(or_, (attempt.mask for attempt in attempts))):
                end = self._first(matchers, index, start, attempts, found)
                if end is not None and end != start + len(candidate):
                    more = self._alone(text, index, matchers, end, start + len(candidate))
                    if more is None:
                        return None
                    found |= more
        if tries + 8 * len(text) > MAX_TRIES and tries + 8 * sum(map(str.isdecimal, text)) > MAX_TRIES:
            return None
        return found

    def _is_hopeless(self, digits: str) -> bool:
        return not self._mask_of_digits(digits)

    @staticmethod
    def _is_number(matchers: _Matchers, start: int, attempt: Attempt, candidate: str) -> bool:
        """Is the whole candidate a number in one of the regions?"""
        return attempt.text == candidate and any(matchers.verify(index, candidate, start) for index in _bits(attempt.mask))

    def _first(
        self, matchers: _Matchers, index: int, start: int, attempts: list[Attempt], found: set[tuple[int, int]]
    ) -> int | None:
        for attempt in attempts:
            if attempt.mask >> index & 1 and matchers.verify(index, attempt.text, start + attempt.offset):
                begin = start + attempt.offset
                found.add((begin, begin + len(attempt.text)))
                return begin + len(attempt.text)
        return None

    def _alone(self, text: str, index: int, matchers: _Matchers, position: int, rejoin: int) -> set[tuple[int, int]] | None:
        """One region's scan from the end of a number inside a candidate, until it is on the common path again.

        None where it does not come back at the candidate's end: an extension joined what came after.
        """
        found: set[tuple[int, int]] = set()
        while position < rejoin and (met := next_candidate(text, position)):
            start, candidate = met
            if start >= rejoin:
                return found
            position = start + len(candidate)
            attempts, _ = self._of(candidate)
            if attempts and not is_time_stamp(text, start, candidate):
                end = self._first(matchers, index, start, attempts, found)
                position = position if end is None else end
        return found if position <= rejoin else None

    def _of(self, candidate: str) -> tuple[list[Attempt], int]:
        """What to try of a candidate, in phonenumbers' order, and how many failures it counts if nothing fits."""
        known = self._attempts.get(candidate)
        if known is None:
            if len(self._attempts) >= MAX_CACHED:
                self._attempts.clear()
            pieces = list(parts(candidate))
            tried = [Attempt(offset, part, self._mask(part)) for offset, part in pieces]
            known = self._attempts[candidate] = ([attempt for attempt in tried if attempt.mask], len(pieces) + 1)
        return known

    def _mask(self, part: str) -> int:
        """The regions in which a part of a candidate may be valid."""
        if PLAIN.fullmatch(part) is None:
            return self._mask_of_other(part)
        return self._mask_of_digits("".join(DIGITS.findall(part)))

    def _mask_of_other(self, part: str) -> int:
        """With a plus sign, an extension, other digits."""
        digits = "".join(ascii_digit(char) for char in part if char.isdecimal())
        if len(digits) < self.min_digits:
            return 0
        if PLAIN_AFTER_PLUS.fullmatch(part):
            return 0 if _is_international(part) and not allows_international(digits) else self._all
        if "+" in part or "#" in part or not part.isascii():
            return self._all
        # Before an extension stands a number; or the x is but a separator.
        ends = [match.start() for match in NOT_PLAIN.finditer(part)]
        return reduce(or_, (self._mask(part[:end]) for end in ends), self._mask_of_digits(digits))

    def _mask_of_digits(self, digits: str) -> int:
        if len(digits) < self.min_digits:
            return 0
        mask = self._masks.get(digits)
        if mask is None:
            if len(self._masks) >= MAX_CACHED:
                self._masks.clear()
            mask = sum(1 << index for index, plan in enumerate(self._plans) if plan.allows(digits))
            self._masks[digits] = mask
        return mask


class _Matchers:
    """phonenumbers' own check of a candidate, one matcher per region, made when first asked for."""

    def __init__(self, text: str, regions: tuple[str, ...]) -> None:
        self._text = text
        self._regions = regions
        self._made: dict[int, Any] = {}
        self._international: dict[tuple[int, str], bool] = {}

    def verify(self, index: int, part: str, offset: int) -> bool:
        known = self._international.get((offset, part))
        if known is not None:
            return known
        matcher = self._made.get(index)
        if matcher is None:
            from phonenumbers import PhoneNumberMatcher

            matcher = self._made[index] = PhoneNumberMatcher(self._text, self._regions[index])
        is_number = matcher._parse_and_verify(part, offset) is not None
        if _is_international(part):
            self._international[offset, part] = is_number
        return is_number


def _stands_alone(candidate: str) -> bool:
    """Does it end where the digits end, and not because something longer was cut?"""
    return len(candidate) <= MAX_ALONE and "/" not in candidate


def _is_international(part: str) -> bool:
    """Does it begin with a plus and a calling code that exists? Then all regions read it alike."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    begin = FIRST.search(part)
    if begin is None or begin.group() not in PLUS:
        return False
    digits = "".join(ascii_digit(char) for char in part[begin.end() :] if char.isdecimal())[:3]
    return any(int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE for length in range(1, len(digits) + 1))


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1
