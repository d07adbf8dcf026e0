"""The only reading of text: the shingles of rows that have a candidate, by bin, into the scratch folder.

Files of segment i: members-i.npy (MEMBER per row), signatures-i.npy, shingles-i.bin (64-bit hashes, one after the other).
Bounded by one row group of documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from curation.dedup import keys
from curation.dedup.config import Config
from curation.dedup.keys import taken
from curation.dedup.rows import Layout, Numbers, load
from curation.dedup.shingles import shingle_set
from curation.segment import Segment

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
    parts = [keys.words(batch["signature"], num_perm) for batch in taken(segment.table("signatures"), ["signature"], rows)]
    return np.concatenate([np.zeros((0, num_perm), np.uint32), *parts])


def texts(segment: Segment, rows: Numbers) -> Iterator[str]:
    """Texts of ascending rows of a segment."""
    for batch in taken(segment.table("documents"), ["text"], rows):
        yield from batch["text"].to_pylist()
