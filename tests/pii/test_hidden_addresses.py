"""Mail addresses written with "at": found where addresses stand, not wherever somebody is at a place."""

import pytest

from curation.pii import Config, build
from curation.stage import Place

HIDDEN = [
    "Jane Penrose <jpenrose at stat.zawietrzna.edu> wrote",
    "jpenrose at stat.zawietrzna.edu\n",
    "E-mail: penrose at zawietrzna.org, and",
    "jane.penrose at zawietrzna.org is mine",
    "jane [at] zawietrzna [dot] org",
    "jane (at) zawietrzna.org",
    "jane dot penrose at zawietrzna dot org",
    "(jpenrose at zawietrzna.co.uk)",
]
PLACES = [
    "look at zawietrzna.org for more",
    "we met at 10.30 at home",
    "arrived at St. Petersburg",
    "the file is at version 2.4.1",
    "errors at main.py and at line 3",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_mail_address_written_with_at_is_found(text):
    scrubbed = build(Config(), Place("s", "web")).text(text, "en").text
    assert "<EMAIL_ADDRESS>" in scrubbed and "zawietrzna" not in scrubbed


@pytest.mark.parametrize("text", PLACES)
def test_mail_address_where_somebody_is_at_a_place_is_none(text):
    assert build(Config(), Place("s", "web")).text(text, "en").text == text
