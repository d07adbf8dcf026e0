"""Exact duplicates: rows of one id, by partitions of the id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup import decisions
from curation.dedup.match import runs
from curation.dedup.order import keeper_order
from curation.dedup.rows import Layout, Numbers


def drop_exact(layout: dict[str, Any], low: int, high: int, out: str) -> int:
    """Task: decisions about all rows whose id's upper half lies in [low, high]; returns their number."""
    place = Layout(**layout)
    keys, numbers = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for index, base in enumerate(place.bases[:-1]):
        ids = place.open("rows-{}", index)["id_high"]
        inside = np.flatnonzero((ids >= np.uint64(low)) & (ids <= np.uint64(high)))
        keys.append(ids[inside])
        numbers.append(inside + base)
    together = np.concatenate(keys)
    order = np.argsort(together, kind="stable")
    shared = runs(together[order])[1] > 1
    found = np.concatenate(numbers)[order[shared]]
    decided = _decide(place, found)
    decisions.save(Path(out), decided)
    return len(decided)


def _decide(place: Layout, numbers: Numbers) -> npt.NDArray[Any]:
    """Of the rows of each id all but the first in keeper order."""
    if not len(numbers):
        return np.zeros(0, decisions.DECISION)
    rows = place.take("rows-{}", numbers)
    order = np.lexsort((rows["id_low"], rows["id_high"]))
    rows, numbers = rows[order], numbers[order]
    is_new = (rows["id_high"][1:] != rows["id_high"][:-1]) | (rows["id_low"][1:] != rows["id_low"][:-1])
    groups = np.append(0, np.cumsum(is_new))
    ranked = keeper_order(rows, groups)
    is_keeper = np.append(True, is_new)  # groups are contiguous and stay so
    keeper = ranked[np.maximum.accumulate(np.where(is_keeper, np.arange(len(rows)), 0))]
    decided = np.zeros(len(rows), decisions.DECISION)
    decided["number"], decided["keeper"] = numbers[ranked], numbers[keeper]
    decided["reason"], decided["score"] = decisions.EXACT, 1
    dropped: npt.NDArray[Any] = decided[~is_keeper]
    return dropped
