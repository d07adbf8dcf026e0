"""When to retrain: the rule, what a refresh brought, and a whole refresh that says so and changes nothing by itself."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation import manifest, pipeline
from curation.recipe import load
from curation.shards import shard_schema, write_shards
from curation.tokenizers import fresh
from curation.tokenizers.drift import drift, sentence
from curation.tokenizers.fresh import Shard, new_documents
from tests.end_to_end.conftest import make_corpus

MIN_TOKENS = 50_000


def card_of(**bytes_per_token: float) -> dict[str, Any]:
    rows = [{"source": "books", "lang": lang, "tokens": 1, "bytes_per_token": each} for lang, each in bytes_per_token.items()]
    return {"strata": rows, "languages": rows}


def new_of(source: str = "books", tokens: int = 100_000, **bytes_per_token: float) -> list[dict[str, Any]]:
    return [
        {"source": source, "lang": lang, "documents": 9, "bytes": int(tokens * value), "tokens": tokens}
        for lang, value in bytes_per_token.items()
    ]


def judged(card: dict[str, Any], new: list[dict[str, Any]]) -> dict[str, Any]:
    return drift(card, new, 0.05, MIN_TOKENS)


def test_drift_as_good_as_before_keeps() -> None:
    found = judged(card_of(en=4.0, pl=3.5), new_of(en=3.9, pl=3.6))
    assert (found["verdict"], [row["verdict"] for row in found["strata"]]) == ("keep", ["keep", "keep"])


def test_drift_one_language_that_costs_more_retrains_and_is_named() -> None:
    found = judged(card_of(en=4.0, pl=3.5), new_of(en=4.0, pl=3.0))
    assert found["verdict"] == "retrain"
    assert {row["lang"]: row["drift"] for row in found["strata"]} == {"en": 0.0, "pl": pytest.approx(3.5 / 3.0 - 1, abs=1e-3)}
    assert "books pl +16.7%" in sentence(found)
    assert "--retrain" in sentence(found)


def test_drift_another_mix_of_the_same_texts_is_none() -> None:
    found = judged(card_of(en=4.0, ja=2.0), new_of(ja=2.0))
    assert (found["verdict"], found["drift"]) == ("keep", 0.0)


def test_drift_new_language_is_held_against_the_worst_known_and_a_new_source_against_its_language() -> None:
    assert judged(card_of(en=4.0, fa=5.0), new_of(ja=1.4))["verdict"] == "retrain"
    assert judged(card_of(en=4.0, fa=5.0), new_of(de=4.1))["verdict"] == "keep"
    assert judged(card_of(en=3.0, fa=5.0), new_of(source="chat", fa=4.0))["verdict"] == "retrain"


def test_drift_little_text_keeps() -> None:
    assert judged(card_of(en=4.0), new_of(tokens=500, en=2.0))["verdict"] == "keep"


def shards_of(folder: Path, ids: list[str], groups: int = 1) -> list[Shard]:
    """One shard a group; a document's tokens and bytes follow from its id."""
    rows = [
        {"id": key, "source": "s", "lang": "en", "license": "", "work": "w", "ordinal": 0}
        | {"n_bytes": 4 * (int(key[:2], 16) + 1), "input_ids": [1] * (int(key[:2], 16) + 1)}
        for key in ids
    ]
    found = []
    for number in range(groups):
        part = pa.RecordBatch.from_pylist(rows[number::groups], shard_schema(9))
        for info in write_shards([part], folder, "train", 9, "ab", 10**9):
            found.append(Shard(folder / info.path, info.sha256, info.tokens))
    return found


def some_ids(count: int, seed: int) -> list[str]:
    return [random.Random(f"{seed}-{number}").randbytes(16).hex() for number in range(count)]


def test_new_documents_are_those_whose_ids_no_shard_of_before_held(tmp_path: Path) -> None:
    old, new = some_ids(300, 1), some_ids(80, 2)
    before = shards_of(tmp_path / "before", old, groups=3)
    assert new_documents(before, before) == []
    (found,) = new_documents(shards_of(tmp_path / "now", [*old[50:], *new], groups=2), before)  # cut anew, fifty gone
    tokens = sum(int(key[:2], 16) + 1 for key in new)
    assert found == {"source": "s", "lang": "en", "documents": 80, "bytes": 4 * tokens, "tokens": tokens}


def test_new_documents_of_much_text_are_sampled_by_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = some_ids(300, 1), some_ids(2000, 2)
    now = shards_of(tmp_path / "now", [*old, *new])
    monkeypatch.setattr(fresh, "MAX_TOKENS", now[0].tokens // 4)
    (found,) = new_documents(now, shards_of(tmp_path / "before", old))
    expected = [key for key in new if key < f"{(1 << 62):016x}"]
    assert found["documents"] == pytest.approx(len(expected), abs=3)


def test_refresh_in_another_language_advises_to_retrain_and_keeps_the_tokenizer(tmp_path: Path) -> None:
    recipe = make_corpus(tmp_path)
    recipe.write_text(recipe.read_text().replace("[tokenizer]", "[tokenizer]\nmin_drift_tokens = 200"))
    first = pipeline.run(load(recipe))
    assert first["tokenizer"]["drift"] is None
    again = pipeline.run(load(recipe))
    assert (again["published"], again["tokenizer"]["drift"]["documents"]) == (False, 0)
    words = ["мост", "река", "зима", "фонарь", "рынок", "письмо", "сад", "камень", "утро", "компас", "двигатель", "сигнал"]
    chance = random.Random(3)
    text = "\n\n".join(" ".join(chance.choices(words, k=12)).capitalize() + "." for _ in range(60))
    (tmp_path / "dumps" / "books" / "new.txt").write_text(text, encoding="utf-8")
    second = pipeline.run(load(recipe))
    found = second["tokenizer"]["drift"]
    assert (second["tokenizer"]["sha256"], second["tokenizer"]["pinned"]) == (first["tokenizer"]["sha256"], True)
    assert found["verdict"] == "retrain"
    release = Path(second["path"])
    assert manifest.read(release)["drift"] == found
    shown = {name: (release / name).read_text(encoding="utf-8") for name in ("README.md", "report.html")}
    assert all("retrain: books" in page for page in shown.values())
    known = rows_of(Path(first["path"]))
    assert found["tokens"] == sum(size for key, size in rows_of(release).items() if key not in known) > 200


def rows_of(release: Path) -> dict[str, int]:
    """Tokens of every document in the shards, by id."""
    files = [path for split in ("train", "eval") for path in (release / split).glob("*.parquet")]
    return {row["id"]: len(row["input_ids"]) for path in files for row in pq.read_table(path).to_pylist()}
