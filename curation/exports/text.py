"""Text Parquet as nanochat reads it: shard_00000.parquet and so on, column `text`, the last file is for evaluation.

The text is decoded from the tokens, which gives it back byte for byte. Row groups of 1,024 documents, zstd.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from curation.errors import RecipeError
from curation.exports.release import Release

NAME = "text"
WHAT = "shard_*.parquet with a column text; the last one is for evaluation"
ROWS = 1024
SHARD_BYTES = 256 << 20
SCHEMA = pa.schema([("text", pa.string())])


def write(release: Release, out: Path) -> None:
    if release.encoder.vocabulary.token_bytes is None:
        raise RecipeError("text comes back exactly only from a byte-level tokenizer", where=str(release.folder / "tokenizer"))
    number = 0
    for split in ("train", "eval"):  # in this order: nanochat evaluates on the last file
        writer: pq.ParquetWriter | None = None
        size = 0
        for texts in _batches(release, split):
            if writer is None or size > SHARD_BYTES:
                if writer is not None:
                    writer.close()
                writer = pq.ParquetWriter(out / f"shard_{number:05d}.parquet", SCHEMA, compression="zstd")
                number, size = number + 1, 0
            writer.write_batch(pa.RecordBatch.from_arrays([pa.array(texts, pa.string())], schema=SCHEMA), row_group_size=ROWS)
            size += sum(map(len, texts))
        if writer is not None:
            writer.close()


def _batches(release: Release, split: str) -> Iterator[list[str]]:
    """Texts in lists of ROWS."""
    waiting: list[str] = []
    for table in release.tables(split):
        for ids in table.column("input_ids"):
            waiting.append(release.encoder.decode(ids.values.to_numpy()))
            if len(waiting) == ROWS:
                yield waiting
                waiting = []
    if waiting:
        yield waiting
