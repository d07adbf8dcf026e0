"""Train documents against eval documents that only the pins remember, by what both sampled of their 13-grams.

A sample holds every 13-gram of its document up to a reach: all of them where there are fewer than MIN_GRAMS, else up to the
largest sampled or GRAM_BOUND. Below the smaller reach of two documents nothing is missing on either side, so shares of what
lies there estimate shares of all; where both samples are complete they are exact. A copy of a page of 80 words in one of
300 is told by some twenty 13-grams this way, of which two or three lie below GRAM_BOUND.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from curation.dedup.rows import halves, load
from curation.dedup.shingles import GRAM_BITS, GRAM_BOUND, MIN_GRAMS
from curation.dedup.tokens import Hashes

MIN_COVERED_GRAMS = 8  # an eval document of fewer is a phrase; a train document may quote it
REMEMBERED = np.dtype([("id_high", "<u8"), ("id_low", "<u8"), ("start", "<i8"), ("size", "<i4")])
ALL = np.uint64((1 << GRAM_BITS) - 1)

Evidence = tuple[float, int, int]  # score, halves of the twin's id


def write_vanished(pins: pa.Table, folder: Path) -> str:
    """Files of the vanished documents among pins (one row each); returns their stem."""
    rows = np.zeros(len(pins), REMEMBERED)
    rows["id_high"], rows["id_low"] = halves(pins["id"].to_pylist())
    samples = pc.list_flatten(pins["ngrams"]).to_numpy()
    owners = pc.list_parent_indices(pins["ngrams"]).to_numpy()
    rows["size"] = np.bincount(owners, minlength=len(rows))
    rows["start"] = np.cumsum(rows["size"]) - rows["size"]
    order = np.lexsort((owners, samples))
    stem = folder / "vanished"
    for name, array in (("rows", rows), ("samples", samples), ("grams", samples[order]), ("owners", owners[order])):
        np.save(f"{stem}-{name}.npy", array)
    return str(stem)


class Vanished:
    """What `write_vanished` wrote."""

    def __init__(self, stem: str) -> None:
        self.rows, self.samples, self.grams, self.owners = (
            load(f"{stem}-{name}.npy") for name in ("rows", "samples", "grams", "owners")
        )

    def sample(self, number: int) -> Hashes:
        start = int(self.rows["start"][number])
        found: Hashes = self.samples[start : start + int(self.rows["size"][number])]
        return found

    def holding(self, own: Hashes) -> list[int]:
        """The documents that sampled one of these hashes, ascending."""
        starts, stops = (np.searchsorted(self.grams, own, side) for side in ("left", "right"))
        return sorted({number for start, stop in zip(starts, stops, strict=True) for number in self.owners[start:stop].tolist()})

    def near(self, hashes: Hashes, owner: npt.NDArray[Any], max_overlap: float, max_covered: float) -> dict[int, Evidence]:
        """Evidence by document, of samples of documents `owner`; hashes ascend within each."""
        if not len(self.grams) or not len(hashes):
            return {}
        places = np.minimum(np.searchsorted(self.grams, hashes), len(self.grams) - 1)
        hit = np.unique(owner[self.grams[places] == hashes])
        inside = np.isin(owner, hit)
        hashes, owner = hashes[inside], owner[inside]
        order = np.argsort(owner, kind="stable")
        samples = np.split(hashes[order], np.flatnonzero(np.diff(owner[order])) + 1) if len(hit) else []
        judged = {number: self._judge(own, max_overlap, max_covered) for number, own in zip(hit.tolist(), samples, strict=True)}
        return {number: evidence for number, evidence in judged.items() if evidence}

    def _judge(self, own: Hashes, max_overlap: float, max_covered: float) -> Evidence | None:
        numbers = self.holding(own)
        others = [self.sample(number) for number in numbers]
        limit = min(reach(own), *map(reach, others))
        held = np.isin(own, np.concatenate(others))
        common = [_common(own, other) for other in others]
        share = _share(int((held & (own <= limit)).sum()), int((own <= limit).sum()), limit)
        covers = [
            _share(hits, size, limit) if len(other) >= MIN_COVERED_GRAMS else 0.0
            for other, (hits, size, limit) in zip(others, common, strict=True)
        ]
        if share < max_overlap and max(covers) < max_covered:
            return None
        twin = self.rows[numbers[int(np.argmax([hits for hits, *_ in common]))]]
        return max(share, *covers), int(twin["id_high"]), int(twin["id_low"])


def reach(sample: Hashes) -> np.uint64:
    """Up to which hash a sample, ascending, holds all 13-grams of its document."""
    if len(sample) < MIN_GRAMS:
        return ALL
    return np.uint64(max(int(sample[-1]), GRAM_BOUND - 1))


def _common(own: Hashes, other: Hashes) -> tuple[int, int, np.uint64]:
    """(hashes in common, hashes of `other`, up to which hash both were counted)."""
    limit = min(reach(own), reach(other))
    other = other[other <= limit]
    return int(np.isin(other, own).sum()), len(other), limit


def _share(hits: int, size: int, limit: np.uint64) -> float:
    """One hit of a sample says nothing; of all 13-grams it does."""
    return hits / size if hits >= (1 if limit == ALL else 2) else 0.0
