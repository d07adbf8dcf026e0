"""Which of several copies stays: the keeper order, a total order that no way of reading can change.

Pinned eval documents first; then the newest revision of each work before its older ones; then the source's priority,
the longer text, the smaller id, and among exact copies a hash of where they lie.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup.rows import NEVER

Rows = npt.NDArray[Any]  # of dtype ROW
Indices = npt.NDArray[np.int64]


def keeper_order(rows: Rows, groups: npt.NDArray[Any] | None = None) -> Indices:
    """Indices of `rows`, best keeper first; with `groups` (a number per row) group by group."""
    groups = np.zeros(len(rows), np.int64) if groups is None else groups
    age = _age(rows, groups)
    keys = (rows["place"], rows["id_low"], rows["id_high"], -rows["length"], -rows["priority"], age, ~rows["pinned"], groups)
    return np.lexsort(keys).astype(np.int64)


def _age(rows: Rows, groups: npt.NDArray[Any]) -> Indices:
    """How many newer revisions of the same work stand in the same group; 0 where the revision is unknown."""
    if not len(rows):
        return np.zeros(0, np.int64)
    order = np.lexsort((-rows["revised"].clip(NEVER + 1), rows["work"], groups))
    work, revised, group = rows["work"][order], rows["revised"][order], groups[order]
    is_first = np.append(True, (work[1:] != work[:-1]) | (group[1:] != group[:-1]))
    is_older = np.append(False, revised[1:] != revised[:-1]) & ~is_first
    steps = np.cumsum(is_older)
    start = np.maximum.accumulate(np.where(is_first, np.arange(len(rows)), 0))
    age = np.empty(len(rows), np.int64)
    age[order] = np.where(revised == NEVER, 0, steps - steps[start])
    return age
