"""Exact duplicates: rows of one id, by partitions of the id; and the texts that are left, one an id.

Files of partition p: exact-p.npy (decisions), texts-p.npy (TEXT, ascending by id: those that have shingles). A text's number
is its place among all partitions': it depends on the set of ids alone, not on segments.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup import decisions
from curation.dedup.keys import runs
from curation.dedup.order import keeper_order
from curation.dedup.rows import Layout, Numbers

TEXT = np.dtype([("id_high", "<u8"), ("id_low", "<u8"), ("shingles", "<i4"), ("row", "<i8")])  # row: the number of its keeper


def drop_exact(layout: dict[str, Any], low: int, high: int, out: str, texts: str) -> int:
    """Task: decisions about all rows whose id's upper half lies in [low, high], and their texts; returns how many texts."""
    place = Layout(**layout)
    parts = [np.zeros(0, np.int64)]
    for index, base in enumerate(place.bases[:-1]):
        ids = place.open("rows-{}", index)["id_high"]
        parts.append(np.flatnonzero((ids >= np.uint64(low)) & (ids <= np.uint64(high))) + base)
    numbers = np.concatenate(parts)
    decided, keepers = _decide(place, numbers)
    decisions.save(Path(out), decided)
    rows = place.take("rows-{}", keepers)
    found = np.zeros(len(keepers), TEXT)
    for name in ("id_high", "id_low", "shingles"):
        found[name] = rows[name]
    found["row"] = keepers
    found = found[found["shingles"] > 0]
    np.save(texts, found)
    return len(found)


def _decide(place: Layout, numbers: Numbers) -> tuple[npt.NDArray[Any], Numbers]:
    """(decisions about all rows of each id but the first in keeper order, that first row of each id, ascending by id)."""
    if not len(numbers):
        return np.zeros(0, decisions.DECISION), numbers
    rows = place.take("rows-{}", numbers)
    order = np.lexsort((rows["id_low"], rows["id_high"]))
    rows, numbers = rows[order], numbers[order]
    is_new = (rows["id_high"][1:] != rows["id_high"][:-1]) | (rows["id_low"][1:] != rows["id_low"][:-1])
    groups = np.append(0, np.cumsum(is_new))
    ranked = _ranked(rows, groups)
    is_keeper = np.append(True, is_new)  # groups are contiguous and stay so
    keeper = ranked[np.maximum.accumulate(np.where(is_keeper, np.arange(len(rows)), 0))]
    decided = np.zeros(len(rows), decisions.DECISION)
    decided["number"], decided["keeper"] = numbers[ranked], numbers[keeper]
    decided["reason"], decided["score"] = decisions.EXACT, 1
    return decided[~is_keeper], numbers[keeper[is_keeper]]


def _ranked(rows: npt.NDArray[Any], groups: Numbers) -> Numbers:
    """Indices of the rows, group after group, best keeper first; only groups of several rows have to be sorted."""
    ranked = np.arange(len(rows))
    shared = np.flatnonzero(runs(groups)[1] > 1)
    ranked[shared] = shared[keeper_order(rows[shared], groups[shared])]
    return ranked
