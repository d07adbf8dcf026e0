"""Generated text dense with values and almost-values, for differential tests. No value of it is anybody's."""

from __future__ import annotations

import random

LINES = (
    "the call me at phone number credit card visa my IBAN is bank account driver license SSN social",
    "security passport ip address url link email to be Be not: re:2 of:the 12:30 nhs (see) -- ... naïve",
    "żółw привет سلام 東京 Straße e.g. don't",
)
WORDS = [word for line in LINES for word in line.split()]
SPACES = (" ", " ", " ", "  ", "\n", "\n\n", "\t", " \n ", "", ",", ", ", ": ", ";", "-", "/", "\u00a0")


def text(seed: int, num_pieces: int = 60) -> str:
    """One text. Values overlap, touch each other and stand at the edges of windows."""
    pick = random.Random(seed)
    return "".join(pick.choice(MAKERS)(pick) + pick.choice(SPACES) for _ in range(num_pieces))


def _word(pick: random.Random) -> str:
    return pick.choice(WORDS)


def _prose(pick: random.Random) -> str:
    return " ".join(pick.choice(WORDS) for _ in range(pick.randrange(1, 40)))


def _digits(pick: random.Random) -> str:
    return "".join(pick.choice("0123456789") for _ in range(pick.randrange(1, 20)))


def _grouped(pick: random.Random) -> str:
    separator = pick.choice(" -./")
    return separator.join(str(pick.randrange(10 ** pick.randrange(1, 5))) for _ in range(pick.randrange(2, 7)))


def _card(pick: random.Random) -> str:
    digits = [int(digit) for digit in pick.choice("456") + "".join(pick.choice("0123456789") for _ in range(14))]
    total = sum(digit if place % 2 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits))
    number = "".join(map(str, digits)) + str(-total % 10)
    return number if pick.random() < 0.5 else "-".join(number[start : start + 4] for start in range(0, 16, 4))


def _iban(pick: random.Random) -> str:
    account = "".join(pick.choice("0123456789") for _ in range(18))
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02}{account}" + pick.choice(("", " word", " ABCD", "X"))


def _address(pick: random.Random) -> str:
    name = pick.choice(("ann", "o.brien", "x+y", "żółw", "a_b", "..a"))
    host = pick.choice(("mail.com", "a-b.co.uk", "onet.pl", "host.notatld", "x--y.org", "münchen.de"))
    return pick.choice(
        (f"{name}@{host}", f"<{name}@{host}>", f"{name}@{host}.", f"http://{host}/a?b={name}", f'"www.{host}"', f"{host}/x(y)")
    )


def _network(pick: random.Random) -> str:
    numbers = [pick.randrange(300) for _ in range(4)]
    return pick.choice(
        (
            ".".join(map(str, numbers)),
            f"fe80::{numbers[0]:x}:{numbers[1]:x}",
            "::1",
            f"::ffff:{'.'.join(map(str, numbers))}/96",
            ":".join(f"{number % 256:02X}" for number in (*numbers, 1, 2)),
            f"2001:db8:{numbers[0]:x}::{numbers[1]:x}/64",
            "0012.3456.789A",
        )
    )


def _date(pick: random.Random) -> str:
    year, month, day = pick.randrange(1900, 2030), pick.randrange(1, 14), pick.randrange(1, 33)
    return pick.choice(
        (f"{year}-{month:02}-{day:02}", f"{day}/{month}/{year}", f"{day:02}-JAN-{year}", f"{year}-{month:02}-{day:02}T10:11:12Z")
    )


def _phone(pick: random.Random) -> str:
    area, line = pick.randrange(200, 999), pick.randrange(10000)
    return pick.choice(
        (
            f"+1 {area} 555 {line:04}",
            f"({area}) 555-{line:04} ext. {line % 100}",
            f"020 7946 {line:04}",
            f"+49 30 {line:06}{area}",
            f"00 44 20 7946 {line:04}",
            f"{area}.555.{line:04}/{line:04}",
            f"06 12 34 {line // 100:02} {line % 100:02}",
            f"\u0660\u0669 {area}",
        )
    )


def _national(pick: random.Random) -> str:
    number = pick.randrange(10**9)
    return pick.choice(
        (
            f"{number // 10**6:03}-{number % 100:02}-{number % 10**4:04}",
            f"AB{number % 10**6:06}C",
            f"A{number % 10**7:07}",
            f"{number:09}0",
        )
    )


def _wallet(pick: random.Random) -> str:
    return pick.choice(
        ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3")
    )


MAKERS = (_word, _prose, _digits, _grouped, _card, _iban, _address, _network, _date, _phone, _national, _wallet, _word)
