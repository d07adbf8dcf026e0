"""Candidate pairs -> components: texts that can decide about each other, and the bins in which they are judged.

No decision crosses a component, so each is judged alone, in any process. A component says nothing about similarity:
who is dropped is decided by the walk (walk.py), never by being joined here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from curation.dedup.config import Config
from curation.dedup.rows import Layout, Numbers, load

# Scattered edits break 13-grams more often than shingles: half of the grams is enough to look at the texts.
MIN_GRAM_SHARE = 0.5
# Of a text of 50 shingles 1.3 13-grams are sampled. One in common is enough to look, unless many texts hold it (a footer).
FEW_GRAMS = 2
_BLOCK = 1 << 20


class Forest:
    """Disjoint sets over numbers, joined by blocks of pairs."""

    def __init__(self, size: int) -> None:
        self.parent = np.arange(size, dtype=np.int32 if size < 1 << 31 else np.int64)  # all that this step holds of every text

    def join(self, left: Numbers, right: Numbers) -> None:
        while len(left):
            left, right = self.roots(left), self.roots(right)
            apart = left != right
            left, right = left[apart], right[apart]
            # Of several edges at one root the last wins; the others come round again.
            self.parent[np.maximum(left, right)] = np.minimum(left, right)

    def roots(self, numbers: Numbers) -> Numbers:
        found = self.parent[numbers].astype(np.int64)
        while True:
            above = self.parent[found].astype(np.int64)
            if np.array_equal(above, found):
                break
            found = above
        self.parent[numbers] = found
        return found


def containment_pairs(files: Sequence[str], known: Layout, config: Config) -> Numbers:
    """(shorter, longer) pairs that share enough sampled 13-grams over all partitions, by ranges of the shorter's number."""
    loaded = [load(file) for file in files]
    parts = [np.zeros((0, 2), np.int64)]
    for first, last in itertools.pairwise(known.bases):
        slices = [array[slice(*np.searchsorted(array[:, 0], [first, last]))] for array in loaded]
        together = np.concatenate([np.zeros((0, 4), np.int64), *slices])
        codes, inverse = np.unique((together[:, 0] << 32) | together[:, 1], return_inverse=True)
        hits = np.bincount(inverse, weights=together[:, 2], minlength=len(codes))
        pairs = np.column_stack([codes >> 32, codes & 0xFFFFFFFF]).reshape(-1, 2)
        sampled = known.take("texts-{}", pairs[:, 0])["sampled"]
        rare = np.bincount(inverse, weights=together[:, 3], minlength=len(codes))
        enough = hits >= np.maximum(2, MIN_GRAM_SHARE * config.containment * sampled)
        parts.append(pairs[enough | ((sampled <= FEW_GRAMS) & (rare > 0))])
    return np.concatenate(parts)


def components(edges: Iterable[Numbers], size: int) -> Numbers:
    """(n, 2): numbers that have an edge, ascending, and the smallest number of their component."""
    forest = Forest(size)
    touched = np.zeros(size, bool)
    for pairs in edges:
        for start in range(0, len(pairs), _BLOCK):
            block = np.array(pairs[start : start + _BLOCK])
            touched[block] = True
            forest.join(block[:, 0], block[:, 1])
    numbers = np.flatnonzero(touched)
    return np.column_stack([numbers, forest.roots(numbers)])


def bins(component: Numbers, weight: npt.NDArray[np.int64], max_weight: int) -> Numbers:
    """The bin of each row: whole components, in order of their names, until a bin is full. A giant has its own."""
    order = np.argsort(component, kind="stable")
    names, starts = np.unique(component[order], return_index=True)
    if not len(names):
        return np.zeros(0, np.int64)
    weights = np.add.reduceat(weight[order], starts)
    chosen = (np.cumsum(weights) - weights) // max_weight
    return np.unique(chosen, return_inverse=True)[1][np.searchsorted(names, component)]
