"""Telephone numbers by their shape: written with a plus or as people write them, whether or not the exchange exists.

phonenumbers refuses numbers that no operator assigns, and with them every mistyped or made-up one. A plus sign, a
bracketed area code or an extension leaves little else that a run of digits could be.
"""

from __future__ import annotations

from curation.pii.schemes.scheme import Scheme, Shape, digits_of

EXTENSION = r"(?:[ ]?(?:x|ext\.?|wewn\.?|доб\.?)[ ]?\d{1,6})?"
SEPARATOR = r"[ .\u00a0-]"


def is_number(value: str) -> bool | None:
    digits = digits_of(value)
    return None if 7 <= len(digits) <= 21 and len(set(digits)) > 2 else False


PHONES = (
    Scheme(
        "PHONE_NUMBER",
        (
            Shape(rf"(?<![\w+])\+\d{{1,3}}{SEPARATOR}?\(?\d{{1,4}}\)?(?:{SEPARATOR}?\d{{2,5}}){{2,4}}{EXTENSION}(?![\w-])", 0.6),
            Shape(rf"(?<![\w(/.-])\(\d{{2,5}}\)[ -]?\d{{3,4}}{SEPARATOR}?\d{{3,5}}{EXTENSION}(?![\w-])", 0.6),
            Shape(rf"(?<![\w(/.-])(?:001[ -]|1-)?\d{{3}}([.-])\d{{3}}\1\d{{4}}{EXTENSION}(?![\w-])", 0.6),
            Shape(rf"(?<![\w(/.-])0\d{{1,4}}[ -]\d{{3,4}}[ -]\d{{3,4}}{EXTENSION}(?![\w-])", 0.4),
        ),
        ("phone", "call", "tel", "fax", "mobile", "cell", "number"),
        is_valid=is_number,
    ),
)
