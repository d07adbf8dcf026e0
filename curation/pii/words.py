"""Per language: words that stand before a value of a type, and the countries whose phone numbers are written there."""

from __future__ import annotations

REGIONS: dict[str, tuple[str, ...]] = {
    "": ("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR"),  # Presidio's own
    "en": ("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR", "AU"),
    "pl": ("PL",),
    "ru": ("RU",),
    "fa": ("IR",),
    "uk": ("UA",),
    "cs": ("CZ", "SK"),
    "ar": ("EG", "SA", "AE"),
    "de": ("DE", "AT", "CH"),
    "fr": ("FR", "BE", "CH"),
    "es": ("ES", "MX", "AR"),
    "it": ("IT",),
    "pt": ("PT", "BR"),
    "nl": ("NL", "BE"),
    "tr": ("TR",),
    "sv": ("SE",),
    "zh": ("CN", "TW"),
    "ja": ("JP",),
    "ko": ("KR",),
}

CONTEXT: dict[str, dict[str, tuple[str, ...]]] = {
    "pl": {
        "PHONE_NUMBER": ("telefon", "tel", "kom", "komórk", "numer", "dzwoń", "zadzwoń", "faks"),
        "CREDIT_CARD": ("kart", "kredyt"),
        "IBAN_CODE": ("konto", "kont", "rachun", "przelew"),
    },
    "ru": {
        "PHONE_NUMBER": ("телефон", "тел", "моб", "номер", "звони", "факс"),
        "CREDIT_CARD": ("карт",),
        "IBAN_CODE": ("счет", "счёт"),
    },
    "uk": {"PHONE_NUMBER": ("телефон", "тел", "моб", "номер", "дзвон"), "CREDIT_CARD": ("карт",), "IBAN_CODE": ("рахун",)},
    "fa": {"PHONE_NUMBER": ("تلفن", "موبایل", "همراه", "شماره", "تماس"), "CREDIT_CARD": ("کارت",), "IBAN_CODE": ("شبا", "حساب")},
    "ar": {"PHONE_NUMBER": ("هاتف", "جوال", "رقم", "اتصل"), "CREDIT_CARD": ("بطاقة",)},
    "cs": {"PHONE_NUMBER": ("telefon", "tel", "mobil", "číslo"), "CREDIT_CARD": ("karta", "kartu")},
    "de": {
        "PHONE_NUMBER": ("telefon", "tel", "handy", "mobil", "nummer", "fax", "anruf"),
        "CREDIT_CARD": ("karte",),
        "IBAN_CODE": ("konto",),
    },
    "fr": {"PHONE_NUMBER": ("téléphone", "tél", "tel", "portable", "numéro", "appel", "fax"), "CREDIT_CARD": ("carte",)},
    "es": {
        "PHONE_NUMBER": ("teléfono", "telefono", "tel", "tfno", "móvil", "fax", "número", "llama"),
        "CREDIT_CARD": ("tarjeta", "credito", "crédito"),
        "ES_NIF": ("nif", "dni"),
    },
    "it": {"PHONE_NUMBER": ("telefono", "tel", "cell", "numero", "chiama"), "CREDIT_CARD": ("carta",)},
}
