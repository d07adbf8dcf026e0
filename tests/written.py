"""What stands in a file that a run wrote, also where it is compressed: for tests that look for values in every byte."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pyarrow.parquet as pq


def contents(path: Path) -> list[bytes]:
    """The bytes of a file, and what is inside where they are compressed (Parquet columns as text)."""
    raw = path.read_bytes()
    if path.suffix == ".gz":
        return [raw, gzip.decompress(raw)]
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        strings = [name for name in table.schema.names if str(table.schema.field(name).type) == "string"]
        return [raw, "\n".join(str(value) for name in strings for value in table[name].to_pylist()).encode()]
    try:
        return [raw, zlib.decompress(raw)]
    except zlib.error:
        return [raw]
