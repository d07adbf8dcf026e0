"""Sentences that carry a made-up identifier, in words around which a recognizer expects it.

One generator of values for the whole sample, so that every canary is unique; `CARRIERS` lists, for each language, which types
are planted and the sentence that holds the value.
"""

import random
from collections.abc import Callable

from benchmarks.sample import identifiers

FIRST_NAMES = ("barnaby", "odile", "teofil", "kunegunda", "evlampy", "glafira", "bahram", "parvaneh", "leopold", "wiktoria")
LAST_NAMES = ("thistlewood", "quillfeather", "brzezinka", "zawilec", "berendeev", "snegovik", "kavirian", "golzari")

CARRIERS: dict[str, dict[str, str]] = {
    "en": {
        "email": "Questions about the log may be sent by e-mail to {value} before the end of the month.",
        "phone": "The warden can be reached by phone at {value} on any weekday evening.",
        "ip_address": "The tide gauge answered from the IP address {value} until the storm cut the line.",
        "iban": "Donations for the roof go to the bank account with the IBAN {value} at the savings bank.",
        "credit_card": "By mistake the clerk copied the credit card number {value} into the visitors' book.",
        "github_token": "Somebody pasted the API token {value} into the channel, so it had to be revoked.",
        "us_ssn": "On the old form his social security number, SSN {value}, was still legible.",
    },
    "pl": {
        "email": "Pytania o kronikę można wysłać na adres e-mail {value} do końca miesiąca.",
        "phone": "Do dozorcy można zadzwonić pod numer telefonu {value} w każdy dzień powszedni.",
        "pesel": "W dawnym formularzu czytelny był jeszcze numer PESEL {value} i podpis urzędnika.",
        "nip": "Rachunek wystawiono na firmę z numerem NIP {value} jeszcze przed świętami.",
        "iban": "Wpłaty na dach przyjmuje konto bankowe o numerze IBAN {value} w kasie oszczędności.",
    },
    "ru": {
        "email": "Вопросы о летописи можно присылать на электронную почту, email {value}, до конца месяца.",
        "phone": "Сторожу можно позвонить по телефону {value} в любой будний вечер.",
        "snils": "На старом бланке ещё читался номер СНИЛС {value} и подпись служащего.",
        "inn": "Квитанция выписана на ИНН {value} незадолго до праздников.",
    },
    "fa": {
        "email": "پرسش‌ها را می‌توان تا پایان ماه به ایمیل {value} فرستاد.",
        "phone": "با نگهبان می‌توان عصرها با شمارهٔ تلفن {value} تماس گرفت.",
        "ir_national_code": "در برگهٔ کهنه هنوز کد ملی {value} و امضای کارمند خوانده می‌شد.",
        "credit_card": "کارمند به اشتباه شماره کارت بانکی {value} را در دفتر نوشت.",
    },
}


class CanaryMint:
    """Draws values that have not been drawn before."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def mint(self, kind: str, lang: str) -> str:
        rng = self._rng
        makers: dict[str, Callable[[], str]] = {
            "email": lambda: identifiers.email(rng, rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)),
            "phone": lambda: identifiers.phone(rng, lang),
            "ip_address": lambda: identifiers.ip_address(rng),
            "iban": lambda: identifiers.iban(rng, "PL" if lang == "pl" else "GB"),
            "credit_card": lambda: identifiers.iranian_card(rng) if lang == "fa" else identifiers.credit_card(rng),
            "us_ssn": lambda: identifiers.us_ssn(rng),
            "pesel": lambda: identifiers.pesel(rng),
            "nip": lambda: identifiers.nip(rng),
            "snils": lambda: identifiers.snils(rng),
            "inn": lambda: identifiers.inn_person(rng),
            "ir_national_code": lambda: identifiers.iranian_national_code(rng),
            "github_token": lambda: identifiers.github_token(rng),
            "aws_key": lambda: identifiers.aws_key(rng),
            "password_in_url": lambda: identifiers.github_token(rng)[4:20],
        }
        value = makers[kind]()
        while value in self._used:
            value = makers[kind]()
        self._used.add(value)
        return value
