"""What looks like a value and is none: another thing by the word before it, or a part of a longer number.

Over-scrubbing is a defect too: version numbers are no addresses, an ISBN is no phone number, and neither is the middle
of an account number. These rules are applied to what
Presidio's recognizers found, by the policy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from curation.pii.spans import Span

REACH = 24
LABEL_REACH = 48
MAX_VERSION_PART = 32
MIN_PHONE_DIGITS = 7
UNSUPPORTED = 0.4  # the score of a phone number that no word speaks for
VERSION = re.compile(
    r"(?:\bv|version|ver\.?|release|build|v\.|rev\.?|wersj\w|верси\w|\u0646\u0633\u062e\u0647)[\s:=\"'(]{0,3}$", re.IGNORECASE
)
BOOK_NUMBER = re.compile(
    r"\b(?:ISBN|ISSN|DOI|arXiv|OCLC|LCCN|PMID|PMC|RFC|ISO|UDC|EAN|UPC|bug|issue|ticket|PR|commit|rev)\b[^\n]{0,6}$", re.IGNORECASE
)
NUMBERS = frozenset(("PHONE_NUMBER", "CREDIT_CARD", "UK_NHS", "US_SSN", "US_BANK_NUMBER", "US_DRIVER_LICENSE", "US_PASSPORT"))
# Labels of other numbers: alone, or only with "number" or a sign after them.
ALONE = (
    r"card|cc|visa|mastercard|amex|accounts?|acct|iban|swift|ssn|itin|nhs|passport|licen[cs]e|serial|imei|sku|"
    r"zip|postcode|p\.?o\.? ?box|"
    r"apartado(?: de correos)?|cp|nhc|nass|cipa|dni|nif|nie|cif|(?:n[º°o]?\s?)?col(?:egiado)?|episodio|expediente|historia|"
    r"konto|rachun\w{1,4}|nip|regon|pesel|krs|faktur\w|инн|снилс|огрн|кпп|бик|паспорт\w{0,2}|счет|счёт|карт\w{1,2}|"
    r"кредитк\w|کارت|حساب|شبا|ملی"
)
WITH_SIGN = (
    r"order|invoice|ref|reference|case|file|id|episode|part|model|tracking|box|uid|pin|code|tax|customer|member|policy|"
    r"zamówieni\w|заказ\w?|timestamp|time|size|length|offset"
)
OTHER_LABEL = re.compile(
    rf"(?<!\w)(?:(?:{ALONE})[\s.]{{0,2}}(?:(?:number|numer|no|nr|n[ºo°]|номер)\b\.?)?|"
    rf"(?:{WITH_SIGN})[\s.]{{0,2}}(?:(?:number|numer|no|nr|n[ºo°]|номер)\b\.?|(?=[:#=])))"
    r"[ ]?(?:is\b)?\s?[:#=]{0,2}[ ]{0,2}(?:[a-z]{2,4}-)?(?:\d{1,4}[ ])?$",
    re.IGNORECASE,
)
# A table of measurements: a fraction's digits, columns with several spaces between them.
FRACTION_BEFORE = re.compile(r"\d[.,]$")
FRACTION = re.compile(r"\d{1,3}[.,]\d{4,}(?:\D+\d{1,3}[.,]\d{4,})*")
COLUMNS = re.compile(r"\d {2,}[\d(-]")
JOINED_BEFORE = re.compile(r"(?<![\w:.,/-])(?:[A-Za-z]{1,4}\d{1,4}|[A-Za-z]?\d{2,6})(?:[ ][A-Za-z0-9]{4})*[ /-]$")
ACCOUNT_HEAD = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{1,4}){0,8}[ ]?$")
JOINED_AFTER = re.compile(r"[ /-](?:\d[\dA-Za-z]{0,5})(?![\w:.]|[-/]\d)")


ADDRESS_WORD = re.compile(
    r"\b(?:ip|ipv[46]|addr\w*|hosts?|servers?|subnet|network|netmask|gateway|dns|ping|ssh|connect\w*|private|localhost|loopback|"
    r"unspecified|broadcast|adres\w*|адрес\w*|آدرس|آی.?پی)\b",
    re.IGNORECASE,
)
SLICE = re.compile(r"[0-9a-f]{0,2}::[0-9a-f]{0,2}", re.IGNORECASE)  # of an array: [::2]
YEARS = re.compile(r"(?:1\d{3}|20\d{2})(?:[ -](?:1\d{3}|20\d{2}))+")
VOLUME = re.compile(r"\((?:1[5-9]|20)\d{2}\)")  # (year) first-last page
ROUND = re.compile(r"\d{1,3}(?:[ .,]\d{3})*[ .,]000")
INSURANCE_WORD = re.compile(r"\b(?:SIN|NAS|insurance|assurance)\b", re.IGNORECASE)
IN_ORDER = "01234567890123456789"


def is_other(span: Span, text: str, spans: Sequence[Span] = ()) -> bool:
    """Is it no value of its type? `spans`: what else was found, for numbers that stand side by side."""
    value = text[span.start : span.end]
    before = text[max(0, span.start - LABEL_REACH) : span.start]
    if span.entity == "IP_ADDRESS":
        return _is_no_address(value, before[-REACH:])
    if span.entity == "EMAIL_ADDRESS":
        return value.startswith("git@") and text.startswith((":", "/"), span.end)  # an address of a repository
    if (span.entity in NUMBERS or value[:1].isdecimal()) and BOOK_NUMBER.search(before[-REACH:]) is not None:
        return True
    if span.entity == "US_SSN" and value.startswith("9"):
        return True  # a taxpayer's number: no area begins with 9
    if span.entity == "CA_SIN" and "-" not in value and not INSURANCE_WORD.search(before):
        return True  # one in ten numbers written in thousands has its check digit
    if span.entity == "PHONE_NUMBER":
        return _is_other_number(span, text, before, spans)
    return not any(map(str.isalpha, value)) and (_is_reckoned(value, before) or ROUND.fullmatch(value) is not None)


def _is_reckoned(value: str, before: str) -> bool:
    """Digits of a fraction, years in a row, the digits in order."""
    if FRACTION_BEFORE.search(before) or FRACTION.fullmatch(value) or YEARS.fullmatch(value):
        return True
    return value in IN_ORDER or VOLUME.match(value) is not None


def _is_other_number(span: Span, text: str, before: str, spans: Sequence[Span]) -> bool:
    value = text[span.start : span.end]
    if "+" in value[:2]:
        return False
    if OTHER_LABEL.search(before) or COLUMNS.search(value) or _is_reckoned(value, before):
        return True
    if span.score > UNSUPPORTED:
        return False
    if ROUND.fullmatch(value):
        return True
    return sum(map(str.isdecimal, value)) < MIN_PHONE_DIGITS or _is_part(span, text, before, spans)


def _is_part(span: Span, text: str, before: str, spans: Sequence[Span]) -> bool:
    """Do groups of digits go on before it or after it that are no phone number themselves?"""
    if ACCOUNT_HEAD.search(before):
        return True
    if JOINED_BEFORE.search(before) and not any(_is_phone_at(one, span.start - 2) for one in spans):
        return True
    return JOINED_AFTER.match(text, span.end) is not None and not any(_is_phone_at(one, span.end + 1) for one in spans)


def _is_phone_at(span: Span, place: int) -> bool:
    return span.entity == "PHONE_NUMBER" and span.start <= place < span.end


def _is_no_address(value: str, before: str) -> bool:
    """A version by its word; where no word speaks for an address, four small numbers or the slice of an array."""
    parts = value.split(".")
    if len(parts) == 4 and VERSION.search(before):
        return True
    if ADDRESS_WORD.search(before) or not value.strip("0."):
        return False
    small = len(parts) == 4 and all(part.isdecimal() and int(part) < MAX_VERSION_PART for part in parts)
    return small or SLICE.fullmatch(value) is not None
