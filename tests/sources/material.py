"""Small dumps written for the tests, and reading them as ingest does."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import zstandard

from curation.errors import InputError
from curation.source import Dropped, File, Input, Part, Record
from curation.sources import SOURCES

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def write(folder: Path, name: str, data: bytes | str) -> File:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return File(name, path, path.stat().st_size)


def read_all(kind: str, files: Iterable[File], **settings: Any) -> list[Record | Dropped]:
    source = SOURCES[kind]
    config = source.Config(**settings)
    found: list[Record | Dropped] = []
    for item in source.list_inputs(list(files), config):
        try:
            found += source.read(item, config)
        except InputError as error:
            found.append(Dropped(item.key, error.reason))
    return found


def read_one(kind: str, folder: Path, name: str, data: bytes | str, **settings: Any) -> list[Record | Dropped]:
    return read_all(kind, [write(folder, name, data)], **settings)


def texts(found: Iterable[Record | Dropped]) -> list[str]:
    return [row.text if isinstance(row, Record) else f"dropped: {row.reason}" for row in found]


def read_by_parts(kind: str, file: File, part_bytes: int, **settings: Any) -> list[Record | Dropped]:
    source = SOURCES[kind]
    config = source.Config(**settings)
    parts = [Part(start, start + part_bytes) for start in range(0, file.size, part_bytes)]
    return [row for part in parts for row in source.read(Input(file.path, (file,), part), config)]


def make_zip(entries: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


SENTENCE = (
    "The harbour lay quiet under a low grey sky and the boats had not moved since the "
    "morning bell although every man on the quay knew that the tide would turn before noon and "
    "that whoever missed it would wait another day for the pilot to come back again "
)
WORDS = SENTENCE.split()


def prose(num_words: int, start: int = 0) -> str:
    """Sentences of twelve words from a fixed vocabulary; no two neighbouring paragraphs alike."""
    words = [WORDS[(start + i * 7 + i // 12) % len(WORDS)] for i in range(num_words)]
    sentences = [" ".join(words[i : i + 12]).capitalize() + "." for i in range(0, num_words, 12)]
    return " ".join(sentences)


def wrapped(text: str, width: int = 70) -> str:
    import textwrap

    return "\n\n".join(textwrap.fill(paragraph, width) for paragraph in text.split("\n\n"))
