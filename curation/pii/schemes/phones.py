"""Telephone numbers by their shape, or by what is written beside them, whether or not the exchange exists.

phonenumbers refuses numbers that no operator assigns, and with them every mistyped or made-up one; and it reads national
numbers of the regions it is given only. Here: a plus sign, a bracketed area code or an extension leaves little else
that digits could be; and any grouping of seven digits and more is a number where a word for telephone stands directly
before it ("Phone: 12-34-56-78") or after it ("123 45 67 fax"), or somebody is to be called "at" it.
"""

from __future__ import annotations

import re

from curation.pii.schemes.scheme import Scheme, Shape, digits_of

EXTENSION = r"(?:[ ]?(?:x|ext\.?|wewn\.?|доб\.?)[ ]?\d{1,6})?"
SEPARATOR = r"[ .\u00a0-]"
WORDS = "|".join(
    (
        r"(?:tele)?(?:ph|f)one?\w{0,4}|ph|tel|tele?f|fax|mob|mobile|cell|cellphone|cellular",
        r"landline|hotline|helpline|gsm|sms|whats ?app|viber",
        r"telefon\w{0,4}|kom|kom[óo]rk\w{1,3}|faks",
        r"телефон\w{0,3}|тел|моб|мобильн\w{1,3}|мобільн\w{1,3}|факс|сот|сотов\w{1,3}",
        r"handy\w{0,6}|mobil\w{0,7}|durchwahl|rufnummer|t[ée]l[ée]phone|tél|portable|t[ée]l[ée]copie",
        r"tel[ée]fono|tel[eé]f|tlf|tfno|tfn|fono|m[óo]vil|celular|cellulare|telefone|telem[óo]vel|telefoon|puhelin|puh",
        r"تلفن|موبایل|همراه|فکس|تماس|هاتف|جوال|电话|手机|電話|携帯|전화|휴대폰",
    )
)
NAMED = r"(?:office|desk|home|work|main|direct|day|evening|contact|business|switchboard|reception|biuro|dom)"
KIND_OF_NUMBER = r"(?:[ ]?(?:numbers?|no|nr|num|n[ºo°]|numer\w{0,2}|номер\w{0,2}|número|numéro|nummer|شماره))?(?:[ ]is)?[ .]{0,2}"
JOINT = rf"{KIND_OF_NUMBER}(?:\([\w ]{{1,12}}\))?[ ]{{0,2}}[:=#]?\s{{0,4}}"
VERBS = (
    r"(?:call|ring|phone|reach|text|message|answer|answering|messages|dial|zadzwo\w{1,3}|dzwo\w{1,4}|"
    r"позвон\w{1,4}|звон\w{1,4}|anrufen|llam\w{1,5}|appel\w{1,4})"
)
PREPOSITIONS = r"(?:at|on|to|under|registered|number|pod|na|numer|на|по|номер|unter|al|au)"
NUMBER = rf"\+?\(?\d{{2,5}}\)?(?:[ ./\u00a0-]{{1,2}}\d{{2,6}}){{1,5}}{EXTENSION}|\d{{7,12}}"
NOT_INSIDE = r"(?<![\w+(/.-])"
END = r"(?![\w/]|[.,-]\d)"
DATE = re.compile(
    r"\d{1,2}([-./ ])\d{1,2}\1(?:19|20)\d{2}|(?:19|20)\d{2}([-./ ])\d{1,2}\2\d{1,2}|(?:1\d|20)\d{2}\s?[-/]\s?(?:1\d|20)\d{2}|"
    r"\d{1,3}(?:\.\d{1,3}){3}"
)
MIN_DIGITS = 7


def is_number(value: str) -> bool | None:
    digits = digits_of(value)
    return None if MIN_DIGITS <= len(digits) <= 21 and len(set(digits)) > 2 else False


def is_labelled_number(value: str) -> bool | None:
    """No date, span of years, IP address or round number."""
    if DATE.fullmatch(value) or value.endswith("000 000"):
        return False
    return is_number(value)


PHONES = (
    Scheme(
        "PHONE_NUMBER",
        (
            Shape(rf"(?<![\w+])\+\d{{1,3}}{SEPARATOR}?\(?\d{{1,4}}\)?(?:{SEPARATOR}?\d{{2,5}}){{2,4}}{EXTENSION}(?![\w-])", 0.6),
            Shape(rf"(?<![\w(/.-])\(\d{{2,5}}\)[ -]?\d{{3,4}}{SEPARATOR}?\d{{3,5}}{EXTENSION}(?![\w-])", 0.6),
            Shape(rf"(?<![\w(/.-])(?:001[ -]|1-)?\d{{3}}([.-])\d{{3}}\1\d{{4}}{EXTENSION}(?![\w-])", 0.6),
            Shape(rf"(?<![\w(/.-])0\d{{1,4}}[ -]\d{{3,4}}[ -]\d{{3,4}}{EXTENSION}(?![\w-])", 0.4),
        ),
        ("phone", "call", "tel", "fax", "mobile", "cell"),
        is_valid=is_number,
    ),
    Scheme(
        "PHONE_NUMBER",
        (
            Shape(
                rf"(?<=(?<!\w)(?:{WORDS})\b{JOINT}){NOT_INSIDE}(?:{NUMBER}){END}",
                0.65,
                rf"(?:{WORDS}){JOINT}(?:{NUMBER})",
            ),
            Shape(
                rf"(?<=(?<!\w){NAMED}{KIND_OF_NUMBER}[ ]?[:=#]\s{{0,4}}){NOT_INSIDE}(?:{NUMBER}){END}",
                0.5,
                rf"{NAMED}{KIND_OF_NUMBER}[ ]?[:=#]\s{{0,4}}(?:{NUMBER})",
            ),
            Shape(
                rf"(?<=\b{VERBS}\b[^\n\d.!?;]{{0,24}}[ ]{PREPOSITIONS}[ ]){NOT_INSIDE}(?:{NUMBER}){END}",
                0.5,
                rf"{VERBS}[^\n\d.!?;]{{0,24}}[ ]{PREPOSITIONS}[ ](?:{NUMBER})",
            ),
            Shape(
                rf"{NOT_INSIDE}(?:{NUMBER})(?=[ ]?[-,(]?[ ]?(?:office|fax|mobile|cell|desk|faks|факс|kom|моб)\b)",
                0.5,
                rf"(?:{NUMBER})",
            ),
        ),
        is_valid=is_labelled_number,
    ),
)
