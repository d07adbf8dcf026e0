"""The last index and the keys of new texts, as one: what the tasks that make the next index read.

A number is the place of a text among all texts by id. Numbers of the last index are translated by renumber.npy (-1 where
a text is gone). Masks, by new number: is_new.npy, and rematch.npy (new, or its component of near copies lost a member).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup.keys import between, runs
from curation.dedup.rows import Layout, Numbers, load
from curation.dedup.tokens import Hashes

KNOWN = np.dtype([("id_high", "<u8"), ("id_low", "<u8"), ("shingles", "<i4"), ("sampled", "<i4")])


@dataclass(frozen=True, slots=True)
class Merge:
    """JSON-able: tasks get it as a dict. `lists` counts the files of the last index's sorted keys by name of the list."""

    scratch: str
    segments: int  # files of new keys in the scratch folder
    counts: tuple[int, ...]  # texts by range of ids
    out: str  # the index that is being made
    old: str  # the last index's folder; "" where there is none
    old_counts: tuple[int, ...]
    lists: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def known(self) -> Layout:
        """The index that is being made."""
        return Layout(self.out, self.counts)

    def mask(self, name: str) -> npt.NDArray[Any]:
        return load(Path(self.scratch) / f"{name}.npy")

    def keys(self, name: str, lane: int, low: int, high: int) -> tuple[Hashes, Numbers]:
        """(keys, numbers) with low <= key <= high, ascending by key, then number; gone texts have number -1."""
        found, numbers = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for part in range(self.lists.get(f"{name}-{lane}", 0)):
            stem = f"{self.old}/{name}-{lane}-{part}"
            own, texts = between(load(f"{stem}.npy"), load(f"{stem}-rows.npy"), low, high)
            found.append(own)
            numbers.append(self.mask("renumber")[texts] if len(texts) else texts)
        for index in range(self.segments):
            stem = f"{self.scratch}/{name}-{index}"
            own, texts = between(load(f"{stem}.npy")[lane], load(f"{stem}-rows.npy")[lane], low, high)
            found.append(own)
            numbers.append(texts)
        return _sorted(np.concatenate(found), np.concatenate(numbers))


def _sorted(found: Hashes, numbers: Numbers) -> tuple[Hashes, Numbers]:
    order = np.argsort(found, kind="stable")
    found, numbers = found[order], numbers[order]
    tied = np.flatnonzero(runs(found)[1] > 1)
    numbers[tied] = numbers[tied][np.lexsort((numbers[tied], found[tied]))]
    return found, numbers


def locate(merge: dict[str, Any], part: int, low: int, high: int) -> int:
    """Task: old-p.npy, the last index's number of each text of one range of ids, -1 where it is new; returns how many are."""
    place = Merge(**merge)
    texts = load(f"{place.scratch}/texts-{part}.npy")
    last, bases = Layout(place.old, place.old_counts), np.cumsum([0, *place.old_counts])
    ids, numbers = [texts[["id_high", "id_low"]]], [np.arange(len(texts))]
    for index, base in enumerate(bases[:-1]):
        known = last.open("texts-{}", index)
        start = np.searchsorted(known["id_high"], np.uint64(low))
        stop = np.searchsorted(known["id_high"], np.uint64(high), side="right")
        ids.append(known[["id_high", "id_low"]][start:stop])
        numbers.append(base + np.arange(start, stop))
    highs, lows = (np.concatenate([array[name] for array in ids]) for name in ("id_high", "id_low"))
    number = np.concatenate(numbers)
    is_old = np.arange(len(number)) >= len(texts)
    order = np.lexsort((is_old, lows, highs))
    both = (highs[order][1:] == highs[order][:-1]) & (lows[order][1:] == lows[order][:-1])
    found = np.full(len(texts), -1, np.int64)
    found[number[order][:-1][both]] = number[order][1:][both]
    np.save(f"{place.scratch}/old-{part}.npy", found)
    return int((found < 0).sum())


def merge_texts(merge: dict[str, Any], part: int, num_perm: int) -> int:
    """Task: texts-p.npy (KNOWN) and sketch-p.npy (low bytes of signatures) of one range of ids; returns how many
    sampled 13-grams they have."""
    place = Merge(**merge)
    listed: npt.NDArray[Any] = load(f"{place.scratch}/texts-{part}.npy")
    known, sketch = np.zeros(len(listed), KNOWN), np.zeros((len(listed), num_perm), np.uint8)
    for name in ("id_high", "id_low", "shingles"):
        known[name] = listed[name]
    old = load(f"{place.scratch}/old-{part}.npy")
    kept = np.flatnonzero(old >= 0)
    if len(kept):
        last = Layout(place.old, place.old_counts)
        known["sampled"][kept] = last.take("texts-{}", old[kept])["sampled"]
        sketch[kept] = last.take("sketch-{}", old[kept])
    first, end = np.cumsum([0, *place.counts])[part : part + 2]
    for index in range(place.segments):
        fresh = load(f"{place.scratch}/fresh-{index}.npy")
        start, stop = np.searchsorted(fresh["number"], [first, end])
        where = fresh["number"][start:stop] - first
        known["sampled"][where] = fresh["sampled"][start:stop]
        sketch[where] = load(f"{place.scratch}/sketch-{index}.npy")[start:stop]
    np.save(f"{place.out}/texts-{part}.npy", known)
    np.save(f"{place.out}/sketch-{part}.npy", sketch)
    return int(known["sampled"].sum())


def save_list(place: Merge, name: str, lane: int, part: int, found: Hashes, numbers: Numbers) -> None:
    """One file of a list of the index that is being made."""
    np.save(f"{place.out}/{name}-{lane}-{part}.npy", found)
    np.save(f"{place.out}/{name}-{lane}-{part}-rows.npy", numbers.astype(np.uint32))
