"""What the next release must respect: pins.parquet, one row per document that was ever eval.

Columns: work, id, source, lang, signature, ngrams (its sampled 13-grams; empty once texts of the same work are eval that
hold half of them, whose own are then remembered). Rows ascend by (id, work). A pinned document stays eval by its work or by
its id, so that neither a changed cleaner nor a moved file undoes it; its 13-grams keep copies of a vanished one out of train.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation.dedup.rows import Layout
from curation.dedup.tokens import Hashes
from curation.segment import Segment, scan_aligned
from curation.splitting.vanished import reach

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
ROWS = 4096  # sorted and written at once: the table is copied once, by combining its batches
SUCCESSOR = 0.5  # share of a text's 13-grams from which the texts that its work has now took its place


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


def write(old: pa.Table, segments: Sequence[Segment], layout: Layout, path: Path) -> None:
    """The pins' rows of now and those of `old` that they do not hold, without 13-grams where a newer text took a text's place."""
    table = _carried_forward(old, current(segments, layout))
    order = pc.sort_indices(table.select(["id", "work"]), sort_keys=[("id", "ascending"), ("work", "ascending")])
    with pq.ParquetWriter(path, PINS, compression="zstd") as writer:
        for start in range(0, len(order), ROWS):
            writer.write_table(table.take(order[start : start + ROWS]))


def _carried_forward(old: pa.Table, new: pa.Table) -> pa.Table:
    gone = old.filter(pc.invert(pc.is_in(_keys(old), value_set=_keys(new).combine_chunks())))
    ngrams = pc.if_else(_is_vanished(gone, new), gone["ngrams"], pa.scalar([], PINS.field("ngrams").type))
    gone = gone.set_column(PINS.get_field_index("ngrams"), PINS.field("ngrams"), ngrams)
    return pa.Table.from_batches([*new.to_batches(), *gone.to_batches()], PINS).combine_chunks()


def vanished(old: pa.Table, new: pa.Table) -> pa.Table:
    """The rows of `old` of whose text eval has no more."""
    return old.filter(_is_vanished(old, new)).combine_chunks()


def _keys(pins: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(pins["id"], pins["work"], "\0")


def _is_vanished(old: pa.Table, new: pa.Table) -> pa.Array:
    """Neither the text is eval now, nor is its work with a text that took its place."""
    has_id, has_work = (pc.is_in(old[name], value_set=new[name].combine_chunks()).to_numpy() for name in ("id", "work"))
    changed = np.flatnonzero(~has_id & has_work)
    samples = _samples_by_work(new, set(old["work"].take(pa.array(changed)).to_pylist()))
    gone = ~has_id & ~has_work
    for row in changed.tolist():
        own = np.array(old["ngrams"][row].as_py(), np.uint64)
        gone[row] = len(own) > 0 and not _is_superseded(own, *samples[old["work"][row].as_py()])
    return pa.array(gone)


def _samples_by_work(pins: pa.Table, works: set[str]) -> dict[str, tuple[Hashes, np.uint64]]:
    """All sampled 13-grams of a work's documents, and up to which hash none of theirs is missing."""
    parts: dict[str, list[Hashes]] = defaultdict(list)
    for work, ngrams in zip(pins["work"], pins["ngrams"], strict=True):
        if (name := work.as_py()) in works:
            parts[name].append(np.array(ngrams.as_py(), np.uint64))
    return {work: (np.concatenate(found), min(map(reach, found))) for work, found in parts.items()}


def _is_superseded(own: Hashes, others: Hashes, limit: np.uint64) -> bool:
    own = own[own <= min(limit, reach(own))]
    return len(own) > 0 and int(np.isin(own, others).sum()) >= SUCCESSOR * len(own)
