"""Telephone numbers against phonenumbers itself, region by region: the same places in every text."""

from __future__ import annotations

import random
from functools import lru_cache

import pytest

from curation.pii.alphabet import narrow
from curation.pii.numbering import NumberingPlans
from curation.pii.phones import PhoneScan
from tests.pii.generated import text as dense_text

REGIONS = ("US", "GB", "DE", "FR", "IL", "IN", "CA", "BR")
OTHERS = ("PL", "RU", "IR", "MX", "AR", "IT", "AU", "CN")
SIGNS = (
    "",
    " ",
    "-",
    ".",
    "/",
    " - ",
    "  ",
    "(",
    ") ",
    "[",
    "]",
    "\u2013",
    "\u00a0",
    "x",
    " x",
    "X",
    "xx",
    "~",
    "#",
    ", ",
    ":",
    "_",
)
LABELS = (" ext. ", " x", ";ext=", " extension: ", ",", " int ", " доб. ", "anexo", " EXT ", " #", "   - ", " " * 50)
LEADS = ("", "", "", "+", "(", "(+", "+(", "\uff0b", "((", "00", "011", "0", "tel ", "a", "$", "\n")
BETWEEN = (" ", "\n", ", ", " and ", "", " " * 30, " words between numbers ")
NUMBERS = (
    *("2125550123", "12125550123", "442079460123", "02079460123", "493012345", "030123456", "0612345678", "33612345678"),
    *("9820012345", "919820012345", "0215551234", "1155512345", "5511955512345", "48512345678", "512345678", "79161234567"),
    *("1990", "2012", "19901991", "12", "3", "0", "00", "13800138000", "989121234567", "09121234567", "110", "18005551234"),
)


@lru_cache
def scan(regions: tuple[str, ...]) -> PhoneScan:
    return PhoneScan(regions)


def expected(text: str, regions: tuple[str, ...]) -> set[tuple[int, int]]:
    from phonenumbers import PhoneNumberMatcher

    return {(match.start, match.end) for region in regions for match in PhoneNumberMatcher(text, region)}


def outermost(places: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Without those inside another: Presidio keeps only these."""
    return {
        (start, end)
        for start, end in places
        if not any(left <= start and end <= right and (left, right) != (start, end) for left, right in places)
    }


def assert_same(text: str, regions: tuple[str, ...]) -> int:
    found = scan(regions).find(text, narrow(text))
    assert found is not None
    there = expected(text, regions)
    assert outermost(found) == outermost(there), repr(text)
    return len(there)


def number(pick: random.Random) -> str:
    """A number, or what looks like one, in some spelling."""
    digits = pick.choice(NUMBERS) if pick.random() < 0.7 else "".join(pick.choices("0123456789", k=pick.randrange(1, 24)))
    written = pick.choice(LEADS)
    while digits:
        size = pick.choice((1, 2, 3, 3, 4, 4, 5, 10, 20))
        group, digits = digits[:size], digits[size:]
        if pick.random() < 0.03:
            group = "".join(chr(0x06F0 + int(digit)) for digit in group)
        written += group + (pick.choice(SIGNS) if digits else "")
    if pick.random() < 0.2:
        written += pick.choice(LABELS) + "".join(pick.choices("0123456789", k=pick.randrange(1, 26)))
    return written


@pytest.mark.parametrize("regions", [REGIONS, OTHERS])
@pytest.mark.parametrize("seed", range(4))
def test_find_generated_numbers_equals_phonenumbers(regions: tuple[str, ...], seed: int) -> None:
    pick = random.Random(seed)
    num_found = 0
    for _ in range(150):
        num_found += assert_same("".join(number(pick) + pick.choice(BETWEEN) for _ in range(6)), regions)
    assert num_found > 100


def test_find_dense_text_equals_phonenumbers() -> None:
    for seed in range(300, 320):
        assert_same(dense_text(seed), REGIONS)


@pytest.mark.parametrize(
    "text",
    [
        "call 0xx11 5555 1234 or 0xxx11 5555-1234",
        "12 xxx 2125550123",
        "+0200 +02 12345678 +999 212 555 0123",
        "1 x12345671234567890 and 5 ext 123456789012345678902125550123",
        "2012-01-02 08:00 212-555-0123 3/10/2011 211-227 (2003)",
        "7int 68956444831 7 x 21255501234",
        "12" + " " * 45 + ", ext. 2125550123",
        "۰۹۱۲۱۲۳۴۵۶۷ \uff0b98 912 123 4567 ２１２ ５５５ ０１２３",
        "1" * 20 + "2125550123 " + "2 " * 30 + "212 555 0123",
        "(212) 555-0123 (212) 555-0124/332-445-1234. 650 253 0000 x 1 2125550123",
        "a2125550123 2125550123b $2125550123 2125550123% ж2125550123ж",
        "2125550123\u0301 \U0001e4f52125550123\U0001e4f5",
    ],
)
def test_find_odd_spelling_equals_phonenumbers(text: str) -> None:
    assert_same(text, REGIONS)


def test_find_very_many_runs_of_digits_is_left_to_phonenumbers() -> None:
    text = "1 x " * 40_000 + "212 555 0123"
    assert expected(text, ("US",)) == set()  # it has given up
    assert scan(("US",)).find(text, narrow(text)) is None


def test_find_long_log_equals_phonenumbers() -> None:
    text = "".join(f"[{line % 24:02}:{line % 60:02}] word {line}\n" for line in range(3_000)) + "call 212 555 0123\n"
    assert_same(text, ("US", "DE"))


def test_mask_random_digits_refuses_no_number() -> None:
    from phonenumbers import Leniency, NumberParseException, parse
    from phonenumbers.phonenumbermatcher import _verify

    regions = (*REGIONS, *OTHERS)
    plans, pick = NumberingPlans(regions), random.Random(1)
    num_valid = 0
    for _ in range(1_500):
        prefix = pick.choice(("", "", "0", "00", "011", "1", "49", "0044"))
        digits = prefix + "".join(pick.choices("0123456789", k=pick.randrange(3, 14)))
        mask = plans.mask(digits)
        for index, region in enumerate(regions):
            try:
                is_number = _verify(Leniency.VALID, parse(digits, region, keep_raw_input=True), digits, None)
            except NumberParseException:
                continue
            num_valid += is_number
            assert mask >> index & 1 or not is_number, (digits, region)
    assert num_valid > 300
