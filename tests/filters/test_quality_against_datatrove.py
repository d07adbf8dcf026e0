"""Our scores and rules against datatrove's own filters, on equal words: the same decision on every document."""

from __future__ import annotations

import gzip
import random

import pyarrow as pa
import pytest
from datatrove.data import Document
from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
from datatrove.pipeline.filters.base_filter import get_filter_result
from datatrove.utils.text import PUNCTUATION_SET, split_into_sentences, split_into_words
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.filters.quality import Config, judge
from curation.filters.quality.characters import SYMBOL, TERMINAL, table
from curation.filters.quality.statistics import statistics
from curation.filters.quality.words import given as given_words
from curation.stage import Place

PAIRS = {
    "gopher_quality": GopherQualityFilter,
    "gopher_repetition": GopherRepetitionFilter,
    "c4": C4QualityFilter,
    "fineweb": FineWebQualityFilter,
}


def theirs(name: str, texts: list[str]) -> list[str | None]:
    judged = PAIRS[name]()
    results = [get_filter_result(judged.filter(Document(text=text, id="0"))) for text in texts]
    return [None if is_kept else reason for is_kept, reason in results]


def ours(name: str, texts: list[str]) -> list[str | None]:
    batch = statistics(
        texts,
        ["en"] * len(texts),
        split_words=lambda group: given_words([split_into_words(text) for text in group]),
        count_sentences=lambda line: len(split_into_sentences(line)),
    )
    batch = batch.append_column("lang", pa.array(["en"] * len(texts)))
    return judge(batch, Config(web=(name,)), Place("s", "web")).reason.to_pylist()


def made_texts(number: int) -> list[str]:
    """Documents around every limit: repeated words, lines and paragraphs, lists, ellipses, braces, policies."""
    chance = random.Random(7)
    phrases = ["the cat sat with the dog", "and that is all I have", "- item", "• point", "wait...", "#tag", "so… on…", "1 2 3 4",
               "Lorem ipsum dolor sit", "function() { return }", "please read our privacy policy.", "javascript is needed.", "A",
               "It was the best of times. It was the worst of times.", "He said \"go.\" Then he went away from here.", "x" * 1001,
               "[edit] see this here.[1]", "unbelievably extraordinary characteristically"]  # fmt: skip
    texts = []
    for _ in range(number):
        pool = chance.sample(phrases, chance.randint(1, len(phrases)))
        breaks = chance.choice([["\n"], ["\n\n"], [" "], ["\n", "\n\n", " ", "\u2028", "\r\n"]])
        words = [
            chance.choice(pool) if chance.random() < 0.6 else f"word{chance.randint(0, 300)} with."
            for _ in range(chance.randint(1, 90))
        ]
        texts.append("".join(word + chance.choice(breaks) for word in words))
    return texts


@pytest.mark.parametrize("name", PAIRS)
def test_decision_on_made_documents_equals_datatroves(name):
    texts = made_texts(400)
    expected = theirs(name, texts)
    assert ours(name, texts) == expected
    assert {None} < set(expected)  # both verdicts occur


@pytest.mark.parametrize("name", PAIRS)
def test_decision_on_real_prose_equals_datatroves(name, corpus):
    book = gzip.decompress((corpus / "books" / "en" / "moby10b.txt.gz").read_bytes()).decode("latin-1")[:300_000]
    texts = [book[start : start + size] for size in (300, 3000) for start in range(0, 150_000, 3 * size)]
    assert ours(name, texts) == theirs(name, texts)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ab .\n-…#{", min_size=1, max_size=400).filter(str.strip), min_size=1, max_size=4))
def test_repetition_of_any_text_equals_datatroves(texts):
    assert ours("gopher_repetition", texts) == theirs("gopher_repetition", texts)


def test_symbols_are_datatroves_punctuation():
    flagged = {chr(code) for code in (table() & SYMBOL).nonzero()[0]}
    assert flagged == PUNCTUATION_SET and set(TERMINAL) <= PUNCTUATION_SET
