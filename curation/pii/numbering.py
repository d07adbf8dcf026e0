"""Which regions a string of digits could be a valid phone number of, without parsing it.

`phonenumbers.parse` and its validation cost 20 to 30 µs a candidate and region, and almost every run of digits in a text
is a year, a price or an id. What is asked here is a necessary condition from the same metadata: no number that
phonenumbers calls valid is refused. First by length and first three digits for all regions at once, then by the plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import Any

from curation.pii.beginnings import MAX_LENGTH, NUM_FIRST, State, beginnings
from curation.pii.prefixes import NationalFormats

MAX_CACHED = 100_000
ANYTHING = r"\d+"
TYPES = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "pager", "uan", "voip", "voicemail"),
)


class NumberingPlans:
    """The plans of several regions; a set of regions is a mask, bit i = ith region."""

    def __init__(self, regions: Sequence[str]) -> None:
        self._plans = [NumberingPlan(region) for region in regions]
        self.min_digits = min([4, *(plan.min_digits for plan in self._plans)])
        self._masks: dict[str, int] = {}
        # Per length: the first three digits -> regions. A necessary condition.
        self.possible: list[dict[str, int]] = [{} for _ in range(MAX_LENGTH + 1)]
        for index, plan in enumerate(self._plans):
            for first, length in plan.beginnings():
                self.possible[length][first] = self.possible[length].get(first, 0) | 1 << index

    def surely_allows(self, index: int, digits: str) -> bool:
        """Is it a valid number in one region beyond doubt?"""
        return self._plans[index].surely_allows(digits)

    def mask(self, digits: str) -> int:
        """The regions in which `digits` (ASCII, no leading plus) could be a valid number."""
        length = len(digits)
        if length < self.min_digits:
            return 0
        possible = self.possible[length].get(digits[:NUM_FIRST], 0) if length <= MAX_LENGTH else 0
        if not possible:
            return 0
        mask = self._masks.get(digits)
        if mask is None:
            if len(self._masks) >= MAX_CACHED:
                self._masks.clear()
            mask = sum(1 << index for index, plan in enumerate(self._plans) if possible >> index & 1 and plan.allows(digits))
            self._masks[digits] = mask
        return mask


class NumberingPlan:
    """The numbering plan that phonenumbers assumes for numbers written in `region`."""

    def __init__(self, region: str) -> None:
        from phonenumbers import PhoneMetadata, phonenumberutil

        util: Any = phonenumberutil
        metadata: Any = PhoneMetadata.metadata_for_region(region)
        main: Any = PhoneMetadata.metadata_for_region(util.region_code_for_country_code(metadata.country_code))
        self._country_code = str(metadata.country_code)
        self._international = re.compile(metadata.international_prefix or "(?!)")
        # The main region of the calling code decides whether a national prefix must be written.
        self._formats = NationalFormats(main.number_format)
        national, self.min_digits = _any_type(_members(metadata.country_code))
        self._national = re.compile(national)
        self._prefix = re.compile(metadata.national_prefix_for_parsing or "(?!)")
        # What is valid in the main region is valid: it is the first that phonenumbers asks.
        self._kinds = [] if main.leading_digits else [(_regex(one), frozenset(_possible(one, main))) for one in _types(main)]
        self._general = _regex(main.general_desc)
        prefix = metadata.national_prefix_for_parsing or ""
        self._plain_prefix = prefix if prefix.isdecimal() and not metadata.national_prefix_transform_rule else "none"
        self._is_transformed = bool(metadata.national_prefix_transform_rule)
        written = _written(metadata, national)
        self._adds_digits = written == ANYTHING
        self._any = re.compile(f"(?:{self._country_code})?(?:{written})")

    def allows(self, digits: str) -> bool:
        """Could this be a valid number, written here? `digits`: ASCII, without a leading plus."""
        international = self._international.match(digits)
        if international and digits[international.end() : international.end() + 1] != "0":
            return allows_international(digits[international.end() :])
        if digits.startswith(self._country_code) or self._prefix.match(digits):
            return self._any.fullmatch(digits) is not None
        return self._national.fullmatch(digits) is not None and not self._formats.is_lacking(digits)

    def surely_allows(self, digits: str) -> bool:
        """Is it a valid number of the main region beyond doubt? A sufficient condition, for nine in ten of those parsed."""
        if self._international.match(digits) or digits.startswith(self._country_code):
            return False
        if self._prefix.match(digits):
            return digits.startswith(self._plain_prefix) and self._is_valid(digits[len(self._plain_prefix) :])
        return self._is_valid(digits) and not self._formats.is_lacking(digits)

    def _is_valid(self, national: str) -> bool:
        length = len(national)
        return any(length in lengths and pattern.fullmatch(national) for pattern, lengths in self._kinds) and (
            self._general.fullmatch(national) is not None
        )

    def beginnings(self) -> frozenset[State]:
        """(first digits, length) of everything that is allowed."""
        national = beginnings(self._national.pattern)
        return self._stripped() | self._abroad() | (national - self._formats.always_lacking(national))

    def _stripped(self) -> frozenset[State]:
        """What begins with the calling code or a prefix."""
        found = beginnings(rf"(?:{self._country_code}|{self._prefix.pattern})\d*")
        if not self._is_transformed:
            return found & beginnings(self._any.pattern)
        return found if self._adds_digits else frozenset(state for state in found if state[1] >= self.min_digits)

    def _abroad(self) -> set[State]:
        """An international prefix, a calling code, and as many digits as its countries have."""
        return {
            (first, length + len(code) + more)
            for head, length in beginnings(self._international.pattern)
            for code, lengths in _codes()
            for first in _firsts(head + code)
            for more in lengths
            if length + len(code) + more <= MAX_LENGTH
        }


def allows_international(digits: str) -> bool:
    """Could calling code and number, both without a prefix, be a valid number of any country? By its length alone.

    Not by the plan: compiling the expressions of another country's plan costs more than the few numbers it refuses.
    """
    code = calling_code(digits)
    if code is None:
        return False
    lengths, is_exact = _lengths(code)
    length = len(digits) - len(str(code))
    return length in lengths if is_exact else length >= min(lengths)


def calling_code(digits: str) -> int | None:
    """The calling code that digits after a plus begin with."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    for length in (1, 2, 3):
        code = digits[:length]
        if code and int(code) in COUNTRY_CODE_TO_REGION_CODE:
            return int(code)
    return None


