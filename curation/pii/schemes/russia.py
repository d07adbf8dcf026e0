"""Russia: passport, INN, SNILS. Order of the tax service for INN, of the pension fund for SNILS."""

from __future__ import annotations

from curation.pii.schemes.scheme import Scheme, Shape, digits_of, is_uniform, unsure, weighted

LANGUAGES = ("ru",)
COMPANY = (2, 4, 10, 3, 5, 9, 4, 6, 8)
PERSON_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
PERSON_SECOND = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def is_inn(digits: list[int]) -> bool:
    """Ten digits of a company, twelve of a person with two check digits."""
    if len(digits) == 10:
        return weighted(digits, COMPANY) % 11 % 10 == digits[9]
    first, second = weighted(digits, PERSON_FIRST) % 11 % 10, weighted(digits, PERSON_SECOND) % 11 % 10
    return len(digits) == 12 and [first, second] == digits[10:]


def is_snils(value: str) -> bool | None:
    """Nine digits and their weighted sum modulo 101, where 100 is written 00. Sure only when written with its dashes."""
    digits = digits_of(value)
    check = weighted(digits, range(9, 0, -1)) % 101 % 100
    if len(digits) != 11 or is_uniform(digits[:9]) or check != digits[9] * 10 + digits[10]:
        return False
    return True if "-" in value else None


RUSSIA = (
    Scheme(
        "RU_PASSPORT",
        (Shape(r"\b\d{2}[ ]?\d{2}[ ]?(?:№|N|номер)?[ ]?\d{6}\b", 0.1),),
        ("паспорт", "серия", "серии"),
        LANGUAGES,
    ),
    Scheme("RU_INN", (Shape(r"\b(?:\d{10}|\d{12})\b", 0.1),), ("инн",), LANGUAGES, unsure(is_inn)),
    Scheme(
        "RU_SNILS",
        (Shape(r"\b\d{3}-\d{3}-\d{3}[ -]\d{2}\b|\b\d{11}\b", 0.1),),
        ("снилс", "страхов", "пенсион"),
        LANGUAGES,
        is_snils,
    ),
)
