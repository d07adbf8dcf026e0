"""The only reading of text: the shingles of rows that have a candidate, by bin, into the scratch folder.

Files of segment i: members-i.npy (MEMBER per row), signatures-i.npy, shingles-i.bin (64-bit hashes, one after the other).
Bounded by one row group of documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation.dedup import keys
from curation.dedup.config import Config
from curation.dedup.rows import Layout, Numbers, load
from curation.dedup.shingles import shingle_set
from curation.segment import Segment, scan

MEMBER = np.dtype([("number", "<i8"), ("component", "<i8"), ("bin", "<i8"), ("start", "<i8"), ("size", "<i8")])


def gather(segment: dict[str, Any], config: dict[str, Any], layout: dict[str, Any], index: int, members: str) -> None:
    """Task: write the members of one segment with their signatures and shingles."""
    piece, settings, place = Segment(**segment), Config(**config), Layout(**layout)
    own = load(members)
    start, stop = np.searchsorted(own["number"], place.bases[index : index + 2])
    own = np.array(own[start:stop])
    rows = place.open("rows-{}", index)["row"][own["number"] - place.bases[index]].astype(np.int64)
    folder = Path(place.folder)
    np.save(folder / f"signatures-{index}.npy", _signatures(piece, rows, settings.num_perm))
    position = 0
    with (folder / f"shingles-{index}.bin").open("wb") as stream:
        for entry, text in zip(own, texts(piece, rows), strict=True):
            shingles = shingle_set(text, settings.ngram, piece.kind == "code")
            stream.write(shingles.tobytes())
            entry["start"], entry["size"] = position, len(shingles)
            position += len(shingles)
    np.save(folder / f"members-{index}.npy", own)


def _signatures(segment: Segment, rows: Numbers, num_perm: int) -> Any:
    found = [np.zeros((0, num_perm), np.uint32)]
    first = 0
    for batch in scan(segment.table("signatures"), ["signature"], rows=2048):
        start, stop = np.searchsorted(rows, [first, first + batch.num_rows])
        found.append(keys.words(batch["signature"], num_perm)[rows[start:stop] - first])
        first += batch.num_rows
    return np.concatenate(found)


def texts(segment: Segment, rows: Numbers) -> Iterator[str]:
    """Texts of ascending rows of a segment, as signatures saw them where the segment keeps that, row group by row group."""
    path = segment.table("documents")
    first = 0
    with pq.ParquetFile(path, memory_map=True) as file:
        columns = [name for name in ("view", "text") if name in file.schema_arrow.names]
        for group in range(file.metadata.num_row_groups):
            last = first + file.metadata.row_group(group).num_rows
            start, stop = np.searchsorted(rows, [first, last])
            if stop > start:
                table = file.read_row_group(group, columns=columns, use_threads=False).take(rows[start:stop] - first)
                yield from (pc.coalesce(*table.columns) if len(columns) > 1 else table["text"]).to_pylist()
            first = last
