"""Iran: national code, bank card, Sheba (the IBAN without spaces, also without its country code)."""

from __future__ import annotations

from curation.pii.schemes.scheme import Scheme, Shape, digits_of, passes_iban, passes_luhn, sure, unsure, weighted

LANGUAGES = ("fa",)
# Prefixes that the Central Bank has given to card issuers.
ISSUERS = frozenset(
    (
        *("603799", "589210", "627648", "627961", "603770", "628023", "627760", "502908", "627412", "622106", "502229"),
        *("627488", "621986", "639346", "639607", "636214", "502806", "502938", "603769", "610433", "991975", "627353"),
        *("585983", "589463", "627381", "639370", "628157", "505785", "505416", "636949", "505801", "639599", "606373"),
        *("504706", "585947", "606256", "639217", "627884", "504172", "507677"),
    )
)


def is_national_code(digits: list[int]) -> bool:
    """Ten digits, the last a check digit modulo 11."""
    rest = weighted(digits, range(10, 1, -1)) % 11
    return len(digits) == 10 and digits[9] == (rest if rest < 2 else 11 - rest)


def is_bank_card(digits: list[int]) -> bool:
    return len(digits) == 16 and "".join(map(str, digits[:6])) in ISSUERS and passes_luhn(digits)


def is_sheba(value: str) -> bool | None:
    digits = "".join(map(str, digits_of(value)))
    return len(digits) == 24 and len(set(digits)) > 1 and passes_iban("IR" + digits)


IRAN = (
    Scheme(
        "IR_NATIONAL_CODE",
        (Shape(r"(?<!\d)(?:\d{10}|\d{3}-\d{6}-\d)(?!\d)", 0.1),),
        ("ملی", "ملي", "شناسنامه", "national"),
        LANGUAGES,
        unsure(is_national_code),
    ),
    Scheme("IR_BANK_CARD", (Shape(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?!\d)", 0.3),), ("کارت",), LANGUAGES, sure(is_bank_card)),
    Scheme(
        "IBAN_CODE",
        (Shape(r"(?<![\w])(?:IR[ ]?)?\d{2}(?:[ ]?\d{4}){5}[ ]?\d{2}(?!\d)", 0.3),),
        ("شبا", "حساب"),
        LANGUAGES,
        is_sheba,
    ),
)
