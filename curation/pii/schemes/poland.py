"""Poland: PESEL, NIP, REGON, identity card, passport, bank account without its country code.

Rules: Act on population records (PESEL), Ordinance on NIP, Ordinance on REGON, ICAO Doc 9303 weights for the identity
card (7-3-1 with 9 for the check digit), ISO 13616 with the country code PL for accounts.
"""

from __future__ import annotations

from curation.pii.schemes.scheme import Scheme, Shape, digits_of, is_date, is_uniform, passes_iban, sure, unsure, weighted

LANGUAGES = ("pl",)


def is_pesel(digits: list[int]) -> bool:
    """Date of birth with the century in the month, serial number, sex, check digit."""
    month, day = digits[2] * 10 + digits[3], digits[4] * 10 + digits[5]
    check = -weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10
    return len(digits) == 11 and is_date(day, month % 20) and check == digits[10]


def is_nip(digits: list[int]) -> bool:
    """The first three digits are a tax office: none holds a zero first."""
    return len(digits) == 10 and digits[0] > 0 and weighted(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == digits[9]


def is_regon(digits: list[int]) -> bool:
    """Nine digits, or fourteen of a local unit whose first nine are valid too."""
    if len(digits) == 14:
        check = weighted(digits, (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)) % 11 % 10
        return check == digits[13] and is_regon(digits[:9])
    return len(digits) == 9 and weighted(digits, (8, 9, 2, 3, 4, 5, 6, 7)) % 11 % 10 == digits[8]


def is_identity_card(value: str) -> bool | None:
    """Three letters (A = 10), a check digit, five digits."""
    characters = [int(char, 36) for char in value.upper() if char.isascii() and char.isalnum()]
    if is_uniform(characters[3:]):
        return False
    return None if weighted(characters, (7, 3, 1, 9, 7, 3, 1, 7, 3)) % 10 == 0 else False


def is_account(value: str) -> bool | None:
    digits = "".join(map(str, digits_of(value)))
    return len(digits) == 26 and len(set(digits)) > 1 and passes_iban("PL" + digits)


POLAND = (
    Scheme("PL_PESEL", (Shape(r"(?<!\d)\d{11}(?!\d)", 0.4),), ("pesel", "ewidenc"), LANGUAGES, sure(is_pesel)),
    Scheme(
        "PL_NIP",
        (
            Shape(r"\bPL[ ]?\d{10}\b", 0.5),
            Shape(r"\b\d{3}-\d{3}-\d{2}-\d{2}\b|\b\d{3}-\d{2}-\d{2}-\d{3}\b", 0.5),
            Shape(r"\b\d{10}\b", 0.1),
        ),
        ("nip", "vat", "podatk"),
        LANGUAGES,
        unsure(is_nip),
    ),
    Scheme("PL_REGON", (Shape(r"\b\d{14}\b|\b\d{9}\b", 0.1),), ("regon",), LANGUAGES, unsure(is_regon)),
    Scheme(
        "PL_ID_CARD",
        (Shape(r"\b[A-Z]{3}[ ]?\d{6}\b", 0.2),),
        ("dowód", "dowod", "osobist", "legitym", "tożsam"),
        LANGUAGES,
        is_identity_card,
        flags=0,
    ),
    Scheme("PL_PASSPORT", (Shape(r"\b[A-Z]{2}[ ]?\d{7}\b", 0.1),), ("paszport",), LANGUAGES, flags=0),
    Scheme("PL_NRB", (Shape(r"\b\d{2}(?:[ -]?\d{4}){6}\b", 0.3),), ("konto", "rachun", "przelew"), LANGUAGES, is_account),
)
