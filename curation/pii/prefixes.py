"""National numbers written without the prefix that their plan always writes ("030 123" in Germany, never "30 123").

phonenumbers calls such a number invalid, and whether the prefix is needed depends on the format it would choose: the
first whose leading digits and pattern fit. `is_lacking` asks that of a number, `always_lacking` of all numbers of a
length that begin with three digits, from the expressions alone: this refuses most runs of digits of a text with one
look-up (of the stretches of an encyclopedia that plans of eight regions met, 8,900 of 11,000 lacked their prefix).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from curation.pii.beginnings import State, beginnings

ONLY_COUNTS = re.compile(r"(?:\(?\\d(?:\{\d+(?:,\d+)?\})?\)?)+")  # a pattern that says how many digits, not which
LOOKS_AROUND = re.compile(r"\(\?[=!<]|\$|\\b")


class NationalFormats:
    """The formats of a plan's main region, in phonenumbers' order."""

    def __init__(self, formats: Sequence[Any]) -> None:
        self._rules = [(_lead(rule), str(rule.pattern), _asks_prefix(rule)) for rule in formats]
        self._any, self._asks = _joined(self._rules)

    def is_lacking(self, digits: str) -> bool:
        """`digits`: a national number without a prefix."""
        found = self._any.fullmatch(digits)
        return found is not None and self._asks[found.lastindex or 0]

    def always_lacking(self, states: Iterable[State]) -> set[State]:
        """Those of `states` (first digits, length) of which every number lacks a prefix."""
        if not any(asks for _, _, asks in self._rules):
            return set()
        reaches = [_Reach(lead, pattern) for lead, pattern, _ in self._rules]
        asks = [asks for _, _, asks in self._rules]
        return {state for state in states if _all_ask(state, reaches, asks)}


class _Reach:
    """Which (first digits, length) a format fits surely, and which it may fit."""

    def __init__(self, lead: str, pattern: str) -> None:
        self._lead = re.compile(lead)
        self._is_plain = LOOKS_AROUND.search(lead) is None
        self._leads = {first for first, _ in beginnings(rf"(?:{lead})\d*")}
        self._states = beginnings(pattern)
        self._counts = ONLY_COUNTS.fullmatch(pattern) is not None

    def may_fit(self, state: State) -> bool:
        return state in self._states and state[0] in self._leads

    def fits(self, state: State) -> bool:
        """May it, and does nothing else than what the state says decide it?"""
        return self._counts and self._is_plain and self._lead.match(state[0]) is not None


def _all_ask(state: State, reaches: Sequence[_Reach], asks: Sequence[bool]) -> bool:
    for reach, asks_prefix in zip(reaches, asks, strict=True):
        if not reach.may_fit(state):
            continue
        if not asks_prefix:
            return False
        if reach.fits(state):
            return True
    return False


def _lead(rule: Any) -> str:
    return str(rule.leading_digits_pattern[-1]) if rule.leading_digits_pattern else ""


def _asks_prefix(rule: Any) -> bool:
    from phonenumbers import phonenumberutil

    util: Any = phonenumberutil
    prefix = rule.national_prefix_formatting_rule
    is_optional = rule.national_prefix_optional_when_formatting
    return bool(prefix and not is_optional and not util._formatting_rule_has_first_group_only(prefix))


def _joined(rules: Sequence[tuple[str, str, bool]]) -> tuple[re.Pattern[str], dict[int, bool]]:
    """One expression that tells which format phonenumbers would choose (by `lastindex`), and whether that asks for a prefix.

    Alternatives are tried in order, so the first format that fits is the one.
    """
    alternatives: list[str] = []
    asks: dict[int, bool] = {}
    num_groups = 0
    for lead, pattern, asks_prefix in rules:
        alternative = f"(?=(?:{lead}))(?:{pattern})()"
        num_groups += re.compile(alternative).groups
        alternatives.append(alternative)
        asks[num_groups] = asks_prefix
    return re.compile("|".join(alternatives) or "(?!)"), asks
