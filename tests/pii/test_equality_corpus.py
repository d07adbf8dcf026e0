"""The fast analyzer against stock on real documents: Presidio's registry in English, ours in every language of the corpus."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from benchmarks.pii import documents
from curation.pii.analysis import FastAnalyzer, stock_engine
from curation.pii.nlp import word_engine
from curation.pii.registry import recognizers
from tests.pii.test_equality import assert_equal, pair

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CORPUS.is_dir(), reason="no dumps beside the repository")]
BYTES = {"books": 300_000, "wiki": 300_000, "chat": 150_000, "mail": 150_000, "code": 150_000, "entities": 40_000}


@lru_cache
def texts(group: str) -> list[str]:
    return list(documents(CORPUS, group, BYTES[group]))


@pytest.mark.parametrize("group", BYTES)
@pytest.mark.parametrize("use_hyperscan", [None, False])
def test_analyze_corpus_equals_stock(group: str, use_hyperscan: bool | None) -> None:
    assert_equal(*pair(use_hyperscan), texts(group) if use_hyperscan is None else texts(group)[:4])


@pytest.mark.parametrize("language", ["en", "pl", "ru", "fa", "de", "fr", "es", "uk", "xx"])
def test_analyze_corpus_with_our_recognizers_equals_stock(language: str) -> None:
    active, engine = recognizers(language), word_engine(language)
    fast, stock = FastAnalyzer(active, language, engine), stock_engine(active, language, engine)
    for group in ("books", "wiki", "chat", "mail"):
        assert_equal(fast, stock, texts(group)[:6], language)
