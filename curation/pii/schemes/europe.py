"""More national numbers: France (NIR), Spain (social security), Ukraine, Czechia (births), UK (NHS), India (PAN)."""

from __future__ import annotations

from curation.pii.schemes.scheme import Scheme, Shape, digits_of, is_date, is_uniform, sure, unsure, weighted


def _number(digits: list[int]) -> int:
    return int("".join(map(str, digits)))


def is_nir(value: str) -> bool | None:
    """Sex, year, month, place (2A and 2B for Corsica), serial, key: 97 minus the rest modulo 97."""
    compact = "".join(char for char in value.upper() if char.isalnum()).replace("2A", "19").replace("2B", "18")
    if len(compact) != 15 or not compact.isdecimal():
        return False
    return int(compact[13:]) == 97 - int(compact[:13]) % 97


def is_social_security(digits: list[int]) -> bool:
    """Spain: province and number, then their rest modulo 97 (a number under 10,000,000 joins without its zero)."""
    province, number = _number(digits[:2]), _number(digits[2:10])
    joined = province * 10_000_000 + number if number < 10_000_000 else province * 100_000_000 + number
    return len(digits) == 12 and 1 <= province <= 53 and joined % 97 == _number(digits[10:])


def is_rnokpp(digits: list[int]) -> bool:
    return len(digits) == 10 and weighted(digits, (-1, 5, 7, 9, 4, 6, 10, 5, 7)) % 11 % 10 == digits[9]


def is_birth_number(value: str) -> bool | None:
    """Czechia and Slovakia: date (women's months plus 50), serial; ten digits divide by 11."""
    digits = digits_of(value)
    month = (digits[2] * 10 + digits[3]) % 50
    is_real = is_date(digits[4] * 10 + digits[5], month if month <= 12 else month - 20)
    if len(digits) == 9:
        return None if is_real else False
    return is_real and _number(digits) % 11 == 0


def is_nhs(value: str) -> bool | None:
    digits = digits_of(value)
    check = -weighted(digits, range(10, 1, -1)) % 11
    return None if not is_uniform(digits) and check == digits[9] else False


BARE_NHS = r"(?<![\w/=&?#.:-])(?!1|[2-9]\d\d[2-9])\d{10}(?![\w/-])"
EUROPE = (
    Scheme(
        "FR_NIR",
        (Shape(r"\b[1278][ ]?\d{2}[ ]?(?:0[1-9]|1[0-2]|[2-9]\d)[ ]?(?:\d{2}|2[AB])[ ]?\d{3}[ ]?\d{3}[ ]?\d{2}\b", 0.4),),
        ("sécu", "secu", "nir", "insee"),
        ("fr",),
        is_nir,
    ),
    Scheme(
        "ES_SOCIAL_SECURITY",
        (Shape(r"\b\d{2}[ /-]?\d{8}[ /-]?\d{2}\b", 0.3),),
        ("nass", "seguridad", "social", "afiliac", "cipa"),
        ("es",),
        sure(is_social_security),
    ),
    Scheme("UA_RNOKPP", (Shape(r"\b\d{10}\b", 0.1),), ("рнокпп", "іпн", "податк", "ідентиф"), ("uk",), unsure(is_rnokpp)),
    Scheme(
        "CZ_BIRTH_NUMBER", (Shape(r"\b\d{6}/\d{3,4}\b", 0.3),), ("rodné", "rodného", "narozen"), ("cs", "sk"), is_birth_number
    ),
    # India. Presidio's own also takes any ten letters and digits after a word that holds "pan" (Japan, company).
    Scheme("IN_PAN", (Shape(r"\b[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]\b", 0.5),), ("permanent",), ("en",), flags=0),
    # Presidio's own is sure of any ten digits that pass: one number in eleven, every eleventh Unix time, every ISBN of ten
    # digits. Bare ones are left to a word of context where they begin like a Unix time or an American telephone number.
    Scheme(
        "UK_NHS",
        (Shape(r"\b\d{3}[- ]\d{3}[- ]\d{4}\b", 0.4), Shape(BARE_NHS, 0.4), Shape(r"\b\d{10}\b", 0.1)),
        ("nhs", "health", "national", "patient"),
        ("en",),
        is_nhs,
    ),
)
