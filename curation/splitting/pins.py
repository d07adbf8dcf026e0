"""What the next release must respect: pins.parquet, one row per document that was ever eval.

Columns: work, id, source, lang, signature, ngrams (its sampled 13-grams; empty once a newer text of the same work is
eval, whose own are then remembered). Rows ascend by (id, work). A pinned document stays eval by its work or by its id, so
that neither a changed cleaner nor a moved file undoes it; its 13-grams keep copies of a vanished one out of train.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from curation.dedup.rows import Layout, halves
from curation.dedup.shingles import GRAM_BOUND
from curation.segment import Segment, scan_aligned

PINS = pa.schema(
    [
        ("work", pa.string()),
        ("id", pa.string()),
        ("source", pa.string()),
        ("lang", pa.string()),
        ("signature", pa.binary()),
        ("ngrams", pa.list_(pa.uint64())),
    ]
)
REMEMBERED = np.dtype([("id_high", "<u8"), ("id_low", "<u8"), ("low", "<i4")])


def read(pins: Path | None) -> pa.Table:
    path = pins / "eval.parquet" if pins else None
    return pq.read_table(path, schema=PINS) if path and path.is_file() else PINS.empty_table()


def current(segments: Sequence[Segment], layout: Layout) -> pa.Table:
    """The pins' rows of the eval documents there are now."""
    batches = [batch for index, piece in enumerate(segments) for batch in _of_segment(piece, layout, index)]
    return pa.Table.from_batches(batches, PINS)


def _of_segment(segment: Segment, layout: Layout, index: int) -> Iterator[pa.RecordBatch]:
    rows = layout.open("rows-{}", index)["row"][layout.open("eval-{}", index)].astype(np.int64)
    tables = [(segment.table("scores"), ["work", "id", "source", "lang"]), (segment.table("signatures"), ["signature", "ngrams"])]
    first = 0
    for batch in scan_aligned(tables, rows=2048):
        start, stop = np.searchsorted(rows, [first, first + batch.num_rows])
        if stop > start:
            taken = batch.take(pa.array(rows[start:stop] - first))
            yield pa.RecordBatch.from_arrays([taken[name].cast(PINS.field(name).type) for name in PINS.names], schema=PINS)
        first += batch.num_rows


def carry_forward(old: pa.Table, new: pa.Table) -> pa.Table:
    """`new` and the rows of `old` that it does not hold, without 13-grams where their work has another eval text now."""
    held = {(row["id"], row["work"]) for row in new.select(["id", "work"]).to_pylist()}
    ids, works = {id_ for id_, _ in held}, {work for _, work in held}
    gone = []
    for row in old.to_pylist():
        if (row["id"], row["work"]) not in held:
            gone.append({**row, "ngrams": [] if row["id"] in ids or row["work"] in works else row["ngrams"]})
    together = pa.concat_tables([new, pa.Table.from_pylist(gone, PINS)])
    return together.sort_by([("id", "ascending"), ("work", "ascending")])


def write_remembered(old: pa.Table, new: pa.Table, folder: Path) -> str:
    """The sampled 13-grams of vanished eval documents for overlap.Grams; returns the stem of the files."""
    vanished = _vanished(old, new)
    rows = np.zeros(len(vanished), REMEMBERED)
    rows["id_high"], rows["id_low"] = halves([row["id"] for row in vanished])
    grams = [np.array(row["ngrams"], np.uint64) for row in vanished]
    grams = [values[values < GRAM_BOUND] for values in grams]
    rows["low"] = [len(values) for values in grams]
    hashes, first = np.unique(np.concatenate([np.zeros(0, np.uint64), *grams]), return_index=True)
    stem = folder / "remembered"
    np.save(folder / "remembered.npy", rows)
    hashes.tofile(f"{stem}-grams.bin")
    np.repeat(np.arange(len(rows)), rows["low"])[first].astype(np.int64).tofile(f"{stem}-owner.bin")
    return str(stem)


def _vanished(old: pa.Table, new: pa.Table) -> list[dict[str, Any]]:
    ids, works = set(new["id"].to_pylist()), set(new["work"].to_pylist())
    return [row for row in old.to_pylist() if row["id"] not in ids and row["work"] not in works and row["ngrams"]]
