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
from typing import Any, NamedTuple

from curation.pii.numbering import NumberingPlan
from curation.pii.surrogates import ascii_digit

MAX_CACHED = 100_000
MAX_TRIES = 65_535  # phonenumbers gives a text up after so many failures
GAP = 40  # longest stretch without a digit that one candidate can span: spaces and the word of an extension
LEAD = 12  # brackets and plus signs before the first digit
DIGITLESS = re.compile(rf"\D{{{GAP}}}")
PLUS = "+\uff0b"
FIRST = re.compile(rf"[{PLUS}\d]")
PLAIN = re.compile(r"[\d\-()\[\]. /\u2010-\u2015\u2212\u00a0]*")


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
        from phonenumbers.phonenumberutil import _VALID_PUNCTUATION

        return rf"\d(?:[{_VALID_PUNCTUATION}]{{0,4}}\d){{{self.min_digits - 1}}}"

    def find(self, text: str, ends: Sequence[int] | None) -> set[tuple[int, int]] | None:
        """(start, end) of every number. `ends`: where the automaton saw digits, None = look everywhere.

        None where the text has so many runs of digits that phonenumbers would give up on it part of the way.
        """
        if ends is None:
            ends = [match.end() for match in re.finditer(r"\d", text)]
        if not ends:
            return set()
        matchers = _Matchers(text, self._regions)
        found: set[tuple[int, int]] = set()
        astray = 0  # regions whose scan left the common path: a number ended before its candidate did
        tries = 0
        for start, candidate in _candidates(text, ends):
            attempts, num_tries = self._of(candidate)
            tries += num_tries
            if not attempts or _is_time_stamp(text, start, candidate):
                continue
            left = reduce(lambda mask, attempt: mask | attempt.mask, attempts, 0)
            for index in _bits(left):
                end = self._first(matchers, index, start, attempts, found)
                if end is not None and end != start + len(candidate):
                    astray |= 1 << index
        if tries + 8 * len(text) > MAX_TRIES and tries + 8 * sum(map(str.isdecimal, text)) > MAX_TRIES:
            return None
        for index in _bits(astray):
            found |= self._alone(text, index, matchers)
        return found

    def _first(
        self, matchers: _Matchers, index: int, start: int, attempts: list[Attempt], found: set[tuple[int, int]]
    ) -> int | None:
        for attempt in attempts:
            if attempt.mask >> index & 1 and matchers.verify(index, attempt.text, start + attempt.offset):
                begin = start + attempt.offset
                found.add((begin, begin + len(attempt.text)))
                return begin + len(attempt.text)
        return None

    def _alone(self, text: str, index: int, matchers: _Matchers) -> set[tuple[int, int]]:
        """One region's scan of the whole text, going on after each number as phonenumbers does."""
        from phonenumbers.phonenumbermatcher import _PATTERN

        found: set[tuple[int, int]] = set()
        position = 0
        while match := _PATTERN.search(text, position):
            candidate = _trimmed(match.group())
            position = match.start() + len(candidate)
            attempts, _ = self._of(candidate)
            if attempts and not _is_time_stamp(text, match.start(), candidate):
                end = self._first(matchers, index, match.start(), attempts, found)
                position = position if end is None else end
        return found

    def _of(self, candidate: str) -> tuple[list[Attempt], int]:
        """What to try of a candidate, in phonenumbers' order, and how many failures it counts if nothing fits."""
        known = self._attempts.get(candidate)
        if known is None:
            if len(self._attempts) >= MAX_CACHED:
                self._attempts.clear()
            parts = list(_parts(candidate))
            tried = [Attempt(offset, part, self._mask(part)) for offset, part in parts]
            known = self._attempts[candidate] = ([attempt for attempt in tried if attempt.mask], len(parts) + 1)
        return known

    def _mask(self, part: str) -> int:
        """The regions in which a part of a candidate may be valid."""
        if PLAIN.fullmatch(part) is None:
            return self._all if sum(map(str.isdecimal, part)) >= self.min_digits else 0
        digits = "".join(ascii_digit(char) for char in part if char.isdecimal())
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


def _is_international(part: str) -> bool:
    """Does it begin with a plus and a calling code that exists? Then all regions read it alike."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    begin = FIRST.search(part)
    if begin is None or begin.group() not in PLUS:
        return False
    digits = "".join(ascii_digit(char) for char in part[begin.end() :] if char.isdecimal())[:3]
    return any(int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE for length in range(1, len(digits) + 1))


def _candidates(text: str, ends: Sequence[int]) -> Iterator[tuple[int, str]]:
    """(start, candidate) in the order in which a scan of the whole text meets them, around `ends`."""
    from phonenumbers.phonenumbermatcher import _PATTERN

    position = 0
    for end in ends:
        if end <= position:
            continue
        position = max(position, _safe_start(text, position, end))
        while position < end:
            match = _PATTERN.search(text, position, end)
            if match is None:
                break
            start = match.start()
            match = _PATTERN.match(text, start)
            candidate = _trimmed(match.group())
            yield start, candidate
            position = start + len(candidate)


def _safe_start(text: str, position: int, end: int) -> int:
    """A place before `end` that no candidate can span, so that a scan may begin there."""
    reach = 3 * GAP
    while end - reach > position:
        gaps = DIGITLESS.finditer(text, end - reach, end)
        last = next(gaps, None)
        if last is not None:
            for last in gaps:
                pass
            return last.end() - LEAD
        reach *= 4
    return position


def _trimmed(candidate: str) -> str:
    from phonenumbers.phonenumberutil import _SECOND_NUMBER_START_PATTERN

    second = _SECOND_NUMBER_START_PATTERN.search(candidate)
    return candidate[: second.start()] if second else candidate


def _is_time_stamp(text: str, start: int, candidate: str) -> bool:
    from phonenumbers.phonenumbermatcher import _TIME_STAMPS, _TIME_STAMPS_SUFFIX

    return bool(_TIME_STAMPS.search(candidate)) and bool(_TIME_STAMPS_SUFFIX.match(text, start + len(candidate)))


def _parts(candidate: str) -> Iterator[tuple[int, str]]:
    """(offset, part): the candidate itself, then the pieces that phonenumbers tries when it is no number."""
    from phonenumbers.phonenumbermatcher import _INNER_MATCHES, _SLASH_SEPARATED_DATES

    if _SLASH_SEPARATED_DATES.search(candidate):
        return
    yield 0, candidate
    for pattern in _INNER_MATCHES:
        match = pattern.search(candidate)
        if match:
            yield 0, _without_end(candidate[: match.start()])
        while match:
            yield match.start(1), _without_end(match.group(1))
            match = pattern.search(candidate, match.start() + 1)


def _without_end(part: str) -> str:
    from phonenumbers.phonenumbermatcher import _UNWANTED_END_CHAR_PATTERN

    unwanted = _UNWANTED_END_CHAR_PATTERN.search(part)
    return part[: unwanted.start()] if unwanted else part


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1
