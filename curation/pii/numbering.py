"""Which regions a string of digits could be a valid phone number of, without parsing it.

`phonenumbers.parse` and its validation cost 20 to 30 µs a candidate and region, and almost every run of digits in a text
is a year, a price or an id. What is asked here is a necessary condition from the same metadata: no number that
phonenumbers calls valid is refused.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

TYPES = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "pager", "uan", "voip", "voicemail"),
)


class NumberingPlan:
    """The numbering plan that phonenumbers assumes for numbers written in `region`."""

    def __init__(self, region: str) -> None:
        from phonenumbers import PhoneMetadata, phonenumberutil

        util: Any = phonenumberutil
        metadata: Any = PhoneMetadata.metadata_for_region(region)
        main: Any = PhoneMetadata.metadata_for_region(util.region_code_for_country_code(metadata.country_code))
        self._util = util
        self._country_code = str(metadata.country_code)
        self._international = re.compile(metadata.international_prefix or "(?!)")
        # The main region of the calling code decides whether a national prefix must be written.
        self._formats = main.number_format
        national, self.min_digits = _any_type(_members(metadata.country_code))
        self._national = re.compile(national)
        self._prefix = re.compile(metadata.national_prefix_for_parsing or "(?!)")
        self._any = re.compile(f"(?:{self._country_code})?(?:{_written(metadata, national)})")

    def allows(self, digits: str) -> bool:
        """Could this be a valid number, written here? `digits`: ASCII, without a leading plus."""
        international = self._international.match(digits)
        if international and digits[international.end() : international.end() + 1] != "0":
            return allows_international(digits[international.end() :])
        if digits.startswith(self._country_code) or self._prefix.match(digits):
            return self._any.fullmatch(digits) is not None
        return self._national.fullmatch(digits) is not None and not self._lacks_prefix(digits)

    def _lacks_prefix(self, digits: str) -> bool:
        """Is a national number without its prefix, where this plan always writes one?"""
        rule: Any = self._util._choose_formatting_pattern_for_number(self._formats, digits)
        if rule is None or not rule.national_prefix_formatting_rule or rule.national_prefix_optional_when_formatting:
            return False
        return not self._util._formatting_rule_has_first_group_only(rule.national_prefix_formatting_rule)


def allows_international(digits: str) -> bool:
    """Could calling code and number, both without a prefix, be a valid number of any country?"""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    for length in (1, 2, 3):
        code = digits[:length]
        if code and int(code) in COUNTRY_CODE_TO_REGION_CODE:
            return _of_calling_code(int(code)).fullmatch(digits, length) is not None
    return False


@cache
def _of_calling_code(code: int) -> re.Pattern[str]:
    members = _members(code)
    return re.compile(_written(members[0], _any_type(members)[0]))


def _members(code: int) -> list[Any]:
    """Metadata of all regions that share a calling code, the main one first."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    regions: Any = COUNTRY_CODE_TO_REGION_CODE[code]
    return [PhoneMetadata.metadata_for_region_or_calling_code(code, region) for region in regions]


def _written(metadata: Any, national: str) -> str:
    """A regex for a national number as it may be written: with what parsing strips before it."""
    rule = metadata.national_prefix_transform_rule
    if rule and not re.fullmatch(r"\\\d", rule):
        return r"\d+"  # the rule may add digits
    if rule:
        return rf"\d*(?:{national})"  # Brazil: keeps what follows the carrier
    prefix = metadata.national_prefix_for_parsing
    return f"(?:{prefix}){{0,2}}(?:{national})" if prefix else f"(?:{national})"


def _any_type(members: list[Any]) -> tuple[str, int]:
    """One regex for valid national numbers of all types of some regions, and the fewest digits of one."""
    patterns: set[str] = set()
    lengths: set[int] = set()
    for metadata in members:
        for name in TYPES:
            description = getattr(metadata, name)
            if description is not None and description.national_number_pattern:
                patterns.add(description.national_number_pattern)
                lengths.update(description.possible_length or metadata.general_desc.possible_length)
    return "|".join(f"(?:{pattern})" for pattern in sorted(patterns)), min(lengths)
