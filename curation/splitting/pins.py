"""What the next release must respect: pins.parquet, one row per document that was ever eval.

Columns: work, id, source, lang, signature, ngrams (its sampled 13-grams; empty once a newer text of the same work is
eval, whose own are then remembered). Rows ascend by (id, work). A pinned document stays eval by its work or by its id, so
that neither a changed cleaner nor a moved file undoes it; its 13-grams keep copies of a vanished one out of train.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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
    gone = old.filter(pc.invert(pc.is_in(_keys(old), value_set=_keys(new).combine_chunks())))
    superseded = pc.invert(_is_vanished(gone, new))
    ngrams = pc.if_else(superseded, pa.scalar([], PINS.field("ngrams").type), gone["ngrams"])
    gone = gone.set_column(PINS.get_field_index("ngrams"), PINS.field("ngrams"), ngrams)
    together = pa.Table.from_batches([*new.to_batches(), *gone.to_batches()], PINS)
    return together.sort_by([("id", "ascending"), ("work", "ascending")]).combine_chunks()


def write_remembered(old: pa.Table, new: pa.Table, folder: Path) -> str:
    """The sampled 13-grams of vanished eval documents for overlap.Grams; returns the stem of the files."""
    vanished = old.filter(_is_vanished(old, new)).combine_chunks()
    rows = np.zeros(len(vanished), REMEMBERED)
    rows["id_high"], rows["id_low"] = halves(vanished["id"].to_pylist())
    hashes = pc.list_flatten(vanished["ngrams"]).to_numpy()
    owners = pc.list_parent_indices(vanished["ngrams"]).to_numpy()
    low = hashes < GRAM_BOUND
    rows["low"] = np.bincount(owners[low], minlength=len(rows))
    kept, first = np.unique(hashes[low], return_index=True)
    stem = folder / "remembered"
    np.save(folder / "remembered.npy", rows)
    kept.astype(np.uint64).tofile(f"{stem}-grams.bin")
    owners[low][first].astype(np.int64).tofile(f"{stem}-owner.bin")
    return str(stem)


def _keys(pins: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(pins["id"], pins["work"], "\0")


def _is_vanished(old: pa.Table, new: pa.Table) -> pa.ChunkedArray:
    """Neither the text nor the work is eval now."""
    ids, works = (pc.is_in(old[name], value_set=new[name].combine_chunks()) for name in ("id", "work"))
    return pc.invert(pc.or_(ids, works))
