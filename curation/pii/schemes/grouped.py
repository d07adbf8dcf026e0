"""Numbers in the groups in which their offices print them, with a passing check digit: no word need stand before them.

Presidio's recognizers of these take any ten to twelve digits, so that the registry asks them for a word of context.
Groups of three are left to that: one in ten numbers written in thousands is a valid Canadian, Australian tax or company
number. Sources: Services Australia and the ABR (weights), UIDAI (Verhoeff), Agenzia delle Entrate (Luhn).
"""

from __future__ import annotations

from curation.pii.schemes.scheme import Scheme, Shape, digits_of, is_uniform, passes_luhn, sure, unsure, weighted

ALONE, END = r"(?<![\w/.+-])(?<!\d[ ])", r"(?![\w/-]|[ .]\d)"
# Verhoeff: multiplication in the dihedral group of ten elements, and the permutation of each place.
PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def passes_verhoeff(digits: list[int]) -> bool:
    check = 0
    for place, digit in enumerate(reversed(digits)):
        for _ in range(place % 8):
            digit = PERMUTATION[digit]
        check = _product(check, digit)
    return check == 0


def _product(left: int, right: int) -> int:
    """Rotations are 0 to 4, reflections 5 to 9."""
    turn = left + right if left < 5 else left - right
    return turn % 5 + (5 if (left < 5) != (right < 5) else 0)


def is_medicare(digits: list[int]) -> bool:
    return 2 <= digits[0] <= 6 and weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == digits[8]


def is_business(digits: list[int]) -> bool:
    return digits[0] > 0 and weighted([digits[0] - 1, *digits[1:]], (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)) % 89 == 0


def is_aadhaar(value: str) -> bool | None:
    digits = digits_of(value)
    return None if digits[0] > 1 and digits != digits[::-1] and not is_uniform(digits) and passes_verhoeff(digits) else False


GROUPED = (
    Scheme(
        "AU_MEDICARE",
        (Shape(rf"{ALONE}\d{{4}}[ ]\d{{5}}[ -]\d(?:[ /]\d)?{END}", 0.5),),
        ("medicare",),
        ("en",),
        unsure(is_medicare),
    ),
    Scheme(
        "AU_ABN",
        (Shape(rf"{ALONE}\d{{2}}[ ]\d{{3}}[ ]\d{{3}}[ ]\d{{3}}{END}", 0.5),),
        ("abn", "business"),
        ("en",),
        sure(is_business),
    ),
    Scheme(
        "IN_AADHAAR", (Shape(rf"{ALONE}\d{{4}}([ -])\d{{4}}\1\d{{4}}{END}", 0.45),), ("aadhaar", "uidai"), ("en",), is_aadhaar
    ),
    Scheme("IT_VAT_CODE", (Shape(r"\bIT[ ]?\d{11}\b", 0.6),), ("iva", "partita"), (), unsure(passes_luhn)),
)
