"""Runs of digits that phonenumbers would look at, in the order in which it meets them, and the pieces it tries of each.

Everything here is phonenumbers' own procedure (`PhoneNumberMatcher._find`, `_extract_match`, `_extract_inner_match`) with
its own expressions, turned inside out: it does not depend on the region, so it is done once for all.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from curation.pii.sequences import LEAD, Sequence

LABEL_REACH = 60  # characters before a sequence in which the label of an extension is looked for
AFTER_LABEL = " \u00a0\t,-"  # as many as you like may stand between the label of an extension and its digits
LABEL_STOPS = ":.\uff0e"
LABEL_ENDS = frozenset("xXtTnNoOбБ#~=\u0301\uff03\uff58\uff38\uff5e\uff54\uff34\uff4e\uff2e\u00f3\u00d3")
LABEL = re.compile(
    r"(?:[x\uff58#\uff03~\uff5e=]|int|\uff49\uff4e\uff54|xt|xtn|ensi(?:o\u0301?|\u00f3)n?|\uff58\uff54\uff4e?|доб|anexo)\Z",
    re.IGNORECASE,
)
# More signs than stand between two digits of one candidate: four, or the label of an extension in any number of spaces.
BORDER = re.compile(r"(?:[ \u00a0\t,\-]*[^\d \u00a0\t,\-]){20}")
FIRST_REACH = 120


class _Expressions(NamedTuple):
    candidate: Any
    second_start: Any
    unwanted_end: Any
    time_stamp: Any
    time_stamp_suffix: Any
    slash_date: Any
    inner: Any
    lead: frozenset[str]


@lru_cache(maxsize=1)
def _expressions() -> _Expressions:
    from phonenumbers import phonenumbermatcher, phonenumberutil

    matcher: Any = phonenumbermatcher
    util: Any = phonenumberutil
    return _Expressions(
        matcher._PATTERN,
        util._SECOND_NUMBER_START_PATTERN,
        util._UNWANTED_END_CHAR_PATTERN,
        matcher._TIME_STAMPS,
        matcher._TIME_STAMPS_SUFFIX,
        matcher._SLASH_SEPARATED_DATES,
        matcher._INNER_MATCHES,
        frozenset((matcher._LEAD_CLASS_CHARS + util._VALID_PUNCTUATION + "X").replace("\\", "")),
    )


def candidates(text: str, sequences: Iterable[Sequence]) -> Iterator[tuple[int, str]]:
    """(start, candidate) as a scan of the whole text meets them, but only in `sequences`."""
    position = 0
    for start, end in sequences:
        if end <= position:
            continue
        position = max(position, _begin(text, position, start))
        while position < end:
            met = next_candidate(text, position)
            if met is None or met[0] >= end:
                break
            yield met
            position = met[0] + len(met[1])


def all_candidates(text: str) -> Iterator[tuple[int, str]]:
    """(start, candidate) of a scan in which none is a number."""
    position = 0
    while met := next_candidate(text, position):
        yield met
        position = met[0] + len(met[1])


def next_candidate(text: str, position: int) -> tuple[int, str] | None:
    """(start, candidate) of the first one from `position` on."""
    expressions = _expressions()
    match = expressions.candidate.search(text, position)
    if match is None:
        return None
    candidate: str = match.group()
    second = expressions.second_start.search(candidate)
    return match.start(), candidate[: second.start()] if second else candidate


def is_time_stamp(text: str, start: int, candidate: str) -> bool:
    """Is it a date and the hour of a time that goes on after it?"""
    expressions = _expressions()
    if not expressions.time_stamp.search(candidate):
        return False
    return expressions.time_stamp_suffix.match(text, start + len(candidate)) is not None


def parts(candidate: str) -> Iterator[tuple[int, str]]:
    """(offset, part): the candidate itself, then the pieces that phonenumbers tries when it is no number."""
    expressions = _expressions()
    if "/" in candidate and expressions.slash_date.search(candidate):
        return
    yield 0, candidate
    if candidate.isalnum():
        return
    for pattern in expressions.inner:
        match = pattern.search(candidate)
        if match:
            yield 0, _without_end(candidate[: match.start()])
        while match:
            yield match.start(1), _without_end(match.group(1))
            match = pattern.search(candidate, match.start() + 1)


def _begin(text: str, position: int, start: int) -> int:
    """Where a scan may begin that is to meet the sequence at `start`: no candidate spans that place.

    Only an extension joins a sequence to digits before it.
    """
    begin = max(position, start - LABEL_REACH)
    head = text[begin:start].rstrip(AFTER_LABEL)
    if not head:
        return position if begin == position else _after_border(text, position, start)
    if head[-1] in LABEL_STOPS:
        head = head[:-1]
    last = head[-1:]
    if (last in LABEL_ENDS and LABEL.search(head)) or (last.isdecimal() and not text[begin + len(head) : start].strip("- ")):
        return _after_border(text, position, start)
    lead = _expressions().lead
    begin = start
    while begin > position and start - begin < LEAD and text[begin - 1] in lead:
        begin -= 1
    return begin


def _after_border(text: str, position: int, start: int) -> int:
    reach = FIRST_REACH
    while start - reach > position:
        if last := deque(BORDER.finditer(text, start - reach, start), maxlen=1):
            return int(last[0].end()) - LEAD
        reach *= 4
    return position


def _without_end(part: str) -> str:
    unwanted = _expressions().unwanted_end.search(part)
    return part[: unwanted.start()] if unwanted else part
