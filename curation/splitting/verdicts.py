"""The verdict files of the step `split`: `split` for every kept row, and what leaves here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation.dedup.rows import Layout, hex_ids, load
from curation.segment import VERDICTS, Segment, scan

Drops = dict[int, tuple[str, float, str]]  # row -> reason, score, twin


def write_verdicts(
    segment: dict[str, Any],
    previous: str,
    layout: dict[str, Any],
    index: int,
    near: str,
    contained: list[list[Any]],
    stage: str,
    out: str,
) -> dict[str, int]:
    """Task: one segment. `contained`: [row, score, question] of documents that hold a test set. Returns rows by outcome."""
    piece, place = Segment(**segment), Layout(**layout)
    rows = place.open("rows-{}", index)["row"].astype(np.int64)
    found = load(near)
    where = rows[found["number"] - place.bases[index]].tolist()
    twins = hex_ids(found["twin_high"], found["twin_low"])
    drops = {row: ("near_eval", score, twin) for row, score, twin in zip(where, found["score"].tolist(), twins, strict=True)}
    drops |= {row: ("in_test_set", score, question) for row, score, question in contained}
    eval_rows = rows[place.open("eval-{}", index)]
    counts = {"train": 0, "eval": 0, "near_eval": len(found), "in_test_set": len(contained)}
    first = 0
    name = f"{piece.fingerprint}.parquet"
    with pq.ParquetWriter(Path(out) / name, VERDICTS, compression="zstd") as writer:
        for batch in scan(Path(previous) / name):
            done = _put(batch, first, drops, eval_rows, stage)
            for split in ("train", "eval"):
                counts[split] += pc.sum(pc.equal(done["split"], split)).as_py() or 0
            writer.write_batch(done)
            first += batch.num_rows
    return counts


def _put(batch: pa.RecordBatch, first: int, drops: Drops, eval_rows: Any, stage: str) -> pa.RecordBatch:
    mine = sorted(row for row in drops if first <= row < first + batch.num_rows)
    mask = np.zeros(batch.num_rows, bool)
    mask[[row - first for row in mine]] = True
    columns = {name: batch[name] for name in VERDICTS.names}
    values = {
        "stage": [stage] * len(mine), "reason": [drops[row][0] for row in mine],
        "score": [drops[row][1] for row in mine], "twin": [drops[row][2] for row in mine],
    }  # fmt: skip
    for name, put in values.items():
        columns[name] = pc.replace_with_mask(columns[name], pa.array(mask), pa.array(put, VERDICTS.field(name).type))
    is_eval = np.isin(np.arange(first, first + batch.num_rows), eval_rows)
    split = pc.if_else(pa.array(is_eval), "eval", "train")
    columns["split"] = pc.if_else(pc.is_null(columns["reason"]), split, pa.scalar(None, pa.string()))
    return pa.RecordBatch.from_arrays(list(columns.values()), schema=VERDICTS)
