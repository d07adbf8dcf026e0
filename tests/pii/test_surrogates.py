"""Surrogates: shaped like the value, nobody's, told by number and not by value; scrubbing twice changes nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.pii import Config, build
from curation.pii.surrogates import is_reserved, surrogate
from curation.stage import Place
from tests.pii.generated import text

VALUES = {
    "EMAIL_ADDRESS": "jan.kowalski@poczta.onet.pl",
    "IP_ADDRESS": "83.12.44.201",
    "MAC_ADDRESS": "3c:22:fb:10:9a:e1",
    "PHONE_NUMBER": "+48 601 234 567",
    "CREDIT_CARD": "4111 1111 1111 1111",
    "IBAN_CODE": "DE89 3704 0044 0532 0130 00",
    "PL_PESEL": "44051401359",
    "US_SSN": "536-22-8726",
    "API_KEY": "AKIAQWERTYUIOPASDFGH",
    "URL_CREDENTIALS": "https://bob:hunter2x@db.corp.pl",
    "PERSON": "Jan",
}


@pytest.mark.parametrize("entity", sorted(VALUES))
@given(n=st.integers(1, 20_000), seed=st.integers(0, 1 << 40))
@settings(max_examples=25, deadline=None)
def test_surrogate_of_any_number_is_reserved(entity, n, seed):
    made = surrogate(entity, n, VALUES[entity], seed)
    assert is_reserved(entity, made)
    assert made != VALUES[entity]


@pytest.mark.parametrize("entity", sorted(set(VALUES) - {"API_KEY", "URL_CREDENTIALS"}))
def test_surrogate_of_other_numbers_is_another(entity):
    assert len({surrogate(entity, n, VALUES[entity], 7) for n in range(1, 200)}) == 199


def test_surrogate_same_shape_of_another_value_is_the_same():
    assert surrogate("PHONE_NUMBER", 3, "+48 601 234 567", 1) == surrogate("PHONE_NUMBER", 3, "+48 799 888 111", 1)


@pytest.mark.parametrize("replace", ["placeholder", "surrogate"])
@pytest.mark.parametrize("language", ["en", "pl"])
def test_scrub_twice_changes_nothing(replace, language):
    scrub = build(Config(replace=replace), Place("s", "chat"))
    for seed in range(25):
        once = scrub.text(text(seed) + " ".join(VALUES.values()), language, ("Jan", "Ann Lee")).text
        assert scrub.text(once, language, ("Jan", "Ann Lee")).text == once


def test_scrub_persian_digits_are_read():
    scrub = build(Config(), Place("s", "web"))
    card = "6037991234567893".translate({48 + digit: 0x6F0 + digit for digit in range(10)})
    assert scrub.text(f"کارت {card}", "fa").text.startswith("کارت <")
