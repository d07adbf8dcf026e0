"""Where in a text a phone number could stand: runs of digits that stay together, asked of all numbering plans at once.

A number lies within one *sequence*: digits with at most four signs of punctuation between each other, as phonenumbers
allows them. Its digits are those of neighbouring runs in it, whole runs but where phonenumbers cuts a run: after 20
digits, or after 9 that it takes for an extension. So a sequence none of whose stretches of runs any plan allows holds no
number, and nearly all sequences are such (4,664 in a MB of encyclopedia, 103 of them hopeful). Verdicts are kept by the
sequence's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from curation.pii.beginnings import MAX_LENGTH, NUM_FIRST
from curation.pii.numbering import NumberingPlans, allows_international
from curation.pii.surrogates import ascii_digit

MAX_CACHED = 100_000
MAX_RUN = 20  # digits after which phonenumbers cuts a run
MAX_EXTENSION = 9  # digits of an extension after an `x`; after a label in words it is MAX_RUN
LEAD = 10  # characters before the first digit that belong to a candidate
WIDE_PLUS = "\uff0b"  # in the bytes like any other sign
PLUSES = "+" + WIDE_PLUS
SIGNS = r"[-x/ .()\[\]~_X\x80]"  # what phonenumbers calls punctuation, in the bytes of `alphabet`
RUN = re.compile(r"\d+")


class Sequence(NamedTuple):
    start: int
    end: int


class Sequences:
    """Hopeful sequences for some numbering plans."""

    def __init__(self, plans: NumberingPlans) -> None:
        self._plans = plans
        self._pattern = re.compile(rb"[0-9](?:%s{0,4}[0-9]){%d,}" % (SIGNS.encode("latin-1"), plans.min_digits - 1))
        self._verdicts: dict[str, bool] = {}

    def expression(self) -> str:
        """A regex for the shortest sequence."""
        return rf"\d(?:[^\da-wyz]{{0,4}}\d){{{self._plans.min_digits - 1}}}"

    def hopeful(self, text: str, narrow: bytes) -> Iterator[Sequence]:
        """Sequences that could hold a number, in order. `narrow`: the text in the bytes of `alphabet`."""
        verdicts = self._verdicts
        has_plus = any(plus in text for plus in PLUSES)
        for match in self._pattern.finditer(narrow):
            start, end = match.span()
            key = text[start:end]
            verdict = verdicts.get(key)
            if verdict is None:
                verdict = self._kept(key, self._is_hopeful(key))
            if not verdict and has_plus:
                lead = text[max(0, start - LEAD) : start]
                if any(plus in lead for plus in PLUSES):
                    verdict = verdicts.get("+" + key)
                    if verdict is None:
                        verdict = self._kept("+" + key, any(map(allows_international, _joined(*_runs(key)))))
            if verdict:
                yield Sequence(start, end)

    def _kept(self, key: str, verdict: bool) -> bool:
        if len(self._verdicts) >= MAX_CACHED:
            self._verdicts.clear()
        self._verdicts[key] = verdict
        return verdict

    def _is_hopeful(self, key: str) -> bool:
        """Does any plan allow any stretch of its runs?"""
        runs = RUN.findall(key)
        if not key.isascii():
            if WIDE_PLUS in key:
                return True  # a number begins within the sequence
            runs = _runs(key)
        longest = max(map(len, runs), default=0)
        if longest > MAX_RUN or (("x" in key or "X" in key) and key.casefold().count("x") > 2):
            return True  # phonenumbers cuts the run, or reads three x as three nines
        if longest > MAX_EXTENSION:
            return any(map(self._plans.mask, _cut(runs)))
        mask, possible, min_digits = self._plans.mask, self._plans.possible, self._plans.min_digits
        for first in range(len(runs)):
            digits = ""
            for run in runs[first:]:  # as in `_joined`, where no run can be cut; 5 µs a sequence less
                digits += run
                length = len(digits)
                if length > MAX_LENGTH:
                    break
                if length >= min_digits and digits[:NUM_FIRST] in possible[length] and mask(digits):
                    return True
        return False


def _cut(runs: list[str]) -> Iterator[str]:
    """All stretches of runs, also those that begin or end where one is cut."""
    for index, run in enumerate(runs):
        rest = runs[index + 1 :]
        yield from _joined(run, *rest)
        if len(run) > MAX_EXTENSION:
            yield from _joined(run[MAX_EXTENSION:], *rest)


def _runs(key: str) -> list[str]:
    """The runs of digits of a sequence, as ASCII."""
    runs = RUN.findall(key)
    return runs if key.isascii() else [run if run.isascii() else "".join(map(ascii_digit, run)) for run in runs]


def _joined(run: str = "", *rest: str) -> Iterator[str]:
    """A run of digits, then with one more of those after it each time; also as it is where the last one is cut."""
    joined = ""
    for more in (run, *rest):
        if len(more) > MAX_EXTENSION:
            yield joined + more[:MAX_EXTENSION]
        joined += more
        if len(joined) > MAX_LENGTH:
            return
        yield joined
