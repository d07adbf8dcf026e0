"""Differing passages of a copy and its keeper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.dedup.difference import MAX_LINES, Passage, passages


def test_passages_of_an_edited_copy_are_what_was_edited() -> None:
    kept = "It was a bright cold day in April and the clocks were striking thirteen."
    dropped = "It was a bright  warm day in April, and the clocks\nwere striking thirteen. The end"
    assert list(passages(kept, dropped)) == [Passage("cold", "warm"), Passage("April", "April,"), Passage("", "The end")]


def test_passages_of_long_texts_are_lines() -> None:
    lines = [f"line {number} of a long text" for number in range(2000)]
    assert list(passages("\n".join(lines), "\n\n".join([*lines[:700], "inserted", *lines[701:]]))) == [
        Passage(lines[700], "inserted")
    ]


@given(st.text(max_size=50))
def test_passages_of_equal_texts_are_none(text: str) -> None:
    assert not list(passages(text, " " + text + "\n"))


def test_passages_of_one_endless_difference_are_one() -> None:
    same = [f"line {number}" for number in range(100)]
    ours, theirs = ([f"{side} {number}" for number in range(MAX_LINES + 1)] for side in ("a", "b"))
    found = list(passages("\n".join([*same, *ours, *same]), "\n".join([*same, *theirs, *same])))
    assert found == [Passage("\n".join(ours), "\n".join(theirs))]


@pytest.mark.parametrize("text", ["人人生而自由，在尊严和权利上一律平等。" * 3, "ทุกคนเกิดมามีอิสระและเท่าเทียมกัน" * 3])
def test_passages_of_scripts_without_spaces_are_characters(text: str) -> None:
    assert list(passages(text, text[:20] + "天地" + text[22:])) == [(text[20:22], "天地")]
