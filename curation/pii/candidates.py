"""Runs of digits that phonenumbers would look at, in the order in which it meets them, and the pieces it tries of each.

Everything here is phonenumbers' own procedure (`PhoneNumberMatcher._find`, `_extract_match`, `_extract_inner_match`) with
its own expressions, turned inside out: it does not depend on the region, so it is done once for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

GAP = 40  # longest stretch without a digit that one candidate can span: spaces and the word of an extension
LEAD = 12  # brackets and plus signs before the first digit
SHORT = re.compile(r"(?:[^\W\d_xX\uff58\u30fc]|[,;:!?\n\"'])[ ]?\(?([0-9]{4,6})$")
JOINED = re.compile(
    r"[^\d]{0,4}\d|[- ]{4}|[\s,]{0,4}(?:;|[x\uff58#\uff03~\uff5e]|int|\uff49|e?xt|\uff45|доб|anexo)", re.IGNORECASE
)
DIGITLESS = re.compile(rf"\D{{{GAP}}}")


class _Expressions(NamedTuple):
    candidate: Any
    second_start: Any
    unwanted_end: Any
    time_stamp: Any
    time_stamp_suffix: Any
    slash_date: Any
    inner: Any
    punctuation: str


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
        util._VALID_PUNCTUATION,
    )


def punctuation() -> str:
    """What may stand between the digits of a number, as the inside of a character class."""
    return _expressions().punctuation


def candidates(text: str, ends: Sequence[int], is_hopeless: Callable[[str], bool]) -> Iterator[tuple[int, str]]:
    """(start, candidate) as a scan of the whole text meets them, but only around `ends`.

    A short run of digits that stands alone and `is_hopeless` is passed over: most are years.
    """
    pattern = _expressions().candidate
    position = 0
    for end in ends:
        if end <= position:
            continue
        alone = _alone(text, end)
        if alone and is_hopeless(alone):
            continue
        position = max(position, _safe_start(text, position, end))
        while position < end:
            match = pattern.search(text, position, end)
            if match is None:
                break
            start = match.start()
            candidate = _trimmed(pattern.match(text, start).group())
            yield start, candidate
            position = start + len(candidate)


def _alone(text: str, end: int) -> str:
    """The digits before `end`, if they are few and nothing on either side could belong to the same number."""
    last = end if text[end - 1].isdecimal() else end - 1
    match = SHORT.search(text, max(0, last - 9), last)
    if match is None or JOINED.match(text, last, last + 12):
        return ""
    return match.group(1)


def next_candidate(text: str, position: int) -> tuple[int, str] | None:
    """(start, candidate) of the first one from `position` on."""
    match = _expressions().candidate.search(text, position)
    return (match.start(), _trimmed(match.group())) if match else None


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


def _safe_start(text: str, position: int, end: int) -> int:
    """A place before `end` that no candidate can span, so that a scan may begin there."""
    reach = 3 * GAP
    while end - reach > position:
        last = None
        for last in DIGITLESS.finditer(text, end - reach, end):  # noqa: B007
            pass
        if last is not None:
            return last.end() - LEAD
        reach *= 4
    return position


def _trimmed(candidate: str) -> str:
    second = _expressions().second_start.search(candidate)
    return candidate[: second.start()] if second else candidate


def _without_end(part: str) -> str:
    unwanted = _expressions().unwanted_end.search(part)
    return part[: unwanted.start()] if unwanted else part
