"""Which regions a string of digits could be a valid phone number of, without parsing it.

`phonenumbers.parse` and its validation cost 20 to 30 µs a candidate and region, and almost every run of digits in a text
is a year, a price or an id. `NumberingPlan.allows` is a necessary condition, from the same metadata: no number that
phonenumbers calls valid is refused.
"""

from __future__ import annotations

import re
from typing import Any

TYPES = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "pager", "uan", "voip", "voicemail"),
)


class NumberingPlan:
    """The numbering plan that phonenumbers assumes for numbers written in `region`."""

    def __init__(self, region: str) -> None:
        from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
        from phonenumbers.phonenumberutil import region_code_for_country_code

        metadata: Any = PhoneMetadata.metadata_for_region(region)
        self._country_code = str(metadata.country_code)
        self._international = re.compile(metadata.international_prefix or "(?!)")
        # The main region of the calling code decides whether a national prefix must be written.
        self._formats = PhoneMetadata.metadata_for_region(region_code_for_country_code(metadata.country_code)).number_format
        shared: Any = COUNTRY_CODE_TO_REGION_CODE[metadata.country_code]
        members = [PhoneMetadata.metadata_for_region(member) for member in shared]
        national, self.min_digits = _any_type([member for member in members if member is not None])
        self._national = re.compile(national)
        prefix = metadata.national_prefix_for_parsing or ""
        self._prefix = re.compile(prefix or "(?!)")
        # A rule that rewrites the prefix keeps some end of the number (Brazil: what follows the carrier).
        is_rewritten = bool(metadata.national_prefix_transform_rule)
        before = r"\d*" if is_rewritten else f"(?:{prefix}){{0,2}}"
        self._any = re.compile(f"(?:{self._country_code})?{before}(?:{national})")
        self._allows_all = is_rewritten and not re.fullmatch(r"\\\d", metadata.national_prefix_transform_rule)

    def allows(self, digits: str) -> bool:
        """Could this be a valid number, written here? `digits`: ASCII, without a leading plus."""
        if self._allows_all or self._international.match(digits):
            return True
        if digits.startswith(self._country_code) or self._prefix.match(digits):
            return self._any.fullmatch(digits) is not None
        return self._national.fullmatch(digits) is not None and not self._lacks_prefix(digits)

    def _lacks_prefix(self, digits: str) -> bool:
        """Is a national number without its prefix, where this plan always writes one?"""
        from phonenumbers.phonenumberutil import _choose_formatting_pattern_for_number, _formatting_rule_has_first_group_only

        rule: Any = _choose_formatting_pattern_for_number(self._formats, digits)
        if rule is None or not rule.national_prefix_formatting_rule or rule.national_prefix_optional_when_formatting:
            return False
        return not _formatting_rule_has_first_group_only(rule.national_prefix_formatting_rule)


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
