"""The shape of a scheme, and the arithmetic that several share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Shape(NamedTuple):
    """A regex and how sure it is by itself, 0 to 1.

    `gate`, where given, is what the automaton looks for instead: a regex without lookbehind that ends no more than
    one character after every match.
    """

    regex: str
    score: float
    gate: str | None = None


@dataclass(frozen=True)
class Scheme:
    """`is_valid` is asked of each match: True = certain, False = not one, None = as sure as its shape."""

    entity: str
    shapes: tuple[Shape, ...]
    context: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # empty = all
    is_valid: Callable[[str], bool | None] | None = None
    flags: int = re.IGNORECASE | re.MULTILINE | re.DOTALL


def digits_of(value: str) -> list[int]:
    """The decimal digits of a value, of any script."""
    return [unicodedata.decimal(char) for char in value if char.isdecimal()]


def weighted(digits: Sequence[int], weights: Sequence[int]) -> int:
    """Sum of digit times weight over the weights given."""
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


def passes_luhn(digits: Sequence[int]) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = [
        digit if place % 2 == 0 else (digit * 2 - 9 if digit > 4 else digit * 2) for place, digit in enumerate(reversed(digits))
    ]
    return bool(digits) and sum(doubled) % 10 == 0


def passes_iban(account: str) -> bool:
    """ISO 13616: country and check digits moved to the end, letters as numbers, modulo 97."""
    moved = account[4:] + account[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def is_date(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)


def is_uniform(digits: Sequence[int]) -> bool:
    """All digits alike: passes most checksums, is nobody's."""
    return len(set(digits)) == 1


def unsure(check: Callable[[list[int]], bool]) -> Callable[[str], bool | None]:
    """A check that one number in ten passes by chance: it refuses, but it does not make sure."""

    def is_valid(value: str) -> bool | None:
        digits = digits_of(value)
        return None if not is_uniform(digits) and check(digits) else False

    return is_valid


def sure(check: Callable[[list[int]], bool]) -> Callable[[str], bool | None]:
    """A check that makes sure by itself."""

    def is_valid(value: str) -> bool | None:
        digits = digits_of(value)
        return not is_uniform(digits) and check(digits)

    return is_valid
