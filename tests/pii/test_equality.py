"""The fast analyzer against a stock AnalyzerEngine with the same recognizers: same types, places, scores, order."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from pathlib import Path

import pytest

from curation.pii.analysis import FastAnalyzer, stock_engine, stock_spans
from curation.pii.nlp import engine_of, word_engine
from curation.pii.registry import offline_email, recognizers
from tests.pii.generated import text

SHARED = Path(__file__).resolve().parents[3] / "shared"


def default_english():
    """Presidio's own default registry for English."""
    from presidio_analyzer import RecognizerRegistry

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    kept = [one for one in registry.recognizers if one.name not in ("SpacyRecognizer", "EmailRecognizer")]
    return [*kept, offline_email("en")]


@lru_cache
def pair(use_hyperscan: bool | None = None):
    active, engine = default_english(), word_engine("en")
    return FastAnalyzer(active, "en", engine, use_hyperscan), stock_engine(active, "en", engine)


def assert_equal(fast, stock, texts, language="en"):
    num_spans = 0
    for sample in texts:
        expected = stock_spans(stock, sample, language)
        assert fast.analyze(sample) == expected
        num_spans += len(expected)
    return num_spans


def test_analyze_generated_dense_text_equals_stock():
    assert assert_equal(*pair(), [text(seed) for seed in range(60)]) > 500


def test_analyze_without_automaton_equals_stock():
    assert assert_equal(*pair(use_hyperscan=False), [text(seed, 25) for seed in range(100, 112)]) > 50


@pytest.mark.parametrize("gap", range(0, 9))
def test_analyze_context_word_at_the_edge_of_the_window_equals_stock(gap):
    fast, stock = pair()
    near = [
        f"phone {'word ' * gap}212 555 0123",
        f"phone{chr(10) * 2}{'the ' * 40}{'word ' * gap}212 555 0123",
        f"{'x ' * 300}card: {'w ' * gap}4111111111111111",
    ]
    assert_equal(fast, stock, near)


@pytest.mark.parametrize(
    "sample",
    [
        "",
        " ",
        "\n\n 212 555 0123  ",
        "a:the 1 the the the the the the phone the 2125550123",
        "İ phone 2125550123 Σ",
        "😀 a@b.com 😀 call 2125550123",
        "1234 ext 5551234567 " * 3,
        "0" * 300 + " 2125550123",
        "a" * 3000 + "@b.com",
        "00:11:22:33:44:55:66 00-11-22-33-44-55",
        "see a\x1cb@c.com \x1dhttp://a.com/x\x1ey.org z",
        "e\u0301@b.com \u0301x@b.com \u212aa@b.com 4\u0661111111111111111 \U0001e4f5\U0001e4f52125550123",
    ],
)
def test_analyze_odd_text_equals_stock(sample):
    assert_equal(*pair(), [sample])


@pytest.mark.parametrize("language", ["pl", "ru", "fa", "en", "xx"])
def test_analyze_own_recognizers_equal_stock(language):
    active, engine = recognizers(language), word_engine(language)
    fast, stock = FastAnalyzer(active, language, engine), stock_engine(active, language, engine)
    samples = [
        text(seed, 40) + " PESEL 44051401359 токен паспорт 4504 123456 کد ملی 0499370899 password: hunter2abc"
        for seed in range(8)
    ]
    assert assert_equal(fast, stock, samples, language) > 30


def test_analyze_recognizers_that_a_user_adds_equal_stock():
    from presidio_analyzer import AnalysisExplanation, EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult

    class Shouting(EntityRecognizer):
        def load(self):
            """Nothing to load."""

        def analyze(self, text, entities, nlp_artifacts):
            why = AnalysisExplanation("Shouting", 0.2)
            words = [token for token in nlp_artifacts.tokens if token.text == "IBAN"]
            return [RecognizerResult("SHOUT", word.idx, word.idx + len(word), 0.2, why) for word in words]

    added = [
        PatternRecognizer(
            "ROOM",
            patterns=[Pattern("room", r"(?<=room )\d{1,3}(?!\d)", 0.3), Pattern("any", r"r\w*\s+\d+", 0.1)],
            context=["link"],
        ),
        PatternRecognizer("WORDS", deny_list=["visa", "my IBAN", "(see)"], context=["card"]),
        PatternRecognizer("LINE", patterns=[Pattern("line", r"^\W*the.*?$", 0.4)]),
        PatternRecognizer("FUZZY", patterns=[Pattern("only the regex module", r"(?:phone){e<=1}", 0.4)]),
        Shouting(supported_entities=["SHOUT"], context=["bank"]),
    ]
    engine = word_engine("en")
    fast, stock = FastAnalyzer(added, "en", engine), stock_engine(added, "en", engine)
    samples = [text(seed) + f" room {seed} my IBAN" for seed in range(200, 212)]
    assert assert_equal(fast, stock, samples) > 100


def test_analyze_on_a_pipeline_without_lemmas_equals_stock():
    import spacy

    active, engine = recognizers("en"), engine_of({"en": spacy.blank("en")})
    fast, stock = FastAnalyzer(active, "en", engine), stock_engine(active, "en", engine)
    assert_equal(fast, stock, [text(seed, 30) for seed in range(300, 306)])


def labelled_texts():
    for path in sorted((SHARED / "labelled" / "pii").glob("*.jsonl*")):
        data = path.read_bytes()
        for line in (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()[::12]:
            yield json.loads(line)["text"][:3000]


@pytest.mark.skipif(not (SHARED / "labelled" / "pii").is_dir(), reason="no labelled sets beside the repository")
def test_analyze_labelled_sets_equal_stock():
    fast, stock = pair()
    differing = [sample for sample in labelled_texts() if fast.analyze(sample) != stock_spans(stock, sample, "en")]
    assert len(differing) == 0, "texts are not shown here"
