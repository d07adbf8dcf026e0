"""Messages in = messages out + dropped, on the real dumps beside the repository, counted by independent means."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from curation.source import Dropped
from curation.sources import chat
from tests.sources.reading import files_of, num_messages, read_all

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "chat"
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CORPUS.is_dir(), reason="no real dumps here")]

BLOCK = re.compile(rb"^\d{10}\n[^\n]+\n", re.MULTILINE)
FROM = re.compile(rb"^From \S+ at \S+ .*\d{4}$", re.MULTILINE)


def plain_count(path: Path) -> int | None:
    """Messages of a file by the simplest means for its format; None where a record is no message."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            days = [name for name in archive.namelist() if re.search(r"\d{4}-\d\d-\d\d\.json$", name)]
            return sum(len(json.loads(archive.read(name))) for name in days)
    if tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            streams = [archive.extractfile(entry) for entry in archive if entry.isfile()]
            return sum(len(BLOCK.findall(stream.read())) for stream in streams if stream)
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if data.startswith(b"From "):
        return len(FROM.findall(data))
    if path.suffix == ".txt":
        return len(BLOCK.findall(data))
    value = json.loads(data)
    is_flat = isinstance(value, list) and all("text" in each for each in value)
    return len(value) if is_flat else None


def test_chat_dumps_lose_no_message() -> None:
    records, drops = read_all(chat, CORPUS)
    for file in files_of(CORPUS):
        expected = plain_count(file.real)
        mine = [record for record in records if record.origin.startswith(file.path)]
        gone = [drop for drop in drops if drop.origin.startswith(file.path)]
        assert mine or gone, file.path
        if expected is not None:
            assert num_messages(mine, gone) == expected, file.path


def test_chat_dumps_name_a_reason_for_every_drop() -> None:
    _, drops = read_all(chat, CORPUS)
    reasons = Counter(drop.reason for drop in drops if isinstance(drop, Dropped))
    assert set(reasons) <= set(chat.REASONS)
