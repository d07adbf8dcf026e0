"""Numbers that a word beside them makes a telephone number or a card, and numbers that a word makes something else."""

import pytest

from curation.pii import Config, build
from curation.stage import Place

NUMBERS = [
    ("en", "Phone:\n12-34-56-78\nE-mail"),
    ("en", "please call me on 123 4567 tomorrow"),
    ("en", "they do not answer at 12 345 679"),
    ("en", "Mobile no.: (012) 345-678"),
    ("en", "123 45 67 fax"),
    ("en", "Desk: 4321 8765"),
    ("en", "reach us at 0123/456-789 ext. 12"),
    ("pl", "tel. kom.: 601 234 567"),
    ("pl", "zadzwoń do mnie na 22 345 67 89"),
    ("ru", "тел.: 8 (495) 123-45-67"),
    ("ru", "позвони мне по 234-56-78"),
    ("de", "Telefon 030/1234567"),
    ("fr", "tél. 01 23 45 67 89"),
    ("es", "Tfno: 91 234 56 78"),
    ("fa", "تلفن: ۰۲۱ ۲۲۳۳ ۴۴۵۵"),
]
OTHERS = [
    "my card number 123 456 789",
    "Order no. 601 234 567 of May",
    "IBAN XX12 3456 7890 1234 5678 90",
    "call on 12-05-2021 or 13.05.2021",
    "to answer at 1914-1918 the question",
    "dial in to 10.20.30.40",
    "a phone in 100 000 000 homes",
    "mobile 7.1.2, Windows Phone 10.0.15063",
    "accounts: 600 700 800",
    "call 1234",
    "Invoice #601-234-567",
]


@pytest.mark.parametrize(("language", "text"), NUMBERS)
def test_phone_number_beside_a_word_for_it_is_found(language, text):
    assert "<PHONE_NUMBER>" in build(Config(), Place("s", "chat")).text(text, language).text


@pytest.mark.parametrize("text", OTHERS)
def test_phone_number_beside_another_word_is_none(text):
    assert "<PHONE_NUMBER>" not in build(Config(), Place("s", "chat")).text(text, "en").text


def test_phone_numbers_side_by_side_are_both_found():
    scrubbed = build(Config(), Place("s", "chat")).text("212-555-2368 646-555-2368", "en").text
    assert scrubbed == "<PHONE_NUMBER> <PHONE_NUMBER>"


def test_credit_card_of_other_issuers_needs_a_word_and_its_check_digit():
    scrub = build(Config(), Place("s", "web"))
    assert scrub.text("my card 501234567896 please", "en").text.count("<CREDIT_CARD>") == 1
    assert "<CREDIT_CARD>" not in scrub.text("my card 501234567893 please", "en").text
    assert "<CREDIT_CARD>" not in scrub.text("the total 501234567896 please", "en").text


def test_iban_in_lower_case_is_found():
    assert build(Config(), Place("s", "web")).text("iban gb82west12345698765432", "en").text == "iban <IBAN_CODE>"


@pytest.mark.parametrize(
    "text",
    [
        "SS <- 33.1350000   43.4166667 189.2816667   8.4016667",
        "trt2   1.1180123 0.5559812   2.0110 0.0443",
        "the phone 16.3499984741211, 15.8625001907349",
        "fitted 0.2125551234 and 0.2125554321",
    ],
)
def test_phone_number_in_a_table_of_fractions_is_none(text):
    assert build(Config(), Place("s", "chat")).text(text, "en").text == text


@pytest.mark.parametrize(
    "text", ["a non-llvm application A123456 may do", "because of use 123456789 there", "save 123456789012345"]
)
def test_guess_with_a_word_of_context_inside_another_word_is_none(text):
    assert build(Config(), Place("s", "chat")).text(text, "en").text == text


def test_handle_in_the_address_of_a_post_is_found():
    assert "omgstorks" not in build(Config(), Place("s", "chat")).text("https://twitter.com/omgstorks/status/123", "en").text


def test_handle_word_of_a_sites_own_is_none():
    text = "https://twitter.com/hashtag/rain and https://facebook.com/groups/1"
    assert build(Config(), Place("s", "chat")).text(text, "en").text == text
