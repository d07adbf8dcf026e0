"""Our word split against datatrove's on what punctuation does not end."""

from __future__ import annotations

import numpy as np
import pytest
from datatrove.utils.text import split_into_words

from curation.filters.quality.exceptions import FACES
from curation.filters.quality.words import given, split

ADDRESSES = ["www.example.org/a-b/c", "example.com/~ada/x-y?z=1-2", "ada.b-c@example.org", "sub.domain-name.example.net:8080/p-q"]
WHOLE = [*ADDRESSES, *(f"({address})" for address in ADDRESSES), *(f"see {address}, then" for address in ADDRESSES)]
DASHES = ["one —— two", "———————", "end––", "–", "a--b", "word—word"]


@pytest.mark.parametrize("text", [*WHOLE, *sorted(FACES), "nice :) really :(", *DASHES])
def test_words_are_datatroves(text: str) -> None:
    ours, theirs = split([text]), given([split_into_words(text)])
    assert np.array_equal(ours.hashes, theirs.hashes)


@pytest.mark.parametrize("text", ["either/or.Then", "well-known.Thus", "3.5/4-2"])
def test_what_only_looks_like_an_address_is_split(text: str) -> None:
    assert len(split([text])) == len(split_into_words(text))
