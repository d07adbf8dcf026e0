"""A segment's kept documents become shards, and `places` says where each document lies."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from curation.tokenizers.config import TokenizerConfig
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.segments import tokenize_segment
from curation.tokenizers.train import train
from tests.shards.segments import write_segment


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    train(["the quick brown fox jumps over the lazy dog " * 20], TokenizerConfig(vocab_size=400), folder)
    return folder


def some_documents(count: int) -> list[dict[str, Any]]:
    chance = random.Random(5)
    words = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog", "żółw", "🐢"]
    return [
        {
            "text": f"{number} " + " ".join(chance.choices(words, k=chance.randrange(1, 80))),
            "reason": "duplicate" if number % 7 == 0 else None,
            "split": "eval" if number % 5 == 0 else "train",
            "lang": chance.choice(["en", "pl"]),
        }
        for number in range(count)
    ]


def test_tokenize_segment_every_kept_document_lies_where_places_says(tokenizer: Path, tmp_path: Path) -> None:
    rows = some_documents(900)
    segment = write_segment(tmp_path, "one", rows)
    out = tmp_path / "out"
    tokenize_segment(segment.to_json(), str(tmp_path / "verdicts"), str(tokenizer), 4_000, str(out))
    shards = {shard["sha256"]: shard for shard in json.loads((out / "shards.json").read_bytes())}
    tables = {name: pq.read_table(out / shard["path"]).to_pylist() for name, shard in shards.items()}
    encoder = Encoder.load(tokenizer)
    places = pq.read_table(out / "places.parquet").to_pylist()
    assert len(places) == len(rows)
    for row, place in zip(rows, places, strict=True):
        if row["reason"]:
            assert place == {"shard": None, "row": None}
            continue
        found = tables[place["shard"]][place["row"]]
        assert encoder.decode(found["input_ids"]) == row["text"]
        assert (found["n_bytes"], found["lang"], found["license"]) == (len(row["text"].encode()), row["lang"], "cc0")
        assert shards[place["shard"]]["split"] == row["split"]
    assert sum(shard["rows"] for shard in shards.values()) == sum(row["reason"] is None for row in rows)
    assert len(shards) > 3


def test_tokenize_segment_without_a_kept_document_makes_no_shard(tokenizer: Path, tmp_path: Path) -> None:
    segment = write_segment(tmp_path, "none", [{"text": "gone", "reason": "too_short"}])
    tokenize_segment(segment.to_json(), str(tmp_path / "verdicts"), str(tokenizer), 4_000, str(tmp_path / "out"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["encoder.json", "places.parquet", "shards.json"]
    assert pq.read_table(tmp_path / "out" / "places.parquet").to_pylist() == [{"shard": None, "row": None}]


def test_tokenize_segment_counts_documents_that_went_the_slow_way(tokenizer: Path, tmp_path: Path) -> None:
    segment = write_segment(tmp_path, "blank", [{"text": "a" + " " * 150_000 + "b"}, {"text": "plain"}])
    tokenize_segment(segment.to_json(), str(tmp_path / "verdicts"), str(tokenizer), 10**6, str(tmp_path / "out"))
    assert json.loads((tmp_path / "out" / "encoder.json").read_bytes()) == {"engine": "tiktoken", "fallbacks": {"whitespace": 1}}
