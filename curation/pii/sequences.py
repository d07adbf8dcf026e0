"""Where in a text a phone number could stand: runs of digits that stay together, asked of all numbering plans at once.

A number lies within one *sequence*: digits with at most four signs of punctuation between each other, as phonenumbers
allows them. Its digits are those of neighbouring runs in it, whole runs but where phonenumbers cuts a run: after 20
digits, or after 9 that it takes for an extension. So a sequence none of whose stretches of runs any plan allows holds no
number, and nearly all sequences are such (4,664 in a MB of encyclopedia, 103 of them hopeful). Verdicts are kept by the
sequence's text. The automaton already says where one may lie (`expression`): 700 of those 4,664.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

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
SIGNS_IN_TEXT = r"[-x/ .()\[\]~_X\x80-\U0010ffff]{0,4}"
MEMBERS = b"0123456789-x/ .()[]~_X\x80"
NUM_LONG = 7  # digits of a sequence that is looked at whatever it begins with
MAX_BEGINNINGS = 200  # of short sequences; where a plan has more, they are looked at like long ones
REACH = 64
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
        """A regex that has a match ending in every hopeful sequence.

        Of short ones those with a plus before them, with three x, and with a run that begins as a plan allows.
        """
        least, possible = self._plans.min_digits, self._plans.possible
        border = least
        while border < NUM_LONG and len(possible[border]) <= MAX_BEGINNINGS:
            border += 1
        long, short = (rf"\d(?:{SIGNS_IN_TEXT}\d){{{num - 1}}}" for num in (border, least))
        begun = "|".join(_beginning(possible[length], length) for length in range(least, border) if possible[length])
        thrice = r"x[-x/ .()\[\]~_\d\x80-\U0010ffff]{0,20}" * 2 + "x"
        made = [long, rf"\+[\x00-\U0010ffff]{{0,{LEAD}}}{short}", thrice]
        return "|".join([*made, rf"(?:^|\D)(?:{begun})"] if begun else made)

    def is_beyond(self, text: str) -> bool:
        """May a number be where `expression` has no match? In the bytes of `alphabet` a wide plus is a sign like any other."""
        return WIDE_PLUS in text

    def hopeful(self, text: str, narrow: bytes, ends: Iterable[int] | None = None) -> Iterator[Sequence]:
        """Sequences that could hold a number, in order. `narrow`: the text in the bytes of `alphabet`.

        `ends`: where matches of `expression` end; None = not known.
        """
        verdicts = self._verdicts
        has_plus = any(plus in text for plus in PLUSES)
        for match in self._pattern.finditer(narrow) if ends is None else self._at(narrow, ends):
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

    def _at(self, narrow: bytes, ends: Iterable[int]) -> Iterator[Any]:
        """The sequences around some places, and perhaps others before them."""
        position = 0
        for end in ends:
            if end <= position:
                continue
            for match in self._pattern.finditer(narrow, _region_start(narrow, position, end)):
                if match.start() >= end:
                    break
                yield match
                position = match.end()

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


def _beginning(firsts: Collection[str], length: int) -> str:
    """Runs that begin with one of `firsts`, in ASCII; digits of other scripts are all 0 in the bytes of `alphabet`."""
    if length <= NUM_FIRST:
        return rf"\d(?:{SIGNS_IN_TEXT}\d){{{length - 1}}}"
    heads = []
    for (one, two), group in groupby(sorted(firsts), key=lambda first: (first[0], first[1])):
        third = "".join(first[2] for first in group)
        heads.append(SIGNS_IN_TEXT.join(rf"[{digits}\u0660]" for digits in (one, two, third)))
    return rf"(?:{'|'.join(heads)})(?:{SIGNS_IN_TEXT}\d){{{length - NUM_FIRST}}}"


def _region_start(narrow: bytes, position: int, end: int) -> int:
    """Where the digits and signs begin that end at `end`, not before `position`."""
    reach = REACH
    while True:
        left = max(position, end - reach)
        rest = narrow[left:end].rstrip(MEMBERS)
        if rest or left == position:
            return left + len(rest)
        reach *= 4


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
