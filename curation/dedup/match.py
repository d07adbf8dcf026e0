"""Candidate pairs from equal keys, by partitions of the key space. Pairs are (number, number) arrays on disk.

Near-duplicates: texts that share a band. A run of at most MAX_RUN texts gives all its pairs whose estimate (low bytes of
the signatures) comes near the threshold; a longer one gives a star, which joins them all without squares. Only pairs and
stars with a text to rematch are looked at: the others are in the last index's components.
Containment: texts that share sampled 13-grams; in each run the LONGEST texts are the possible containers. Only texts that
share a 13-gram with one that came or went are judged: nothing else can change who may contain them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup.keys import runs
from curation.dedup.merge import Merge, save_list
from curation.dedup.rows import Layout, load
from curation.dedup.shingles import ascending

MAX_RUN = 32
LONGEST = 8
# At true similarity t an estimate of 128 permutations falls below t - 0.2 once in ten million pairs.
MARGIN = 0.2
_CHUNK = 1 << 16

Pairs = npt.NDArray[np.int64]


def match_bands(merge: dict[str, Any], band: int, low: int, high: int, part: int, min_estimate: float) -> int:
    """Task: edges-<band>-<part>.npy, (n, 2) pairs of texts that share this band and look alike; returns pairs looked at."""
    place = Merge(**merge)
    keys, numbers = place.keys("bands", band, low, high)
    keys, numbers = keys[numbers >= 0], numbers[numbers >= 0]
    save_list(place, "bands", band, part, keys, numbers)
    shared = runs(keys)[1] > 1
    keys, numbers = keys[shared], numbers[shared]
    rematch = place.mask("rematch")[numbers]
    first, size = runs(keys)
    parts = [np.zeros((0, 2), np.int64)]
    looked = 0
    for apart in range(1, MAX_RUN):
        left = np.flatnonzero((keys[apart:] == keys[:-apart]) & (size[apart:] <= MAX_RUN) & (rematch[apart:] | rematch[:-apart]))
        pairs = np.stack([numbers[left], numbers[left + apart]], axis=1)
        looked += len(pairs)
        parts += [
            chunk[estimates(place.known, chunk) >= min_estimate] for chunk in np.array_split(pairs, -(-len(pairs) // _CHUNK) or 1)
        ]
    star = np.flatnonzero((size > MAX_RUN) & (first != np.arange(len(first))) & _touched(first, rematch))
    parts.append(np.stack([numbers[first[star]], numbers[star]], axis=1))
    np.save(f"{place.scratch}/edges-{band}-{part}.npy", np.concatenate(parts))
    return looked + len(star)


def _touched(first: Pairs, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Whether any entry of each entry's run is flagged; `first` as `runs` gives it."""
    touched = np.zeros(len(first), bool)
    touched[first[flags]] = True
    spread: npt.NDArray[np.bool_] = touched[first]
    return spread


def estimates(known: Layout, pairs: Pairs) -> npt.NDArray[np.float64]:
    """Share of equal low bytes of the signatures of each pair."""
    if not len(pairs):
        return np.zeros(0)
    left, right = known.take("sketch-{}", pairs[:, 0]), known.take("sketch-{}", pairs[:, 1])
    return np.asarray((left == right).mean(axis=1))


def merge_grams(merge: dict[str, Any], low: int, high: int, part: int) -> int:
    """Task: affected-<part>.npy, the texts that share a 13-gram of this partition with one that came or went; their number."""
    place = Merge(**merge)
    keys, numbers = place.keys("grams", 0, low, high)
    is_here = numbers >= 0
    changed = ~is_here
    changed[is_here] = place.mask("is_new")[numbers[is_here]]
    affected = ascending(numbers[_touched(runs(keys)[0], changed) & is_here])
    save_list(place, "grams", 0, part, keys[is_here], numbers[is_here])
    np.save(f"{place.scratch}/affected-{part}.npy", affected)
    return len(affected)


def match_grams(merge: dict[str, Any], part: int) -> int:
    """Task: held-<part>.npy, (n, 4) rows of (affected, longer, number of sampled 13-grams in common here, of them those in at
    most MAX_RUN texts); returns n."""
    place = Merge(**merge)
    stem = f"{place.out}/grams-0-{part}"
    keys, numbers = load(f"{stem}.npy"), load(f"{stem}-rows.npy").astype(np.int64)
    affected = place.mask("affected")[numbers]
    first, size = runs(keys)
    inside = (size > 1) & _touched(first, affected)
    keys, numbers, affected = keys[inside], numbers[inside], affected[inside]
    unique, inverse = np.unique(numbers, return_inverse=True)
    shingles = place.known.take("texts-{}", unique)["shingles"][inverse]
    # Equally long ones by number, which is by id: who is a container must not depend on where texts lie.
    order = np.lexsort((numbers, -shingles, keys))
    keys, numbers, affected, length = keys[order], numbers[order], affected[order], shingles[order]
    first, size = runs(keys)
    parts = [np.zeros((0, 3), np.int64)]
    for rank in range(LONGEST):
        container = np.minimum(first + rank, len(numbers) - 1)
        valid = affected & (size > rank) & (length < length[container] if len(numbers) else False)
        parts.append(np.stack([numbers[valid], numbers[container[valid]], size[valid] <= MAX_RUN], axis=1))
    together = np.concatenate(parts)
    codes, inverse, counts = np.unique((together[:, 0] << 32) | together[:, 1], return_inverse=True, return_counts=True)
    rare = np.bincount(inverse, weights=together[:, 2], minlength=len(codes))
    held = np.column_stack([codes >> 32, codes & 0xFFFFFFFF, counts, rare]).astype(np.int64).reshape(-1, 4)
    np.save(Path(place.scratch) / f"held-{part}.npy", held)
    return len(held)
