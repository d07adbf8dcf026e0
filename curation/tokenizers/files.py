"""Documents of plain files, for the stand-alone form: Parquet, JSON lines (also .gz, .bz2, .xz, .zst) and text.

In: paths, folders or globs. Out: units of about 64 MiB that can be read singly, and each unit's documents in batches.
A Parquet file is cut by row groups, plain JSON lines by the byte in which a line starts, anything else is one unit.
Parquet is told by its magic bytes, JSON lines by a first line that is a JSON object; everything else is text, one
document a file. Columns source, lang, license and work are taken over where they are strings.
"""

from __future__ import annotations

import bz2
import glob
import gzip
import io
import json
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from curation.document import document_id, valid_text
from curation.errors import InputError, RecipeError
from curation.manifest import file_sha256

UNIT_BYTES = 64 << 20
BATCH_BYTES = 4 << 20
MAX_TEXT_CHARS = 16 << 20  # at most 64 MiB of UTF-8: a longer text is cut, as everywhere in the house
COLUMNS = ("source", "lang", "license", "work")

BROKEN = (EOFError, zlib.error, lzma.LZMAError, OSError, pa.ArrowInvalid)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unit:
    """Part of a file: row groups or bytes [start, stop) of it, all of it if stop is -1. `name` is what rows call it."""

    path: str
    name: str
    kind: str
    sha256: str
    size: int
    start: int = 0
    stop: int = -1

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def identity(self) -> list[Any]:
        """What decides the documents: not where the file lies."""
        return [self.name, self.sha256, self.kind, self.start, self.stop]


def grouped(units: list[Unit]) -> list[list[Unit]]:
    """Consecutive units in groups of about UNIT_BYTES, so that many small files do not make many small shards."""
    groups: list[list[Unit]] = []
    size = UNIT_BYTES
    for unit in units:
        if size + unit.size > UNIT_BYTES:
            groups.append([])
            size = 0
        groups[-1].append(unit)
        size += unit.size
    return groups


def list_units(inputs: tuple[str, ...], text_column: str) -> list[Unit]:
    """Units of all matched files, in order of path. RecipeError where nothing matches, or the text column is missing."""
    found: dict[Path, str] = {}
    for pattern in inputs:
        matches = _matches(pattern)
        if not matches:
            raise RecipeError("matches no file", where="--input", got=pattern)
        found |= matches
    return [unit for path in sorted(found) for unit in _units(path, found[path], text_column)]


def _matches(pattern: str) -> dict[Path, str]:
    path = Path(pattern)
    if path.is_dir():
        return {file: str(file.relative_to(path)) for file in sorted(path.rglob("*")) if file.is_file()}
    files = [path] if path.is_file() else [Path(name) for name in glob.glob(pattern, recursive=True) if Path(name).is_file()]  # noqa: PTH207
    return {file: file.name for file in files}


def _units(path: Path, name: str, text_column: str) -> Iterator[Unit]:
    kind, size = file_kind(path), path.stat().st_size
    whole = Unit(str(path.resolve()), name, kind, file_sha256(path), size)
    if kind == "parquet":
        yield from _parquet_units(path, text_column, whole)
    elif kind == "jsonl" and size > UNIT_BYTES and _opener(path) is None:
        for start in range(0, size, UNIT_BYTES):
            stop = min(start + UNIT_BYTES, size)
            yield replace(whole, size=stop - start, start=start, stop=stop)
    else:
        yield whole


def _parquet_units(path: Path, text_column: str, whole: Unit) -> Iterator[Unit]:
    with pq.ParquetFile(path) as file:
        if text_column not in file.schema_arrow.names:
            raise RecipeError("no such column", where=str(path), got=text_column, expected=", ".join(file.schema_arrow.names))
        start, size = 0, 0
        for group in range(file.num_row_groups):
            size += file.metadata.row_group(group).total_byte_size
            if size >= UNIT_BYTES or group == file.num_row_groups - 1:
                yield replace(whole, size=size, start=start, stop=group + 1)
                start, size = group + 1, 0


