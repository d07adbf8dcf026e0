"""Writes the row-aligned tables of a segment, and copies an unchanged input's rows from an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation import manifest
from curation.document import STORED_SCHEMA
from curation.ledger import LEDGER_SCHEMA

SIGNATURE_COLUMNS = ("signature", "num_shingles", "ngrams")
LEDGER_STORED = LEDGER_SCHEMA.append(pa.field("input", pa.string()))
ATTRIBUTES = ("id", "source", "lang", "license", "work", "revised", "chars_read", "num_chars", "num_bytes")
TABLES = ("documents", "scores", "signatures")
_NEVER_STORED = {"view", "speakers"}


def schemas(batch: pa.RecordBatch) -> dict[str, pa.Schema]:
    """Columns of each table, from a batch as the last stage leaves it."""
    own = set(STORED_SCHEMA.names) | set(ATTRIBUTES) | set(SIGNATURE_COLUMNS) | _NEVER_STORED
    scores = [field for field in batch.schema if field.name not in own]
    return {
        "documents": STORED_SCHEMA,
        "scores": pa.schema([*(batch.schema.field(name) for name in ATTRIBUTES), *scores]),
        "signatures": pa.schema([batch.schema.field(name) for name in ("id", *SIGNATURE_COLUMNS)]),
    }


class SegmentReuse:
    """An earlier segment of the same bucket and settings: which inputs it holds, and their rows."""

    def __init__(self, folder: Path, accounts: dict[str, Any]) -> None:
        self.folder, self.accounts = folder, accounts
        self.ranges = {
            "documents": _ranges(folder / "documents-00000.parquet"),
            "ledger": _ranges(folder / "ledger-00000.parquet"),
        }

    @classmethod
    def open(cls, folder: Path | None) -> SegmentReuse | None:
        return cls(folder, manifest.read(folder)["inputs"]) if folder else None

    def holds(self, key: str, content: str) -> bool:
        return key in self.accounts and self.accounts[key]["content"] == content

    def account(self, key: str) -> dict[str, Any]:
        return dict(self.accounts[key])

    def rows(self, table: str, key: str) -> Iterator[pa.RecordBatch]:
        ranges = self.ranges["ledger" if table == "ledger" else "documents"].get(key, [])
        for start, stop in ranges:
            yield from _slice(self.folder / f"{table}-00000.parquet", start, stop)


class SegmentWriter:
    """One Parquet file a table; each batch is a row group."""

    def __init__(self, folder: Path, template: pa.RecordBatch) -> None:
        self.schemas = {**schemas(template), "ledger": LEDGER_STORED}
        self.writers = {
            name: pq.ParquetWriter(folder / f"{name}-00000.parquet", schema, compression="zstd", compression_level=1)
            for name, schema in self.schemas.items()
        }
        self.rows = self.ledger_rows = self.conversations = 0

    def write(self, batch: pa.RecordBatch) -> None:
        if not batch.num_rows:
            return
        for name in TABLES:
            self._append(name, batch.select(self.schemas[name].names))
        self._count(batch)

    def write_ledger(self, batch: pa.RecordBatch | None) -> None:
        if batch is not None and batch.num_rows:
            self._append("ledger", batch)
            self.ledger_rows += batch.num_rows

    def copy(self, earlier: SegmentReuse, key: str) -> None:
        for name in self.writers:
            for batch in earlier.rows(name, key):
                self._append(name, batch)
                if name == "documents":
                    self._count(batch)
                self.ledger_rows += batch.num_rows if name == "ledger" else 0

    def _count(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.num_rows
        self.conversations += batch.num_rows - batch["turns"].null_count

    def _append(self, name: str, batch: pa.RecordBatch) -> None:
        self.writers[name].write_batch(batch.cast(self.schemas[name]))

    def close(self) -> None:
        for writer in self.writers.values():
            writer.close()


def _ranges(path: Path) -> dict[str, list[tuple[int, int]]]:
    """Row ranges of each input; rows of one input are contiguous in `documents`, nearly so in `ledger`."""
    found: dict[str, list[tuple[int, int]]] = {}
    row = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=65536, columns=["input"]):
            runs = pc.run_end_encode(batch["input"])
            start = 0
            for key, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
                known = found.setdefault(key, [])
                if known and known[-1][1] == row + start:
                    known[-1] = (known[-1][0], row + end)
                else:
                    known.append((row + start, row + end))
                start = end
            row += batch.num_rows
    return found


def _slice(path: Path, start: int, stop: int) -> Iterator[pa.RecordBatch]:
    """Rows [start, stop) of a file, touching only the row groups that hold them."""
    first = 0
    with pq.ParquetFile(path) as file:
        for group in range(file.metadata.num_row_groups):
            last = first + file.metadata.row_group(group).num_rows
            if first < stop and last > start:
                offset = max(0, start - first)
                yield from file.read_row_group(group).slice(offset, min(stop, last) - first - offset).to_batches()
            first = last
