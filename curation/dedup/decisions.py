"""Decisions about rows as files of arrays, and how they become verdict tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from curation.dedup.rows import Layout, Numbers, hex_ids, load
from curation.segment import VERDICTS, Segment, scan

REASONS = {
    "exact_duplicate": "same text as a kept copy (same id)",
    "near_duplicate": "Jaccard similarity of its shingles with a kept copy is at or above the threshold",
    "contained": "a longer kept document holds nearly all of its shingles",
}
EXACT, NEAR, CONTAINED = range(3)
DECISION = np.dtype([("number", "<i8"), ("reason", "u1"), ("score", "<f4"), ("keeper", "<i8")])


def save(path: Path, decisions: npt.NDArray[Any]) -> None:
    np.save(path, decisions[np.argsort(decisions["number"], kind="stable")])


def of_segment(files: Sequence[str], layout: Layout, index: int) -> npt.NDArray[Any]:
    """All decisions about rows of segment `index`, by row number."""
    first, last = layout.bases[index : index + 2]
    parts = [np.zeros(0, DECISION)]
    for file in files:
        found = load(file)
        start, stop = np.searchsorted(found["number"], [first, last])
        parts.append(np.array(found[start:stop]))
    together = np.concatenate(parts)
    return together[np.argsort(together["number"], kind="stable")]


def write_verdicts(
    segment: dict[str, Any], previous: str, files: list[str], layout: dict[str, Any], index: int, stage: str, out: str
) -> dict[str, int]:
    """Task: the verdict file of one segment; carried-over rows stay as they are. Returns dropped rows by reason."""
    piece, place = Segment(**segment), Layout(**layout)
    decided = of_segment(files, place, index)
    keepers = place.take("rows-{}", decided["keeper"])
    rows = place.open("rows-{}", index)["row"][decided["number"] - place.bases[index]].astype(np.int64)
    words = list(REASONS)
    columns = {
        "stage": [stage] * len(decided),
        "reason": [words[code] for code in decided["reason"].tolist()],
        "score": decided["score"].tolist(),
        "twin": hex_ids(keepers["id_high"], keepers["id_low"]),
    }
    overlay(piece, previous, rows, columns, out)
    return {word: int(np.count_nonzero(decided["reason"] == code)) for code, word in enumerate(words)}


def overlay(segment: Segment, previous: str, rows: Numbers, columns: dict[str, list[Any]], out: str) -> None:
    """Copy a verdict file with `columns` put in at `rows` (ascending rows of the segment)."""
    name = f"{segment.fingerprint}.parquet"
    first = 0
    with pq.ParquetWriter(Path(out) / name, VERDICTS, compression="zstd") as writer:
        for batch in scan(Path(previous) / name):
            start, stop = np.searchsorted(rows, [first, first + batch.num_rows])
            arrays = {column: batch[column] for column in VERDICTS.names}
            if stop > start:
                mask = np.zeros(batch.num_rows, bool)
                mask[rows[start:stop] - first] = True
                for column, values in columns.items():
                    put = pa.array(values[start:stop], VERDICTS.field(column).type)
                    arrays[column] = pa.compute.replace_with_mask(arrays[column], pa.array(mask), put)
            writer.write_batch(pa.RecordBatch.from_arrays(list(arrays.values()), schema=VERDICTS))
            first += batch.num_rows