def file_kind(path: Path) -> str:
    with path.open("rb") as stream:
        if stream.read(4) == b"PAR1":
            return "parquet"
    try:
        with _open(path) as stream:
            first = stream.readline(1 << 20)
    except BROKEN:
        return "jsonl"  # whatever it was: reading it will say that it is truncated
    try:
        return "jsonl" if isinstance(json.loads(first), dict) else "text"
    except ValueError:
        return "jsonl" if first.startswith(b'{"') and len(first) == 1 << 20 else "text"


def read_unit(unit: Unit, text_column: str) -> Iterator[tuple[list[Row], int]]:
    """(rows with id, source, lang, license, work, ordinal, text; records dropped as broken or empty), about 4 MiB each.

    Raises InputError where the rest of the file cannot be read.
    """
    rows: list[Row] = []
    size = dropped = 0
    for ordinal, record in enumerate(_records(unit, text_column)):
        text = record.get(text_column)
        if not isinstance(text, str) or not text.strip():
            dropped += 1
            continue
        for start in range(0, len(text), MAX_TEXT_CHARS):
            rows.append(_row(unit, ordinal, valid_text(text[start : start + MAX_TEXT_CHARS]), record))
        size += len(text)
        if size > BATCH_BYTES:
            yield rows, dropped
            rows, size, dropped = [], 0, 0
    if rows or dropped:
        yield rows, dropped


def _records(unit: Unit, text_column: str) -> Iterator[Row]:
    try:
        yield from {"parquet": _parquet, "jsonl": _jsonl, "text": _text}[unit.kind](unit, text_column)
    except BROKEN as error:
        raise InputError("truncated", type(error).__name__, where=unit.name) from None


def _row(unit: Unit, ordinal: int, text: str, record: Row) -> Row:
    carried = {name: value if isinstance(value := record.get(name), str) else "" for name in COLUMNS}
    carried["source"] = carried["source"] or Path(unit.name).name.split(".")[0]
    carried["work"] = carried["work"] or unit.name
    return {"id": document_id("text", text), **carried, "ordinal": ordinal, "text": text}


def _parquet(unit: Unit, text_column: str) -> Iterator[Row]:
    with pq.ParquetFile(unit.path, memory_map=True) as file:
        names = [name for name in (text_column, *COLUMNS) if name in file.schema_arrow.names]
        for batch in file.iter_batches(256, row_groups=range(unit.start, unit.stop), columns=names, use_threads=False):
            yield from batch.to_pylist()


def _jsonl(unit: Unit, text_column: str) -> Iterator[Row]:
    with _open(Path(unit.path)) as stream:
        if unit.start:
            stream.seek(unit.start - 1)
            stream.readline()  # the line that starts before belongs to the unit before
        while unit.stop < 0 or stream.tell() < unit.stop:
            line = stream.readline()
            if not line:
                return
            if line.strip():
                yield _json_object(line)


def _json_object(line: bytes) -> Row:
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _text(unit: Unit, text_column: str) -> Iterator[Row]:
    with io.TextIOWrapper(_open(Path(unit.path)), encoding="utf-8", errors="replace", newline="") as stream:
        while text := stream.read(MAX_TEXT_CHARS):
            yield {text_column: text}


def _opener(path: Path) -> Any:
    with path.open("rb") as stream:
        magic = stream.read(6)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.open
    if magic.startswith(b"BZh"):
        return bz2.open
    if magic.startswith(b"\xfd7zXZ\x00"):
        return lzma.open
    if magic.startswith(b"\x28\xb5\x2f\xfd"):
        return _open_zstd
    return None


def _open(path: Path) -> BinaryIO:
    opener = _opener(path)
    stream: BinaryIO = opener(path) if opener else path.open("rb")
    return stream


def _open_zstd(path: Path) -> BinaryIO:
    raw: Any = pa.CompressedInputStream(pa.OSFile(str(path)), "zstd")
    return io.BufferedReader(raw, 1 << 20)
