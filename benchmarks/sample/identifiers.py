"""Made-up personal identifiers that pass their public check rules, so that a recognizer with validators accepts them.

Every function draws from the given generator. None is known to belong to anybody: domains are invented, British and American
phone numbers come from the ranges kept for drama, card numbers have an unassigned account part.
"""

import base64
import random
import string


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(count))


def _weighted(digits: str, weights: list[int]) -> int:
    return sum(int(d) * w for d, w in zip(digits, weights, strict=True))


def luhn_digit(digits: str) -> str:
    """The digit that makes `digits` + digit pass the Luhn check."""
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def credit_card(rng: random.Random) -> str:
    body = "4000" + _digits(rng, 11)
    number = body + luhn_digit(body)
    return "-".join(number[i : i + 4] for i in range(0, 16, 4))


def iranian_card(rng: random.Random) -> str:
    body = "603799" + _digits(rng, 9)
    number = body + luhn_digit(body)
    return "-".join(number[i : i + 4] for i in range(0, 16, 4))


def iban(rng: random.Random, country: str) -> str:
    """ISO 13616 with mod-97 check digits, in groups of four."""
    body = {"PL": _digits(rng, 24), "GB": "WEST" + _digits(rng, 14), "DE": _digits(rng, 18), "IR": _digits(rng, 22)}[country]
    numeric = "".join(str(int(c, 36)) for c in body + country + "00")
    whole = f"{country}{98 - int(numeric) % 97:02d}{body}"
    return " ".join(whole[i : i + 4] for i in range(0, len(whole), 4))


def pesel(rng: random.Random) -> str:
    head = f"{rng.randint(50, 99):02d}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{_digits(rng, 4)}"
    return head + str(-_weighted(head, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)


def nip(rng: random.Random) -> str:
    while True:
        head = "526" + _digits(rng, 6)
        check = _weighted(head, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11
        if check < 10:
            whole = head + str(check)
            return f"{whole[:3]}-{whole[3:6]}-{whole[6:8]}-{whole[8:]}"


def snils(rng: random.Random) -> str:
    head = str(rng.randint(112, 198)) + _digits(rng, 6)
    check = _weighted(head, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100
    return f"{head[:3]}-{head[3:6]}-{head[6:]} {check:02d}"


def inn_person(rng: random.Random) -> str:
    head = "77" + _digits(rng, 8)
    first = _weighted(head, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10
    second = _weighted(head + str(first), [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10
    return f"{head}{first}{second}"


def iranian_national_code(rng: random.Random) -> str:
    head = "00" + _digits(rng, 7)
    rest = _weighted(head, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
    return head + str(rest if rest < 2 else 11 - rest)


def us_ssn(rng: random.Random) -> str:
    return f"{rng.randint(530, 580)}-{rng.randint(11, 98)}-{rng.randint(2001, 8999)}"


def ip_address(rng: random.Random) -> str:
    return f"185.{rng.randint(11, 240)}.{rng.randint(11, 240)}.{rng.randint(11, 240)}"


def email(rng: random.Random, first: str, last: str) -> str:
    host = rng.choice(["saltmarsh-post", "northquay-mail", "zawietrzna", "zatonsk-pochta", "fanous-nameh"])
    return f"{first}.{last}{rng.randint(10, 99)}@{host}.{rng.choice(['net', 'org', 'com'])}"


def phone(rng: random.Random, lang: str) -> str:
    """Valid numbers in international form; `fa` in Persian digits half of the time."""
    if lang == "pl":
        return f"+48 60{rng.randint(1, 9)} {_digits(rng, 3)} {_digits(rng, 3)}"
    if lang == "ru":
        return f"+7 495 {rng.randint(200, 780)}-{_digits(rng, 2)}-{_digits(rng, 2)}"
    if lang == "fa":
        latin = f"0912{rng.randint(2, 8)}{_digits(rng, 6)}"
        return latin.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if rng.random() < 0.5 else "+98 " + latin[1:]
    return f"+44 20 7946 0{rng.randint(100, 999)}"


def github_token(rng: random.Random) -> str:
    return "ghp_" + "".join(rng.choice(string.ascii_letters + string.digits) for _ in range(36))


def aws_key(rng: random.Random) -> str:
    return "AKIA" + "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(16))


def private_key_lines(rng: random.Random) -> list[str]:
    """A block in the form of a PEM private key; the bytes are random and open nothing."""
    body = base64.b64encode(rng.randbytes(288)).decode()
    return [
        "-----BEGIN RSA PRIVATE KEY-----",
        *(body[i : i + 64] for i in range(0, len(body), 64)),
        "-----END RSA PRIVATE KEY-----",
    ]
