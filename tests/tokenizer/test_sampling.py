"""The sample: train only, within its budget, weighed, the same however the documents are spread over segments."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from curation.engine import Engine
from curation.segment import Segment
from curation.tokenizer import CARD, train_step
from curation.tokenizers.config import TokenizerConfig
from curation.tokenizers.sampling import PASSAGE_CHARS, passages, rates, read_sample, sample
from tests.shards.segments import write_segment

KB = 1000


def total(taken: dict[tuple[str, str], Any], sizes: dict[tuple[str, str], int], name: str) -> float:
    return sum(getattr(rate, name) * sizes[key] for key, rate in taken.items())


def test_rates_stay_within_both_budgets_and_take_all_where_there_is_little() -> None:
    sizes = {("a", "en"): 900 * KB, ("b", "pl"): 50 * KB, ("b", "ru"): 10 * KB}
    config = TokenizerConfig(sample_bytes=300 * KB, card_bytes=30 * KB)
    taken = rates(sizes, config)
    assert total(taken, sizes, "train") == pytest.approx(300 * KB, rel=0.01)
    assert total(taken, sizes, "held_out") <= 30 * KB * 1.01
    everything = rates(sizes, TokenizerConfig(sample_bytes=10**9, card_bytes=10**9))
    assert all(rate.train + rate.held_out == pytest.approx(1, abs=0.01) for rate in everything.values())


def test_rates_temperature_lifts_the_small_language() -> None:
    sizes = {("a", "en"): 10_000 * KB, ("a", "pl"): 1_000 * KB}
    shares = []
    for temperature in (1.0, 2.0, 5.0):
        taken = rates(sizes, TokenizerConfig(sample_bytes=500 * KB, temperature=temperature))
        shares.append(taken["a", "pl"].train * sizes["a", "pl"] / total(taken, sizes, "train"))
    assert shares[0] == pytest.approx(1 / 11, rel=0.02)
    assert shares[1] == pytest.approx(1 / (1 + 10**0.5), rel=0.02)
    assert shares == sorted(shares)


def test_rates_weights_of_sources_and_languages_multiply() -> None:
    sizes = {("a", "en"): 1_000 * KB, ("b", "en"): 1_000 * KB, ("b", "pl"): 1_000 * KB}
    config = TokenizerConfig(sample_bytes=100 * KB, source_weights={"b": 2.0}, language_weights={"pl": 3.0})
    taken = rates(sizes, config)
    base = taken["a", "en"].train
    assert taken["b", "en"].train == pytest.approx(2 * base)
    assert taken["b", "pl"].train == pytest.approx(6 * base)


def test_passages_lose_nothing_and_none_is_longer_than_the_limit() -> None:
    chance = random.Random(2)
    text = "".join(chance.choice(["word ", "line\n", "żółw", "x" * 400]) for _ in range(4000))
    pieces = list(passages(text))
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= PASSAGE_CHARS


def documents(count: int) -> list[dict[str, Any]]:
    kinds = [{"split": "train"}, {"split": "eval"}, {"split": "train", "reason": "too_short"}]
    return [
        {
            "text": f"{number} " + "words of a document " * 20,
            "lang": "en" if number % 3 else "pl",
            **kinds[number % 5 if number % 5 < 3 else 0],
        }
        for number in range(count)
    ]


def sampled(
    folder: Path, groups: list[list[dict[str, Any]]], config: TokenizerConfig, workers: int = 1
) -> list[tuple[str, bool]]:
    segments = [write_segment(folder, f"s{number}", rows) for number, rows in enumerate(groups)]
    out = sample(segments, folder / "verdicts", config, Engine(folder / "work", workers=workers), folder / "sample")
    return sorted((row["text"], held_out) for held_out in (False, True) for row in read_sample(out, held_out))


def test_sample_sees_kept_train_documents_only_and_holds_some_out(tmp_path: Path) -> None:
    rows = documents(400)
    found = sampled(tmp_path, [rows], TokenizerConfig(sample_bytes=10**8, card_bytes=10**8))
    allowed = {row["text"] for row in rows if row["split"] == "train" and not row.get("reason")}
    assert {text for text, _ in found} <= allowed
    assert len(found) == len({text for text, _ in found})
    assert len(found) > 0.97 * len(allowed)
    assert 0 < sum(held_out for _, held_out in found) < 0.2 * len(found)


def test_sample_other_segments_and_workers_give_the_same_passages(tmp_path: Path) -> None:
    rows = documents(300)
    config = TokenizerConfig(sample_bytes=60 * KB, card_bytes=10 * KB)
    one = sampled(tmp_path / "one", [rows], config)
    shuffled = random.Random(4).sample(rows, len(rows))
    two = sampled(tmp_path / "two", [shuffled[:50], shuffled[50:]], config, workers=2)
    assert one == two
    assert 20 * KB < sum(len(text) for text, _ in one) < 120 * KB


def segments_of(folder: Path) -> list[Segment]:
    return [write_segment(folder, "s", documents(300))]


def test_train_step_leaves_tokenizer_and_card_and_no_text(tmp_path: Path) -> None:
    out, work = tmp_path / "out", tmp_path / "work"
    out.mkdir()
    config = TokenizerConfig(vocab_size=400)
    summary = train_step(segments_of(tmp_path), tmp_path / "verdicts", config, out, Engine(work, workers=1))
    assert sorted(path.name for path in out.iterdir()) == sorted(
        [CARD, "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json"]
    )
    assert summary["vocab_size"] <= 400
    assert not [path for path in work.rglob("*") if path.is_file()]


def test_train_step_existing_tokenizer_is_copied_as_it_is(tmp_path: Path, llama3: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    config = TokenizerConfig(existing=str(llama3 / "tokenizer.json"))
    summary = train_step(segments_of(tmp_path), tmp_path / "verdicts", config, out, Engine(tmp_path / "work", workers=1))
    assert (out / "tokenizer.json").read_bytes() == (llama3 / "tokenizer.json").read_bytes()
    assert (summary["trained"], summary["vocab_size"]) == (False, 1500)
