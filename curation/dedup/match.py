"""Candidate pairs from equal keys, by partitions of the key space. Pairs are (row number, row number) arrays on disk.

Near-duplicates: rows that share a band. A run of at most MAX_RUN rows gives all its pairs whose estimate (low bytes of
the signatures) comes near the threshold; a longer one gives a star, which joins them all without squares.
Containment: rows that share sampled 13-grams; in each run the LONGEST rows are the possible containers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup import keys
from curation.dedup.rows import Layout, Numbers

MAX_RUN = 32
LONGEST = 8
# At true similarity t an estimate of 128 permutations falls below t - 0.2 once in ten million pairs.
MARGIN = 0.2
_CHUNK = 1 << 16

Pairs = npt.NDArray[np.int64]


def match_bands(layout: dict[str, Any], band: int, low: int, high: int, min_estimate: float, out: str) -> int:
    """Task: (n, 2) pairs of rows that share this band and look alike; returns n."""
    place = Layout(**layout)
    sorted_keys, numbers = keys.load(place, "bands", band, low, high)
    first, size = runs(sorted_keys)
    parts = [np.zeros((0, 2), np.int64)]
    for apart in range(1, MAX_RUN):
        left = np.flatnonzero((sorted_keys[apart:] == sorted_keys[:-apart]) & (size[apart:] <= MAX_RUN))
        if not len(left):
            break
        pairs = np.stack([numbers[left], numbers[left + apart]], axis=1)
        parts += [chunk[estimates(place, chunk) >= min_estimate] for chunk in np.array_split(pairs, -(-len(pairs) // _CHUNK))]
    star = np.flatnonzero((size > MAX_RUN) & (first != np.arange(len(first))))
    parts.append(np.stack([numbers[first[star]], numbers[star]], axis=1))
    found = np.concatenate(parts)
    np.save(out, found)
    return len(found)


def runs(sorted_keys: npt.NDArray[np.uint64]) -> tuple[Numbers, Numbers]:
    """Per entry: index of the first of its run of equal keys, and the run's size."""
    is_first = np.append(True, sorted_keys[1:] != sorted_keys[:-1])[: len(sorted_keys)]
    starts = np.flatnonzero(is_first)
    sizes = np.diff(np.append(starts, len(sorted_keys)))
    return np.repeat(starts, sizes), np.repeat(sizes, sizes)


def estimates(layout: Layout, pairs: Pairs) -> npt.NDArray[np.float64]:
    """Share of equal low bytes of the signatures of each pair."""
    if not len(pairs):
        return np.zeros(0)
    left, right = layout.take("sketch-{}", pairs[:, 0]), layout.take("sketch-{}", pairs[:, 1])
    return np.asarray((left == right).mean(axis=1))


def match_grams(layout: dict[str, Any], low: int, high: int, out: str) -> int:
    """Task: (n, 3) rows of (shorter, longer, number of sampled 13-grams in common) within this partition; returns n."""
    place = Layout(**layout)
    sorted_keys, numbers = keys.load(place, "grams", 0, low, high)
    _, size = runs(sorted_keys)
    sorted_keys, numbers = sorted_keys[size > 1], numbers[size > 1]
    unique, inverse = np.unique(numbers, return_inverse=True)
    rows = place.take("rows-{}", unique)
    # Equally long ones by id, never by number: which of them are containers must not depend on where they lie.
    rank_of = np.empty(len(unique), np.int64)
    rank_of[np.lexsort((rows["id_low"], rows["id_high"], -rows["shingles"]))] = np.arange(len(unique))
    order = np.lexsort((rank_of[inverse], sorted_keys))
    sorted_keys, numbers, length = sorted_keys[order], numbers[order], rows["shingles"][inverse][order]
    first, size = runs(sorted_keys)
    parts = [np.zeros((0, 2), np.int64)]
    for rank in range(LONGEST):
        container = np.minimum(first + rank, len(numbers) - 1)
        valid = (size > rank) & (length < length[container] if len(numbers) else False)
        parts.append(np.stack([numbers[valid], numbers[container[valid]]], axis=1))
    together = np.concatenate(parts)
    codes, counts = np.unique((together[:, 0] << 32) | together[:, 1], return_counts=True)
    np.save(out, np.column_stack([codes >> 32, codes & 0xFFFFFFFF, counts]).astype(np.int64).reshape(-1, 3))
    return len(codes)
