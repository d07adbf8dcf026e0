"""Hyphens at line ends: those of broken words go, those of compounds stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.material import prose, read_one, texts, wrapped


def test_books_hyphens_at_line_ends_are_mended_by_the_texts_own_words(tmp_path: Path) -> None:
    text = (
        wrapped(prose(200))
        + "\n\nThe light of the harbour shone over the well-known water, a har-\nbour master said, and the whole of the "
        "well-\nknown crew went home along the quay to sleep.\n\n" + wrapped(prose(200, 4))
    )
    (joined,) = texts(read_one("books", tmp_path, "a.txt", text))
    assert "a harbour master said" in joined
    assert "the well-known crew" in joined


@pytest.mark.parametrize(
    ("others", "broken", "mended"),
    [
        ("a narrow-hearted man", "a narrow-\nminded crew", "a narrow-minded crew"),
        ("a strong-minded man", "a narrow-\nminded crew", "a narrow-minded crew"),
        ("no such word", "a pro-\ncessing plant", "a processing plant"),
        ("they re-enter it", "re-\nplenished the water", "replenished the water"),
        ("no such word", "five-and-\ntwenty boats", "five-and-twenty boats"),
        ("no such word", "Vor-\nund Nachteile", "Vor- und Nachteile"),
    ],
)
def test_books_compounds_broken_at_their_hyphen_keep_it(tmp_path: Path, others: str, broken: str, mended: str) -> None:
    passage = f"Here is {others} in a line of its own, and then the harbour\nsaw {broken} again."
    text = f"{wrapped(prose(200))}\n\n{passage}\n\n{wrapped(prose(200, 4))}"
    (joined,) = texts(read_one("books", tmp_path, "a.txt", text))
    assert mended in joined
