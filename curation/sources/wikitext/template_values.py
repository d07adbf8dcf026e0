"""Templates for quantities: units, currencies, fractions, coordinates, formulas.

A conversion shows the value the author wrote, in the author's unit; nothing is computed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from curation.sources.wikitext.arguments import Arguments

_UNITS = {"sqmi": "sq mi", "sqft": "sq ft", "km2": "km²", "m2": "m²", "cm2": "cm²", "m3": "m³", "km3": "km³", "sqkm": "km²",
    "C": "°C", "F": "°F", "K": "K",
          "lb": "lb", "ft": "ft", "in": "in", "mi": "mi", "mph": "mph", "kph": "km/h", "km/h": "km/h", "impgal": "imp gal",
          "USgal": "US gal", "cuft": "cu ft",
          "acre": "acres", "acres": "acres", "ha": "ha", "long ton": "long tons", "MT": "metric tons", "nmi": "nmi",
          "yd": "yd", "hp": "hp"}  # fmt: skip
_RANGES = {
    "to": " to ",
    "-": "–",
    "–": "–",
    "and": " and ",
    "&": " and ",
    "x": " × ",
    "×": " × ",
    "by": " by ",
    "or": " or ",
    "to(-)": " to ",
    "+/-": " ± ",
    "±": " ± ",
    "xx": " × ",
}
_VALUE = re.compile(r"[-−+±~]?[\d.,/+⁄ ]*\d[\d.,⁄/]*(?:e[-+]?\d+)?")


def _conversion(arguments: Arguments) -> str | None:
    """value [range value]* unit [value unit]*."""
    positional = arguments.positional
    if not positional or not _VALUE.fullmatch(positional[0]):
        return positional[0] if positional and positional[0][:1].isdigit() else None
    text, index = positional[0], 1
    while index + 1 < len(positional) and positional[index] in _RANGES and _VALUE.fullmatch(positional[index + 1]):
        text += _RANGES[positional[index]] + positional[index + 1]
        index += 2
    unit = arguments[index]
    text = f"{text} {_UNITS.get(unit, unit)}".strip()
    if (
        unit in ("ft", "lb", "st", "yd", "mi", "long ton")
        and index + 2 < len(positional)
        and _VALUE.fullmatch(arguments[index + 1])
    ):
        text += f" {arguments[index + 1]} {_UNITS.get(arguments[index + 2], arguments[index + 2])}"
    return text


def _with_unit(arguments: Arguments) -> str | None:
    """{{unité|107|km|2}}, {{nombre|12|habitants}}: number, unit, exponent."""
    words = [value for value in arguments.positional if value]
    return " ".join(words[:2]) or None


def _uncertain(arguments: Arguments) -> str | None:
    """{{val|value|uncertainty|e=exponent|u=unit|p=prefix|s=suffix}}."""
    if not arguments[0]:
        return None
    spread = arguments[1] if arguments[1][:1] in ("(", "+") else f"±{arguments[1]}" if arguments[1] else ""
    exponent = f"×10^{arguments.get('e')}" if arguments.get("e") else ""
    unit = arguments.get("u", "ul", "up", "upl")
    text = f"{arguments.get('p')}{arguments[0]}{spread}{exponent}{arguments.get('s')}"
    return f"{text} {unit}" if unit else text


def _fraction(arguments: Arguments) -> str | None:
    values = [value for value in arguments.positional if value]
    if len(values) == 3:
        return f"{values[0]} {values[1]}⁄{values[2]}"
    return f"{values[0]}⁄{values[1]}" if len(values) == 2 else f"1⁄{values[0]}" if values else None


_CURRENCIES = {
    "usd": "US$", "us$": "US$", "gbp": "GB£", "eur": "€", "jpy": "¥", "cny": "CN¥", "inr": "₹", "aud": "A$", "a$": "A$",
    "au$": "A$", "cad": "CA$", "c$": "CA$",
    "ca$": "CA$", "nzd": "NZ$", "nz$": "NZ$", "hkd": "HK$", "hk$": "HK$", "sgd": "S$", "zar": "R", "rub": "₽", "krw": "₩",
    "brl": "R$", "mxn": "Mex$", "chf": "CHF",
    "sek": "kr", "nok": "kr", "dkk": "kr.", "pln": "zł", "czk": "Kč", "huf": "Ft", "try": "₺", "thb": "฿", "php": "₱",
    "idr": "Rp", "ils": "₪", "nis": "₪",
    "uah": "₴", "kzt": "₸", "vnd": "₫", "ngn": "₦", "pkr": "Rs", "lkr": "Rs", "npr": "Rs", "egp": "E£", "irr": "﷼",
    "myr": "MYR", "twd": "NT$", "nt$": "NT$",
    "ars": "AR$", "clp": "CLP$", "cop": "COL$", "pen": "S/", "ves": "Bs.", "bdt": "৳", "frf": "₣", "iep": "IR£",
    "currency": "", "£": "£", "€": "€", "¥": "¥",
    "₹": "₹", "$": "$", "rupee": "₹", "indian rupees": "₹", "¥-": "¥", "jp¥": "JP¥", "cn¥": "CN¥", "php-": "₱",
    "pound sterling": "£", "gb£": "GB£",
}  # fmt: skip


def _currency(sign: str, arguments: Arguments) -> str:
    return f"{sign}{arguments[0]}"


def _any_currency(arguments: Arguments) -> str | None:
    code = arguments[1] or arguments.get("type") or "USD"
    return f"{_CURRENCIES.get(code.lower(), code)}{arguments[0]}" if arguments[0] else None


_HEMISPHERES = frozenset("NSEWO")


def _coordinates(arguments: Arguments) -> str | None:
    """Degrees, minutes, seconds and hemispheres; nothing where they stand in the page's title only."""
    if arguments.get("display").replace(" ", "") in ("title", "t"):
        return ""
    numbers = [value for value in arguments.positional if value and ":" not in value]
    if len(numbers) == 2:
        return " ".join(_decimal(value, signs) for value, signs in zip(numbers, ("NS", "EW"), strict=True))
    halves: list[str] = []
    pending: list[str] = []
    for value in numbers:
        if value in _HEMISPHERES:
            halves.append("".join(number + sign for number, sign in zip(pending, "°′″", strict=False)) + value)
            pending = []
        else:
            pending.append(value)
    return " ".join(halves) or None


