"""What ingest makes of an input or a bucket, and how steps read it: narrow columns, batch by batch.

A segment's tables `documents`, `scores` and `signatures` are row-aligned: row i of each is the same document. `ledger`
holds the rows that left during ingest. Verdict tables that steps make are row-aligned with them as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

VERDICTS = pa.schema(
    [
        ("id", pa.string()),
        ("stage", pa.string()),  # which step dropped it; null = still kept
        ("reason", pa.string()),
        ("score", pa.float32()),  # the number that decided
        ("twin", pa.string()),  # id of the kept copy, for duplicates
        ("split", pa.string()),  # train | eval, once `split` has run
    ]
)

READ_ROWS = 8192


@dataclass(frozen=True, slots=True)
class Segment:
    """A sealed segment. `unit` is the bucket's or part's stable name, `priority` the source's rank among duplicates."""

    fingerprint: str
    folder: str
    source: str
    kind: str
    unit: str
    priority: int
    rows: int

    def table(self, name: str) -> Path:
        return Path(self.folder) / f"{name}-00000.parquet"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def scan(path: Path, columns: Sequence[str] | None = None, rows: int = READ_ROWS) -> Iterator[pa.RecordBatch]:
    """A Parquet file as batches of at most `rows` rows; never the whole table."""
    with pq.ParquetFile(path, memory_map=True) as file:
        yield from file.iter_batches(batch_size=rows, columns=list(columns) if columns is not None else None, use_threads=False)


def scan_aligned(tables: Sequence[tuple[Path, Sequence[str]]], rows: int = READ_ROWS) -> Iterator[pa.RecordBatch]:
    """Row-aligned tables side by side: each batch has the named columns of all of them, in that order."""
    for batches in zip(*(scan(path, columns, rows) for path, columns in tables), strict=True):
        arrays = [column for batch in batches for column in batch.columns]
        names = [name for batch in batches for name in batch.schema.names]
        yield pa.RecordBatch.from_arrays(arrays, names=names)
