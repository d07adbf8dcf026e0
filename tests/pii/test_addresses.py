"""Postal addresses by layout and by words for streets, and what looks like one and is none."""

from __future__ import annotations

import pytest

from curation.pii import Config, build
from curation.stage import Place

FOUND = [
    ("en", "Send it to 1200 Fern Hollow Road, Apt. 4, please", "<STREET_ADDRESS>, please"),
    ("en", "I moved, 77 Long Meadow Suite 300\nRiverbend, OH 44099 is new", "77 Long"),
    ("en", "at 9 Elder Grove, Springtown, IL 62799 since May", "62799"),
    ("en", "visit Lindenallee 14, 10999 Neustadt on Monday", "Lindenallee"),
    ("en", "we live in Rua das Acacias 71, come over", "Acacias"),
    ("en", "the shop is at Kastanienweg 5b now", "Kastanienweg"),
    ("en", "P.O. Box 4417, Anytown", "4417"),
    ("en", "PSC 1234, Box 5678\nAPO AE 09999", "5678"),
    ("en", "USS Example\nFPO AP 96999", "96999"),
    ("en", "She lives at 12 Corn Close", "Corn"),
    ("en", "Dear all,\n\n12 Mill Bank\nGreat Oakley\nNorthland 30401\n", "Mill Bank"),
    ("de", "Postfach 10 sowie Musterweg 5\n12345 Musterstadt", "Musterweg"),
    ("pl", "mieszkam: Polna 7/3, 00-950 Warszawa", "Polna"),
    ("ru", "пишите на а/я 55", "55"),
    ("fr", "au 12, Rue de la Paix 18, merci", "Paix"),
]
LEFT = [
    "On May 5, 2012 Berlin was sunny",
    "In June 2010, 12345 People came",
    "See Chapter 12, 10999 Words",
    "Windows 10, 12345 Users",
    "The Room 12 key, Floor 3 and Unit 4 of the course",
    "Suite No. 3 in D major, the Nutcracker Suite 71",
    "Rue 1848 and Via 2015",
    "3 Samsung Galaxy 10 and 4 Nokia",
    "Version 3 Release 12",
    "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6",
    "Apollo 11, 1969 Moon",
    "meet me at 5 PM Monday",
    "Table 4 Results of Unit 12",
    "Half a league, half a league,\nAll in the valley of Death\nRode the six hundred.",
    "Matthew 5, 12345 Luke 6",
]


@pytest.mark.parametrize(("language", "text", "gone"), FOUND)
def test_address_in_a_customary_layout_is_replaced(language: str, text: str, gone: str) -> None:
    scrubbed = build(Config(), Place("s", "chat")).text(text, language).text
    assert "<STREET_ADDRESS>" in scrubbed
    assert gone not in scrubbed or gone.startswith("<")


@pytest.mark.parametrize("text", LEFT)
def test_address_near_miss_stays(text: str) -> None:
    assert build(Config(), Place("s", "chat")).text(text, "en").text == text


@pytest.mark.parametrize("kind", ["books", "wiki", "code", "papers"])
def test_address_of_a_public_place_stays_where_the_policy_says_so(kind: str) -> None:
    text = "He lived at 9 Elder Grove, Springtown, IL 62799."
    assert build(Config(), Place("s", kind)).text(text, "en").text == text
