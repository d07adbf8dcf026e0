"""Mutated dumps: every reader ends with text or a reason, never with another error. SOURCES_FUZZ_ROUNDS makes it longer."""

from __future__ import annotations

import gzip
import os
import random
import time
import zipfile
from pathlib import Path

import pytest

from curation.errors import InputError
from curation.source import Dropped, Input, Record
from curation.sources import SOURCES, archives
from curation.sources.members import members
from tests.sources import test_books, test_papers, test_records, test_web
from tests.sources.material import make_zip, prose, read_one
from tests.sources.test_members import make_7z, make_input, make_tar
from tests.sources.test_members import make_zip as make_members_zip

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


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_damaged_zip_is_read_alike_at_once_and_by_streams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: int) -> None:
    """Small entries are read in one go; whatever is wrong with one must end as it does in zipfile's own stream."""
    dice = random.Random(17)
    sound = make_members_zip(
        {"a.txt": b"one " * 50, "b/ó.txt": prose(60).encode(), "e.txt": b"", "c.txt": bytes(range(256))}, method
    )
    num_read = num_dropped = 0
    for number in range(40 * ROUNDS):
        data = sound if not number else mutated(sound, dice)
        item = make_input(tmp_path, f"{number}.zip", data)
        at_once = _everything(item)
        with monkeypatch.context() as patched:
            patched.setattr(archives, "_zip_content", lambda archive, info: None)
            assert _everything(item) == at_once
        num_read += sum(isinstance(each[1], bytes) for each in at_once)
        num_dropped += sum(not isinstance(each[1], bytes) for each in at_once)
    assert num_read > 100 and num_dropped > 100


def _everything(item: Input) -> list[tuple[str, bytes | str]]:
    found: list[tuple[str, bytes | str]] = []
    try:
        for member in members(item):
            try:
                found.append((member.origin, member.reason if isinstance(member, Dropped) else member.read()))
            except InputError as error:
                found.append((member.origin, error.reason))
    except InputError as error:
        found.append(("", error.reason))
    return found
