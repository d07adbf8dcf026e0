"""The phone numbers that Presidio's PhoneRecognizer finds, with one scan for all its regions.

Stock scans the text once a region (eight by default) and parses every run of digits each time: 60 % of its time on
mail. Here `sequences` finds the few places where the numbering plans allow a number at all, `candidates` takes there the
steps that phonenumbers would take, once for all regions, and `verification` has its last word, once for the same digits.
Spans are the same, which tests/pii/test_phones.py checks on generated text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from curation.pii.candidates import all_candidates, candidates, is_time_stamp, next_candidate, parts
from curation.pii.numbering import NumberingPlans, allows_international
from curation.pii.sequences import Sequences
from curation.pii.verification import SEPARATORS, Verifier, digits_in, is_international, is_plain

MAX_CACHED = 100_000
MAX_ALONE = 18  # characters; phonenumbers cuts candidates at 20 digits in a row and at 20 runs of digits
MAX_TRIES = 65_535  # phonenumbers gives a text up after so many failures
TRIES_PER_CHAR = 3  # at most: one a candidate, three a sign in it (where two of the inner patterns begin, and one's first try)
NOT_PLAIN = re.compile(rf"[^\d{SEPARATORS}]")


class Attempt(NamedTuple):
    """A part of a candidate that may be a number in the regions of `mask` (bit i = ith region)."""

    offset: int
    text: str
    mask: int


class PhoneScan:
    """Finds numbers of `regions` at phonenumbers' leniency VALID, Presidio's default."""

    def __init__(self, regions: Sequence[str]) -> None:
        self._plans = NumberingPlans(regions)
        self._sequences = Sequences(self._plans)
        self._verifier = Verifier(regions, self._plans)
        self._all = (1 << len(regions)) - 1
        self._attempts: dict[str, tuple[list[Attempt], int]] = {}

    def expression(self) -> str:
        """What the automaton looks for: without a match a text holds no number, unless `is_beyond`."""
        return self._sequences.expression()

    def is_beyond(self, text: str) -> bool:
        """May the text hold a number though `expression` has no match in it?"""
        return self._sequences.is_beyond(text)

    def find(self, text: str, narrow: bytes, ends: Iterable[int] | None = None) -> set[tuple[int, int]] | None:
        """(start, end) of every number. `narrow`: the text in the bytes of `alphabet`; `ends` of matches of `expression`.

        None where phonenumbers might give up part of the way, having met too many runs of digits.
        """
        ends = None if self._sequences.is_beyond(text) else ends
        hopeful = list(self._sequences.hopeful(text, narrow, ends))
        if not hopeful:
            return set()
        if TRIES_PER_CHAR * len(text) > MAX_TRIES and self._num_tries(text) > MAX_TRIES:
            return None
        found: set[tuple[int, int]] = set()
        regions = self._all  # those whose scan is here
        for start, candidate in candidates(text, hopeful):
            attempts, _ = self._of(candidate)
            if not attempts or is_time_stamp(text, start, candidate):
                continue
            attempts = [attempt for attempt in attempts if self._verifier.stands(text, attempt.text, start + attempt.offset)]
            end = start + len(candidate)
            if attempts and self._is_one_number(candidate, attempts[0], regions):
                # All that another region could find in here lies within this number, and counts for nothing.
                found.add((start, end))
                continue
            for index in _bits(reduce(or_, (attempt.mask for attempt in attempts), 0) & regions):
                number = self._first(index, start, attempts)
                if number is None:
                    continue
                found.add(number)
                if number[1] != end and not self._goes_on(text, index, number[1], end, found):
                    regions &= ~(1 << index)
        return found

    def _num_tries(self, text: str) -> int:
        """How often phonenumbers fails in this text if it finds nothing."""
        return sum(self._of(candidate)[1] for _, candidate in all_candidates(text))

    def _is_one_number(self, candidate: str, attempt: Attempt, regions: int) -> bool:
        """Is the whole candidate a number in one of the regions, and does it end where the digits end?"""
        if attempt.text != candidate or len(candidate) > MAX_ALONE or "/" in candidate:
            return False
        return any(self._verifier.is_number(candidate, index) for index in _bits(attempt.mask & regions))

    def _first(self, index: int, start: int, attempts: list[Attempt]) -> tuple[int, int] | None:
        """The first part of a candidate that is a number in a region."""
        for attempt in attempts:
            if attempt.mask >> index & 1 and self._verifier.is_number(attempt.text, index):
                begin = start + attempt.offset
                return begin, begin + len(attempt.text)
        return None

    def _goes_on(self, text: str, index: int, position: int, rejoin: int, found: set[tuple[int, int]]) -> bool:
        """One region's scan from the end of a number inside a candidate, until it is on the common path again.

        False where it does not come back at the candidate's end, because an extension joined what came after: then
        it has gone to the end of the text alone.
        """
        is_back = True
        while position < rejoin and (met := next_candidate(text, position)):
            start, candidate = met
            if start >= rejoin:
                break
            position = start + len(candidate)
            attempts, _ = self._of(candidate)
            if attempts and not is_time_stamp(text, start, candidate):
                standing = [one for one in attempts if self._verifier.stands(text, one.text, start + one.offset)]
                number = self._first(index, start, standing)
                if number is not None:
                    found.add(number)
                    position = number[1]
            if position > rejoin:
                is_back, rejoin = False, len(text)
        return is_back

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
        """The regions in which a part of a candidate may be valid: a necessary condition."""
        digits = digits_in(part)
        if is_plain(part):
            return self._plans.mask(digits)
        if len(digits) < self._plans.min_digits:
            return 0
        ends = [match.start() for match in NOT_PLAIN.finditer(part)]
        others = {part[end] for end in ends}
        if others == {"+"}:
            # Without a calling code that exists, phonenumbers reads on as if there were no plus.
            return (self._all if allows_international(digits) else 0) if is_international(part) else self._plans.mask(digits)
        if others & {"+", "#"} or not part.isascii() or part.lower().count("x") > 2:  # three x are read as three nines
            return self._all
        # Before an extension stands a number; or the x is but a separator.
        return reduce(or_, (self._plans.mask(digits_in(part[:end])) for end in ends), self._plans.mask(digits))


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1