@cache
def _codes() -> list[tuple[str, Sequence[int]]]:
    """Calling codes and the lengths of what may be written after each."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    known = [(str(code), *_lengths(code)) for code in COUNTRY_CODE_TO_REGION_CODE]
    return [(code, sorted(lengths) if is_exact else range(min(lengths), MAX_LENGTH)) for code, lengths, is_exact in known]


def _firsts(head: str) -> Iterator[str]:
    """The first digits of what begins with `head`."""
    missing = NUM_FIRST - len(head)
    yield from map("".join, product([head], *["0123456789"] * missing)) if missing > 0 else (head[:NUM_FIRST],)


@cache
def _lengths(code: int) -> tuple[frozenset[int], bool]:
    """Lengths of valid numbers, and whether they are written so: nothing is stripped from them or added."""
    members = _members(code)
    lengths = {length for metadata in members for one in _types(metadata) for length in _possible(one, metadata)}
    if members[0].national_prefix_transform_rule:
        return frozenset((1,)), False
    return frozenset(lengths), not members[0].national_prefix_for_parsing


def _members(code: int) -> list[Any]:
    """Metadata of all regions that share a calling code, the main one first."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    regions: Any = COUNTRY_CODE_TO_REGION_CODE[code]
    return [PhoneMetadata.metadata_for_region_or_calling_code(code, region) for region in regions]


def _written(metadata: Any, national: str) -> str:
    """A regex for a national number as it may be written: with what parsing strips before it."""
    rule = metadata.national_prefix_transform_rule
    if rule and not re.fullmatch(r"\\\d", rule):
        return ANYTHING  # the rule may add digits
    if rule:
        return rf"\d*(?:{national})"  # Brazil: keeps what follows the carrier
    prefix = metadata.national_prefix_for_parsing
    return f"(?:{prefix}){{0,2}}(?:{national})" if prefix else f"(?:{national})"


def _any_type(members: list[Any]) -> tuple[str, int]:
    """One regex for valid national numbers of all types of some regions, and the fewest digits of one."""
    patterns: set[str] = set()
    lengths: set[int] = set()
    for metadata in members:
        for one in _types(metadata):
            patterns.add(one.national_number_pattern)
            lengths.update(_possible(one, metadata))
    return "|".join(f"(?:{pattern})" for pattern in sorted(patterns)), min(lengths)


def _types(metadata: Any) -> list[Any]:
    """The kinds of numbers that a region has."""
    found = (getattr(metadata, name) for name in TYPES)
    return [one for one in found if one is not None and one.national_number_pattern]


def _regex(one: Any) -> re.Pattern[str]:
    return re.compile(one.national_number_pattern or "(?!)")


def _possible(one: Any, metadata: Any) -> Sequence[int]:
    lengths: Sequence[int] = one.possible_length or metadata.general_desc.possible_length
    return lengths
