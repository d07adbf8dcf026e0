"""Encode the kept documents of one segment into shards. Run in worker processes; arguments are JSON.

In: a segment, the verdict table that has `split`, a tokenizer. Out, in the draft folder `out`:
    <sha256>.parquet   shards, train and eval
    shards.json        list of ShardInfo
    encoder.json       which engine encoded, and how many documents it handed to the slower one, by cause
    places.parquet     row-aligned with the segment: shard (its sha256) and row, both null where the document was dropped
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation import storage
from curation.segment import Segment, scan_aligned
from curation.shards import SHARD_COLUMNS, ShardWriter, Written
from curation.tokenizers.encoder import Encoder

SPLITS = ("train", "eval")
PLACES = pa.schema([("shard", pa.string()), ("row", pa.int32())])
COLUMNS = ("id", "source", "lang", "license", "work", "ordinal", "text")
READ_ROWS = 256  # documents may be whole books: a few hundred rows at a time


def tokenize_segment(segment: dict[str, Any], verdicts: str, tokenizer: str, max_tokens: int, out: str) -> None:
    """`verdicts`: the step's folder, or the segment's file in it. `tokenizer`: a folder or a tokenizer.json."""
    here, folder = Segment(**segment), Path(out)
    encoder = Encoder.load(tokenizer)
    before = encoder.fallbacks.copy()
    table = Path(verdicts)
    table = table / f"{here.fingerprint}.parquet" if table.is_dir() else table
    rows: dict[str, list[npt.NDArray[np.int64]]] = {split: [] for split in SPLITS}
    with ExitStack() as stack:
        writers = {
            split: stack.enter_context(ShardWriter(folder, split, encoder.vocab_size, encoder.sha256, max_tokens))
            for split in SPLITS
        }
        for start, split, batch in _kept(here, table):
            writers[split].add(encode_documents(batch.select(list(COLUMNS)), encoder))
            rows[split].append(start + batch.column("place").to_numpy())
        written = {split: writer.close() for split, writer in writers.items()}
    _write_places(folder / "places.parquet", here.rows, written, rows)
    shards = [shard.to_json() for split in SPLITS for shard in written[split].shards]
    storage.write_json(folder / "shards.json", shards, in_draft=True)
    fallbacks = dict(encoder.fallbacks - before)
    storage.write_json(folder / "encoder.json", {"engine": encoder.engine, "fallbacks": fallbacks}, in_draft=True)


def encode_documents(batch: pa.RecordBatch, encoder: Encoder) -> pa.RecordBatch:
    """COLUMNS to the columns of a shard."""
    text = batch.column("text")
    columns = {name: _filled(batch.column(name)) for name in COLUMNS if name != "text"}
    columns["n_bytes"] = pc.binary_length(text).cast(pa.uint32())
    columns["input_ids"] = encoder.encode_column(text)
    return pa.RecordBatch.from_arrays([columns[name] for name in SHARD_COLUMNS], names=list(SHARD_COLUMNS))


def _filled(column: pa.Array) -> pa.Array:
    return pc.fill_null(column, 0 if pa.types.is_integer(column.type) else "")


def _kept(here: Segment, verdicts: Path) -> Iterator[tuple[int, str, pa.RecordBatch]]:
    """(number of the batch's first row, split, kept rows with their `place` in the batch)."""
    start = 0
    for batch in scan_aligned([(here.table("documents"), COLUMNS), (verdicts, ("reason", "split"))], READ_ROWS):
        place = pa.array(np.arange(len(batch)))
        for split in SPLITS:
            mask = pc.and_(pc.is_null(batch.column("reason")), pc.equal(batch.column("split"), split))
            chosen = batch.append_column("place", place).filter(mask)
            if len(chosen):
                yield start, split, chosen
        start += len(batch)


def _write_places(path: Path, num_rows: int, written: dict[str, Written], rows: dict[str, list[npt.NDArray[np.int64]]]) -> None:
    shard, row = np.full(num_rows, -1, np.int32), np.zeros(num_rows, np.int32)
    names: list[str] = []
    for split, result in written.items():
        for info, arrivals in zip(result.shards, result.arrivals, strict=True):
            places = np.concatenate(rows[split])[arrivals]
            shard[places], row[places] = len(names), np.arange(len(places))
            names.append(info.sha256)
    missing = shard < 0
    column = pa.DictionaryArray.from_arrays(pa.array(shard, mask=missing), pa.array(names, pa.string())).cast(pa.string())
    pq.write_table(pa.table([column, pa.array(row, mask=missing)], schema=PLACES), path, compression="zstd")