def _decimal(value: str, signs: str) -> str:
    return f"{value.lstrip('-−')}°{signs[value[:1] in '-−']}"


def _joined(arguments: Arguments) -> str | None:
    return "".join(arguments.positional) or None


def _power(arguments: Arguments) -> str | None:
    return f"×10^{arguments[0]}" if arguments[0] else None


def _exponent(arguments: Arguments) -> str:
    """{{e|6}} is a power of ten; on the French wiki {{e}} raises the letter of an ordinal."""
    return f"×10^{arguments[0]}" if re.fullmatch(r"[-−+]?\d{1,4}", arguments[0]) else arguments[0] or "e"


def _feet(arguments: Arguments) -> str | None:
    """{{height|ft=5|in=9}}, {{height|m=1.75}}"""
    return " ".join(f"{arguments.named[unit]} {unit}" for unit in ("m", "cm", "ft", "in") if arguments.named.get(unit)) or None


_MUSIC = {"flat": "♭", "b": "♭", "sharp": "♯", "#": "♯", "natural": "♮", "doubleflat": "𝄫", "doublesharp": "𝄪",
    "trebleclef": "𝄞", "treble": "𝄞", "bassclef": "𝄢",
          "bass": "𝄢", "altoclef": "𝄡", "alto": "𝄡", "quarter": "♩", "eighth": "♪", "quaver": "♪", "half": "𝅗𝅥",
          "whole": "𝅝"}  # fmt: skip


def _music(arguments: Arguments) -> str | None:
    return _MUSIC.get(arguments[0].lower(), arguments[1] or None)


RULES: dict[str, Callable[[Arguments], str | None]] = {
    **dict.fromkeys(("convert", "cvt", "conv", "конвертировать", "تحویل", "تبدیل"), _conversion),
    **dict.fromkeys(("unité", "unite", "unit", "unidad", "nombre", "nb", "num", "mesure", "величина", "wielkość", "enhed"),
    _with_unit),
    "val": _uncertain,
    **dict.fromkeys(("frac", "fraction", "sfrac", "bruch", "дробь", "mixed fraction", "fraction2"), _fraction),
    **{name: partial(_currency, sign) for name, sign in _CURRENCIES.items() if name != "currency"},
    **dict.fromkeys(("currency", "monnaie", "moneda", "валюта"), _any_currency),
    "iso4217": lambda arguments: arguments[0] or None,
    **dict.fromkeys(("coord", "coor", "coor d", "coor dm", "coor dms", "coordonnées", "coordinate inline"), _coordinates),
    **dict.fromkeys(("chem", "chem/link", "gaps", "simplenuclide", "fchim", "formule chimique"), _joined),
    **dict.fromkeys(("e-sp", "10^", "esp", "×10^"), _power),
    "e": _exponent,
    "esd": lambda arguments: arguments[0] or " ",  # eswiki: words that no line end may part, or the blank between them
    "height": _feet,
    "music": _music,
}  # fmt: skip
