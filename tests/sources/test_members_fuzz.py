"""Mutated dumps: every reader ends with text or a reason, never with another error. SOURCES_FUZZ_ROUNDS makes it longer."""

from __future__ import annotations

import gzip
import os
import random
import time
from pathlib import Path

import pytest

from curation.source import Dropped, Record
from curation.sources import SOURCES
from tests.sources import test_books, test_papers, test_records, test_web
from tests.sources.material import make_zip, prose, read_one
from tests.sources.test_members import make_7z, make_tar

ROUNDS = int(os.environ.get("SOURCES_FUZZ_ROUNDS", "12"))
MAX_SECONDS = 20.0

SEEDS: dict[str, bytes] = {
    "text.txt": prose(400).encode(),
    "koi8.txt": ("Вечером мы пошли к реке. " * 50).encode("koi8_r"),
    "book.epub": make_zip(test_books.EPUB),
    "book.pdf": test_books.text_pdf("The harbour lay quiet."),
    "frame.txt": "".join(test_books.FRAMES["current"]).encode(),
    "page.html": test_web.page().encode(),
    "a.warc": test_web.make_warc(gzipped=False),
    "a.warc.gz": test_web.make_warc(gzipped=True),
    "a.nxml": test_papers.JATS.encode(),
    "a.tex": test_papers.MAIN.encode(),
    "rows.jsonl": test_records.as_jsonl(test_records.ROWS),
    "rows.json": test_records.as_array(test_records.ROWS),
    "rows.csv": test_records.as_csv(test_records.ROWS),
    "rows.parquet": test_records.as_parquet(test_records.ROWS),
    "a.zip": make_zip({"a.html": test_web.page(), "b.txt": prose(100)}),
    "a.tar.gz": make_tar({"a.tex": test_papers.MAIN.encode(), "b.txt": prose(100).encode()}, "w:gz"),
    "a.7z": make_7z({"a.txt": prose(100).encode()}),
    "a.gz": gzip.compress(prose(300).encode()),
}


def mutated(data: bytes, dice: random.Random) -> bytes:
    """A few bytes flipped, a piece cut out, doubled, or filled with one byte."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(out))
        size = dice.randint(1, max(1, len(out) // 8))
        action = dice.randrange(4)
        if action == 0:
            out[at] = dice.randrange(256)
        elif action == 1:
            del out[at : at + size]
        elif action == 2:
            out[at:at] = out[at : at + size]
        else:
            out[at : at + size] = bytes([dice.choice((0, 255, 0x3C, 0x22, 0x5C))]) * size
        out = out or bytearray(b"x")
    return bytes(out)


@pytest.mark.parametrize("kind", ["books", "papers", "web"])
@pytest.mark.parametrize("name", SEEDS)
def test_source_mutated_dump_ends_in_text_or_a_documented_reason(tmp_path: Path, kind: str, name: str) -> None:
    dice = random.Random(f"{kind} {name}")
    for number in range(ROUNDS):
        started = time.monotonic()
        found = read_one(kind, tmp_path, f"{number}-{name}", mutated(SEEDS[name], dice))
        assert found
        assert all(isinstance(row, Record) or row.reason in SOURCES[kind].REASONS for row in found), [
            row.reason for row in found if isinstance(row, Dropped)
        ]
        assert time.monotonic() - started < MAX_SECONDS
