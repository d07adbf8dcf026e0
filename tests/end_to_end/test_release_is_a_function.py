"""release = f(inputs, recipe, pins): nothing else decides a published byte."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from curation.verify import verify
from tests.end_to_end.conftest import edited, make_corpus, prose, release_tree, run, tree


def test_run_again_publishes_nothing_and_touches_nothing(corpus: Path) -> None:
    first = run(corpus)
    before = tree(corpus.parent / "ws")
    second = run(corpus)
    assert (first["published"], second["published"]) == (True, False)
    assert (second["release"], second["segments_made"]) == (first["release"], 0)
    assert tree(corpus.parent / "ws") == before
    verify(Path(first["path"]))


@pytest.mark.parametrize("workers", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_workers_order_of_files_place_and_hash_seed_decide_no_byte(corpus: Path, tmp_path: Path, workers: int) -> None:
    one = run(corpus)
    other = make_corpus(tmp_path / "elsewhere", order=lambda items: random.Random(workers).sample(items, len(items)))
    command = [sys.executable, "-m", "curation", "run", str(other), "--workers", str(workers)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": str(workers)}, capture_output=True)
    (path,) = (other.parent / "ws" / "releases").iterdir()
    assert path.name == one["release"]
    assert tree(path) == release_tree(one)


def test_refresh_equals_a_rebuild_with_the_same_pins(corpus: Path, tmp_path: Path) -> None:
    run(corpus)
    rebuilt = tmp_path / "rebuilt"
    (corpus.parent / "dumps/books/new.txt").write_text(prose(50))
    (corpus.parent / "dumps/books/book-5.txt").unlink()
    (corpus.parent / "dumps/books/book-6.txt").write_text(prose(60))
    shutil.copytree(corpus.parent, rebuilt, ignore=shutil.ignore_patterns("segments", "steps", "shards", "inputs.json"))
    refreshed = run(corpus)
    assert refreshed["published"]
    again = run(rebuilt / "recipe.toml")
    assert release_tree(again) == release_tree(refreshed)


def test_refresh_counts_replaced_values_as_a_rebuild_does(corpus: Path, tmp_path: Path) -> None:
    """Several small inputs share a batch: each keeps its own account when another of its bucket changes."""
    letters = corpus.parent / "dumps/books"
    for number in range(30):
        addresses = " ".join(f"writer{number}.{each}@gmail.com" for each in range(number % 4))
        (letters / f"letter-{number}.txt").write_text(f"{prose(300 + number)}\n\n{addresses}")
    run(corpus)
    rebuilt = tmp_path / "rebuilt"
    for number in range(0, 30, 3):
        (letters / f"letter-{number}.txt").unlink()
    shutil.copytree(corpus.parent, rebuilt, ignore=shutil.ignore_patterns("segments", "steps", "shards", "inputs.json"))
    assert release_tree(run(corpus)) == release_tree(run(rebuilt / "recipe.toml"))


def test_refresh_reads_only_what_is_new(corpus: Path) -> None:
    run(corpus)
    (corpus.parent / "dumps/books/new.txt").write_text(prose(50))
    assert run(corpus)["segments_made"] == 1


def test_eval_document_never_moves_to_train(corpus: Path) -> None:
    import pyarrow.parquet as pq

    first = run(corpus)
    works = {row for path in Path(first["path"]).glob("eval/*.parquet") for row in pq.read_table(path)["work"].to_pylist()}
    for number in range(50, 60):
        (corpus.parent / f"dumps/books/new-{number}.txt").write_text(prose(number))
    second = run(corpus)
    train = {row for path in Path(second["path"]).glob("train/*.parquet") for row in pq.read_table(path)["work"].to_pylist()}
    assert works
    assert not works & train


def test_lost_segment_costs_time_but_no_byte(corpus: Path) -> None:
    first = run(corpus)
    before = release_tree(first)
    for name in ("segments", "steps", "shards"):
        shutil.rmtree(corpus.parent / "ws" / name)
    second = run(corpus)
    assert (second["release"], second["published"]) == (first["release"], False)
    assert release_tree(second) == before


def test_takedown_removes_a_document_and_its_exact_copies_from_the_next_release(corpus: Path) -> None:
    import pyarrow.parquet as pq

    from curation.takedown import take_down

    first = run(corpus)
    rows = [row for path in sorted(Path(first["path"]).glob("ledger/*.parquet")) for row in pq.read_table(path).to_pylist()]
    gone = next(row["id"] for row in rows if row["verdict"] == "kept" and row["source"] == "books")
    take_down(corpus.parent / "ws", gone)
    second = run(corpus)
    rows = [row for path in sorted(Path(second["path"]).glob("ledger/*.parquet")) for row in pq.read_table(path).to_pylist()]
    assert second["published"]
    assert {(row["verdict"], row["reason"]) for row in rows if row["id"] == gone} == {("dropped", "takedown")}


def test_another_tokenizer_is_an_error_that_names_retrain(corpus: Path) -> None:
    from curation import pipeline
    from curation.errors import RecipeError

    first = run(corpus)
    changed = edited(corpus, "tokenizer", {"config": "bpe_8k"})
    with pytest.raises(RecipeError, match="--retrain"):
        pipeline.run(changed)
    second = pipeline.run(changed, retrain=True)
    assert second["tokenizer"]["sha256"] != first["tokenizer"]["sha256"]
