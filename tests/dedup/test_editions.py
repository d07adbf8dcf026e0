"""Whole books of the default corpus: editions of one book find each other, distinct books are never merged."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from curation.dedup.config import Config
from curation.dedup.step import deduplicate
from tests.dedup.corpus import Doc, engine, verdicts, write_segment

BOOKS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "books"
EDITIONS = {
    "pride": ["en/1342-0.txt", "en/1342.txt", "en/pandp10.txt", "en/pandp12.txt"],
    "moby": ["en/2701-0.txt", "en/moby10b.txt.gz"],
    "hafez": ["fa/hafez.txt", "fa/hafez_norm.txt"],
}
OTHERS = [
    "fa/khayyam.txt",
    "fa/roodaki.txt",
    "ru/gogol_taras_bulba.txt",
    "ru/lermontov_geroj.txt",
    "de/kafka_schloss.txt",
    "de/hoffmann_nacht.txt",
]


def read(path: Path) -> str:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return data.decode("utf-8-sig", "replace")


@pytest.mark.skipif(not BOOKS.is_dir(), reason="the default corpus is not here")
def test_editions_of_a_book_are_one_and_distinct_books_stay(tmp_path: Path) -> None:
    names = [*(name for editions in EDITIONS.values() for name in editions), *OTHERS]
    segment = write_segment(tmp_path, [Doc(read(BOOKS / name), origin=name) for name in names], source="books", kind="books")
    (tmp_path / "out").mkdir()
    deduplicate([segment], tmp_path / "previous", Config(), None, tmp_path / "out", engine(tmp_path))
    rows = verdicts(tmp_path / "out", [segment])
    kept = {row["id"]: name for name, row in zip(names, rows, strict=True) if not row["reason"]}
    assert set(OTHERS) <= set(kept.values())
    for editions in EDITIONS.values():
        assert len(set(kept.values()) & set(editions)) == 1
    for name, row in zip(names, rows, strict=True):
        if row["reason"]:
            assert any(name in editions and kept[row["twin"]] in editions for editions in EDITIONS.values())
