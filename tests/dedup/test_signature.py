"""Signatures against datasketch itself and a plain-Python reading of tokens.py and shingles.py."""

from __future__ import annotations

import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.dedup import shingles, signature
from curation.dedup.config import Config
from curation.dedup.tokens import BASE, PIECE_CHARS
from curation.stage import Place

MASK = (1 << 64) - 1
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "MYANMAR", "KHMER")


def fmix64(value: int) -> int:
    value = ((value ^ (value >> 33)) * 0xFF51AFD7ED558CCD) & MASK
    value = ((value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53) & MASK
    return value ^ (value >> 33)


def plain_tokens(text: str, is_code: bool) -> list[tuple[str, bool]]:
    """(token, whether it is a single character by rule) of English, Russian, Chinese and Thai test texts."""
    found: list[tuple[str, bool]] = []
    word = ""
    for char in text if is_code else text.lower().replace("ё", "е"):
        category = unicodedata.category(char)
        alone = unicodedata.name(char, "").startswith(UNSPACED) and category[0] in "LNM"
        if not alone and (category[0] in "LNM" or (is_code and char == "_")):
            word += char
            continue
        if word:
            found.append((word, False))
        word = ""
        if alone or (is_code and category[0] in "PS"):
            found.append((char, True))
    return [*found, (word, False)] if word else found


def plain_hash(tokens: tuple[tuple[str, bool], ...]) -> int:
    """What our hash function gives a shingle: a hashfunc for datasketch."""
    total = 0
    for token, alone in tokens:
        points = [ord(char) | (alone << 31) for char in token]
        value = fmix64(sum(point * pow(BASE, place, 1 << 64) for place, point in enumerate(points)) & MASK)
        total = (total * 0xD6E8FEB86659FD93 + value) & MASK
    return fmix64(total) >> 32


def datasketch_of(text: str, is_code: bool, ngram: int = 5, num_perm: int = 128) -> np.ndarray:
    words = plain_tokens(text, is_code)
    sketch = MinHash(num_perm=num_perm, hashfunc=plain_hash)
    sketch.update_batch([tuple(words[place : place + ngram]) for place in range(len(words) - ngram + 1)])
    return sketch.hashvalues


ENGLISH = "It was the best of times, it was the worst of times; it was the age of wisdom... isn't it? " * 3
TEXTS = {
    "english": ENGLISH,
    "russian": "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему. Ёлка.",
    "chinese": "学而时习之，不亦说乎？有朋自远方来，不亦乐乎？ 2024 年 test mixed 文字",
    "thai": "สวัสดีครับ ภาษาไทยไม่มีช่องว่างระหว่างคำ",
    "one long run": "a" * 300 + " b c d e f",
}


@pytest.mark.parametrize("name", TEXTS)
def test_signature_of_a_text_equals_datasketch_with_our_hash(name: str) -> None:
    signed = signature.sign([TEXTS[name]], Config(), is_code=False)
    assert (signed.signatures[0] == datasketch_of(TEXTS[name], is_code=False)).all()


def test_signature_of_code_counts_operators_and_case() -> None:
    source = "def f(self, X):\n    return self.x[0] != X_1 + 2\n"
    signed = signature.sign([source, source.lower(), source.replace("!=", "==")], Config(), is_code=True)
    assert (signed.signatures[0] == datasketch_of(source, is_code=True)).all()
    assert len({row.tobytes() for row in signed.signatures}) == 3


@pytest.mark.parametrize("num_perm, ngram", [(64, 3), (256, 8)])
def test_signature_with_other_settings_equals_datasketch(num_perm: int, ngram: int) -> None:
    signed = signature.sign([ENGLISH], Config(num_perm=num_perm, ngram=ngram), is_code=False)
    assert (signed.signatures[0] == datasketch_of(ENGLISH, False, ngram, num_perm)).all()


def test_signature_of_a_text_of_many_pieces_equals_datasketch() -> None:
    text = " ".join(f"w{number * number % 7919}" for number in range(PIECE_CHARS // 2))
    signed = signature.sign([text], Config(), is_code=False)
    assert len(text) > 2 * PIECE_CHARS
    assert (signed.signatures[0] == datasketch_of(text, is_code=False)).all()
    assert signed.num_shingles[0] == len(shingles.shingle_set(text, 5, False))
    grams = shingles.gram_set(text)
    assert set(signed.ngrams) == set(grams[grams < shingles.GRAM_BOUND])


@given(st.lists(st.text(max_size=60), max_size=12), st.booleans())
@settings(max_examples=80, deadline=None)
def test_signature_does_not_depend_on_the_neighbours_in_a_batch(texts: list[str], is_code: bool) -> None:
    together = signature.sign(texts, Config(), is_code)
    start = 0
    for row, text in enumerate(texts):
        alone = signature.sign([text], Config(), is_code)
        assert (alone.signatures[0] == together.signatures[row]).all()
        assert alone.num_shingles[0] == together.num_shingles[row] == len(shingles.shingle_set(text, 5, is_code))
        assert list(alone.ngrams) == list(together.ngrams[start : start + together.num_ngrams[row]])
        start += int(together.num_ngrams[row])


@pytest.mark.parametrize("text", ["", "   \n", "!!!", "\ud800", "\x00", "a", "é" * 7, "\u00ad\u200d"])
def test_signature_of_odd_strings_is_some_signature(text: str) -> None:
    signed = signature.sign([text, "x"], Config(), is_code=False)
    assert signed.signatures.shape == (2, 128)
    assert (signed.num_shingles[0] == 0) == (not any(char.isalnum() for char in text))


def test_signature_ignores_what_differs_between_editions() -> None:
    plain = "Call me Ishmael, some years ago never mind how long precisely"
    edition = "CALL me _Ishmael_; some years ago\u2014never mind how long pre\u00adcisely!"
    one, two = signature.sign([plain, edition], Config(), is_code=False).signatures
    assert (one == two).all()


def test_stage_signs_the_view_where_there_is_one() -> None:
    stage = signature.build(Config(), Place("mail", "chat"))
    text, view = "write to anna at home about the boat", "write to NAME at home about the boat"
    columns = {"id": ["1", "2", "3"], "text": [text, view, text], "view": pa.array([view, None, None], pa.string())}
    kept = stage(pa.RecordBatch.from_pydict(columns)).kept
    first, second, third = kept["signature"].to_pylist()
    assert first == second != third
    assert np.array_equal(np.frombuffer(third, "<u4"), datasketch_of(text, is_code=False))
    assert kept["num_shingles"].to_pylist() == [4, 4, 4]
    assert [len(grams) for grams in kept["ngrams"].to_pylist()] == [1, 1, 1]


def test_stage_takes_an_empty_batch() -> None:
    stage = signature.build(Config(), Place("books", "books"))
    kept = stage(pa.RecordBatch.from_pydict({"text": pa.array([], pa.string())})).kept
    assert kept.num_rows == 0 and kept.schema.names == ["text", "signature", "num_shingles", "ngrams"]
