"""Our splitting into tokens against spaCy's tokenizer, in the languages whose rules differ most."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.pii.nlp import OWN_TOKENIZER, Pieces, blank, word_engine
from curation.pii.splitting import Splitter
from tests.pii.generated import text as dense_text

LANGUAGES = ("en", "pl", "ru", "fa", "de", "fr", "es", "it", "tr", "xx")
PARTS = (
    *("don't", "U.S.", "a.m.", ":)", ":-(", "8)", "e.g.", "10km", "$5", "3,4", "it's", "O'Neil", "C++", "...", "…", "--", "—"),
    *("'", '"', "(see", "[1]", "<a@b.com>", "http://a.org/b?c=d", "www.x.pl.", "x:y", "to:2", "Re:", "A-b", "a/b", "1.5"),
    *("z.B.", "d.h.", "l'eau", "qu'il", "tys.", "г.", "т.е.", "и/или", "می‌روم", "۱۲٫۵", "،", "٪", "%", "€", "°C.", "km²"),
    *("naïve", "żółw-y", "x!", "?!", "#a_b", "_", "😀"),
)


def joined(parts: list[str]) -> str:
    return "".join("".join(parts).split())


STRETCHES = st.lists(st.sampled_from(PARTS) | st.text(max_size=4), min_size=1, max_size=5).map(joined)


@lru_cache
def pair(language: str) -> tuple[Any, Splitter]:
    tokenizer: Any = blank(language).tokenizer
    return tokenizer, Splitter(tokenizer)


def assert_same(language: str, stretch: str) -> bool:
    tokenizer, splitter = pair(language)
    ours = splitter.tokens(stretch)
    assert ours is None or ours == [token.text for token in tokenizer(stretch)], stretch
    return ours is not None


@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None)  # the first example of a language builds its tokenizer
@given(stretch=STRETCHES)
def test_tokens_any_stretch_equal_spacy(language: str, stretch: str) -> None:
    assert_same(language, stretch)


@pytest.mark.parametrize("language", LANGUAGES)
def test_tokens_special_cases_and_what_touches_them_equal_spacy(language: str) -> None:
    tokenizer, pick = pair(language)[0], random.Random(language)
    rules = sorted(tokenizer.rules)
    for rule in rules[:: 1 + len(rules) // 400]:  # French has 16,000
        for stretch in (rule, f"({rule}),", f"{rule}{pick.choice(PARTS)}", f"{pick.choice(PARTS)}{rule}", f"x-{rule}/y"):
            assert_same(language, "".join(stretch.split()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_tokens_dense_text_equal_spacy_and_rarely_need_it(language: str) -> None:
    stretches = {stretch for seed in range(400, 406) for stretch in dense_text(seed).split()}
    assert sum(assert_same(language, stretch) for stretch in stretches) > 0.8 * len(stretches)


@pytest.mark.parametrize("language", sorted(OWN_TOKENIZER | {"xx"}))
def test_tokens_latin_letters_or_digits_alone_equal_spacy(language: str) -> None:
    pick = random.Random(language)
    units = (
        "km",
        "kg",
        "GB",
        "USD",
        "CHF",
        "kr",
        "zl",
        "h",
        "am",
        "PM",
        "st",
        "nd",
        "dont",
        "cant",
        "im",
        "qu",
        "www",
        "com",
        "http",
    )
    for _ in range(3_000):
        size = pick.randrange(1, 9)
        letters = "".join(pick.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", k=size))
        for stretch in (
            letters,
            pick.choice(units) + letters,
            letters + pick.choice(units),
            f"{pick.choice(units)}{pick.choice(units)}",
        ):
            assert_same(language, stretch)
        assert_same(language, "".join(pick.choices("0123456789", k=size)))


@pytest.mark.parametrize("language", sorted(OWN_TOKENIZER | {"xx"}))
def test_keyword_plain_word_is_what_spacy_says(language: str) -> None:
    pieces = Pieces(word_engine(language), language)
    words = {*pieces.stop_words, "be", "BE", "Be", "42", "x", "tel", *map(str.upper, pieces.stop_words)}
    for word in words:
        expected = not pieces._is_stop(word) and not pieces._is_punct(word) and word not in ("-PRON-", "be")
        assert pieces.is_keyword(word) == expected, word
