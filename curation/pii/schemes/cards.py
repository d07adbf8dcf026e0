"""Payment cards of any length that ISO/IEC 7812 allows, where a word for a card stands before them.

Presidio's recognizer knows the prefixes and lengths of five issuers; Maestro has 12 to 19 digits, JCB and Mastercard's
newer range (2221 to 2720) begin otherwise. The check digit alone would let one number in ten pass.
"""

from __future__ import annotations

from curation.pii.schemes.scheme import Scheme, Shape, passes_luhn, unsure

WORDS = r"(?:card|cards|cc|visa|mastercard|maestro|amex|kart[ayęą]?|карт\w{0,3}|tarjeta|carte|karte|carta|cartão|کارت)"
JOINT = r"(?:[ ](?:numbers?|numer|номер\w?|no\.?|nr\.?|n[º°]|número|numéro|nummer))?(?:[ ]is)?[ .]{0,2}[:=#]?\s{0,3}"
DIGITS = r"\d{12,19}|\d{4}(?:[ -]\d{2,6}){2,4}"


def is_card(digits: list[int]) -> bool:
    return 12 <= len(digits) <= 19 and passes_luhn(digits)


CARDS = (
    Scheme(
        "CREDIT_CARD",
        (Shape(rf"(?<=(?<!\w){WORDS}{JOINT})(?<![\w-])(?:{DIGITS})(?![\w-])", 0.7, rf"{WORDS}{JOINT}(?:{DIGITS})"),),
        is_valid=unsure(is_card),
    ),
)
