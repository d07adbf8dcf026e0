"""Eval documents that only the pins remember: copies of them stay out of train, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from curation.document import document_id
from tests.dedup.corpus import Doc, write_segment
from tests.dedup.test_step import prose
from tests.split.test_split import by_origin, pinned, run


def _corpus(words: int) -> list[Doc]:
    return [Doc(prose(2000 + number, words), f"site/{number}", f"page-{number}") for number in range(60)]


@pytest.mark.parametrize("words", [40, 85, 300])
def test_longer_copy_of_a_vanished_document_does_not_enter_train_however_short_it_was(tmp_path: Path, words: int) -> None:
    docs = _corpus(words)
    first = run(tmp_path, old := [write_segment(tmp_path, docs)], eval_fraction=0.2)
    rows = by_origin(first, old, docs)
    seen = [doc for doc in docs if rows[doc.origin]["split"] == "eval"]
    assert len(seen) > 5
    copies = [Doc(f"{prose(7000 + number, 3 * words)} {doc.text}", "", f"mirror-{number}") for number, doc in enumerate(seen)]
    rest = [doc for doc in docs if doc not in seen] + copies
    out = run(tmp_path, new := [write_segment(tmp_path, rest)], pinned(first), eval_fraction=0.0)
    found = by_origin(out, new, rest)
    assert {found[copy.origin]["reason"] for copy in copies} == {"near_eval"}
    assert {found[copy.origin]["twin"] for copy in copies} == {document_id("web", doc.text) for doc in seen}
    assert {found[doc.origin]["reason"] for doc in rest if doc not in copies} == {None}


def test_copy_of_one_vanished_message_of_a_thread_that_is_still_eval_does_not_enter_train(tmp_path: Path) -> None:
    docs = [Doc(prose(3000 + number, 120), f"thread/{number // 3}", f"message-{number}") for number in range(60)]
    first = run(tmp_path, old := [write_segment(tmp_path, docs)], eval_fraction=0.1)
    rows = by_origin(first, old, docs)
    gone = next(doc for doc in docs if rows[doc.origin]["split"] == "eval")
    copy = Doc(f"{prose(9, 60)} {gone.text}", "mirror", "mirror")
    rest = [doc for doc in docs if doc is not gone] + [copy]
    out = run(tmp_path, new := [write_segment(tmp_path, rest)], pinned(first), eval_fraction=0.0)
    row = by_origin(out, new, rest)["mirror"]
    assert (row["reason"], row["twin"]) == ("near_eval", document_id("web", gone.text))


def test_pins_forget_the_grams_of_a_text_that_a_newer_one_replaces(tmp_path: Path) -> None:
    docs = _corpus(120)
    first = run(tmp_path, [write_segment(tmp_path, docs)], eval_fraction=0.1)
    before = {row["id"] for row in pq.read_table(first / "pins.parquet").to_pylist()}
    cleaned = [Doc(f"{doc.text} see also", doc.work, doc.origin) for doc in docs]
    out = run(tmp_path, [write_segment(tmp_path, cleaned)], pinned(first), eval_fraction=0.1)
    pins = pq.read_table(out / "pins.parquet").to_pylist()
    assert {row["id"] for row in pins if not row["ngrams"]} == before
    assert len(pins) == 2 * len(before)
