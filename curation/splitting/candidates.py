"""Candidates for eval, and signs that other works share their text, from sampled 13-grams by partitions of their hashes.

The pool holds works whose hash is small enough that several times the wanted share is there to choose from; in a small
stratum that is every work. A sign against a work is a document of another work that would come over the bound if the
work were eval, or a 13-gram so common that more than MAX_RUN documents hold it, not all of them its own (a licence, a
footer).
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup.keys import load as load_keys
from curation.dedup.keys import runs
from curation.dedup.rows import Layout, Numbers, load
from curation.dedup.shingles import GRAM_BOUND, ascending
from curation.splitting.parts import Works, parts_of

POOL_FACTOR = 8  # times the wanted share
POOL_DOCUMENTS = 4096  # strata up to this size are pooled whole
MAX_RUN = 64
# Estimates from samples are noisy: a candidate is refused somewhat below the bound, train is judged on texts.
CAUTION = 0.5


def pool_limit(num_documents: int, eval_fraction: float) -> int:
    """Works of a stratum are pooled whose `order` has no larger upper half."""
    share = min(1.0, max(POOL_FACTOR * eval_fraction, POOL_DOCUMENTS / max(1, num_documents)))
    return int(share * 0xFFFFFFFF)


def pool(layout: dict[str, Any], index: int, limits: dict[str, int], out: str) -> None:
    """Task: the hashes of one segment's pooled works."""
    rows = Layout(**layout).open("rows-{}", index)
    keys, inverse = np.unique(rows["stratum"], return_inverse=True)
    limit = np.array([limits[str(key)] for key in keys.tolist()], np.uint64)
    inside = (rows["order"] >> np.uint64(32) <= limit[inverse]) | rows["pinned"]
    np.save(out, ascending(rows["work"][inside]))


def gather_works(layout: dict[str, Any], index: int, pooled: str, out: str) -> None:
    """Task: pooled-i.npy (a flag per document) and the parts of works in one segment's pooled and pinned documents."""
    place = Layout(**layout)
    rows = place.open("rows-{}", index)
    inside = np.isin(rows["work"], load(pooled))
    np.save(Path(place.folder) / f"pooled-{index}.npy", inside)
    np.save(out, parts_of(np.array(rows[inside])))


def match(layout: dict[str, Any], low: int, high: int, out: str) -> None:
    """Task: pairs (document, pooled document of another work, 13-grams in common, of them below GRAM_BOUND) in one
    partition into <out>-pairs.npy, and (pooled document, number of too common 13-grams) into <out>-common.npy."""
    place = Layout(**layout)
    keys, numbers = load_keys(place, "grams", 0, low, high)
    shared = runs(keys)[1] > 1
    keys, numbers = keys[shared], numbers[shared]
    work, pooled = _attributes(place, numbers)
    first, size = runs(keys)
    parts = [np.zeros((0, 3), np.int64)]
    for apart in range(1, MAX_RUN):
        left = np.flatnonzero((keys[apart:] == keys[:-apart]) & (size[apart:] <= MAX_RUN))
        if not len(left):
            break
        for one, other in ((left, left + apart), (left + apart, left)):
            valid = pooled[other] & (work[one] != work[other])
            one, other = one[valid], other[valid]
            parts.append(np.stack([numbers[one], numbers[other], keys[one] < GRAM_BOUND], axis=1))
    pairs = np.concatenate(parts)
    codes, inverse, counts = np.unique((pairs[:, 0] << 32) | pairs[:, 1], return_inverse=True, return_counts=True)
    low_counts = np.bincount(inverse, weights=pairs[:, 2], minlength=len(codes)).astype(np.int64)
    np.save(f"{out}-pairs.npy", np.column_stack([codes >> 32, codes & 0xFFFFFFFF, counts, low_counts]).astype(np.int64))
    common = numbers[(size > MAX_RUN) & pooled & _of_several_works(first, work)]
    np.save(f"{out}-common.npy", np.column_stack(np.unique(common, return_counts=True)).astype(np.int64))


def _of_several_works(first: Numbers, work: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Whether each entry's run (`first` as `runs` gives it) holds documents of more than one work."""
    borders = np.flatnonzero(first == np.arange(len(first)))
    if not len(borders):
        return np.zeros(0, bool)
    several = np.minimum.reduceat(work, borders) != np.maximum.reduceat(work, borders)
    return np.repeat(several, np.diff(np.append(borders, len(first))))


def _attributes(place: Layout, numbers: Numbers) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.bool_]]:
    unique, inverse = np.unique(numbers, return_inverse=True)
    if not len(unique):
        return np.zeros(0, np.uint64), np.zeros(0, bool)
    return place.take("rows-{}", unique)["work"][inverse], place.take("pooled-{}", unique)[inverse]


def count_overlaps(works: Works, layout: Layout, files: list[str], max_overlap: float, max_covered: float) -> Works:
    """`works` with `overlaps` filled, block by block of the documents that would suffer."""
    pairs = [load(f"{file}-pairs.npy") for file in files]
    bases = layout.bases
    signs = np.zeros(len(works), np.int64)
    for first, last in itertools.pairwise(bases):
        slices = [array[slice(*np.searchsorted(array[:, 0], [first, last]))] for array in pairs]
        hit = _over(np.concatenate([np.zeros((0, 4), np.int64), *slices]), layout, max_overlap, max_covered)
        np.add.at(signs, np.searchsorted(works["work"], layout.take("rows-{}", hit)["work"]), 1)
    for file in files:
        common = load(f"{file}-common.npy")
        if len(common):
            np.add.at(signs, np.searchsorted(works["work"], layout.take("rows-{}", common[:, 0])["work"]), common[:, 1])
    works["overlaps"] = signs
    return works


def _over(pairs: npt.NDArray[np.int64], layout: Layout, max_overlap: float, max_covered: float) -> Numbers:
    """The pooled documents of those pairs whose estimate comes near a bound."""
    codes, inverse = np.unique((pairs[:, 0] << 32) | pairs[:, 1], return_inverse=True)
    hits = np.bincount(inverse, weights=pairs[:, 2], minlength=len(codes))
    low = np.bincount(inverse, weights=pairs[:, 3], minlength=len(codes))
    one, other = layout.take("rows-{}", codes >> 32), layout.take("rows-{}", codes & 0xFFFFFFFF)
    share = np.maximum(hits / np.maximum(one["grams"], 1), low / np.maximum(one["low"], 1))
    cover = np.where(one["complete"] & other["complete"], hits / np.maximum(other["grams"], 1), low / np.maximum(other["low"], 1))
    suffering: Numbers = codes[(share >= CAUTION * max_overlap) | (cover >= CAUTION * max_covered)] & 0xFFFFFFFF
    return suffering
