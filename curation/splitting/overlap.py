"""What train must give up: documents whose 13-grams eval holds, judged on texts.

Suspects come from the sampled 13-grams of train against all 13-grams of eval; a suspect's text decides. It goes, reason
`near_eval`, when eval holds `max_overlap` of its 13-grams (score = that share), or when it holds `max_covered` of an eval
document's (score = that share): a longer copy. Eval documents of the past that are no longer there count by the sample
that the pins remember (vanished.py). Nothing is transitive.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup.gather import texts
from curation.dedup.keys import load as load_keys
from curation.dedup.keys import save_sorted
from curation.dedup.rows import Layout, Numbers, load
from curation.dedup.shingles import GRAM_BITS, GRAM_BOUND, gram_set
from curation.dedup.tokens import Hashes
from curation.segment import Segment
from curation.splitting.vanished import MIN_COVERED_GRAMS, Vanished

NEAR_EVAL = np.dtype([("number", "<i8"), ("score", "<f4"), ("twin_high", "<u8"), ("twin_low", "<u8")])
SUSPICION = 0.15  # of a bound: a sample of 64 misses a share of 0.1 once in 850 documents, of 0.2 once in 1.6 million


def read_eval(segment: dict[str, Any], layout: dict[str, Any], index: int, works: str) -> int:
    """Task: eval-i.npy (a flag per document), all 13-grams of eval documents, size-i.npy (how many each has)."""
    piece, place = Segment(**segment), Layout(**layout)
    rows = place.open("rows-{}", index)
    is_eval = np.isin(rows["work"], load(works))
    np.save(Path(place.folder) / f"eval-{index}.npy", is_eval)
    numbers = np.flatnonzero(is_eval)
    found, sizes = [np.zeros(0, np.uint64)], np.zeros(len(rows), np.int32)
    for number, text in zip(numbers, texts(piece, rows["row"][numbers].astype(np.int64)), strict=True):
        grams = gram_set(text)
        found.append(grams)
        sizes[number] = len(grams)
    np.save(Path(place.folder) / f"size-{index}.npy", sizes)
    save_sorted(Path(place.folder), f"evalgrams-{index}", np.concatenate(found)[None], np.repeat(numbers, sizes[numbers])[None])
    return len(numbers)


def merge_eval(layout: Layout, parts: int, out: Path) -> int:
    """All eval 13-grams, ascending, into <out>-grams.bin, and one document of each into <out>-owner.bin; returns them."""
    total = 0
    with Path(f"{out}-grams.bin").open("wb") as grams, Path(f"{out}-owner.bin").open("wb") as owners:
        for part in range(parts):
            low, high = ((1 << GRAM_BITS) * border // parts for border in (part, part + 1))
            keys, numbers = load_keys(layout, "evalgrams", 0, low, high - 1)
            first = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
            keys[first].tofile(grams)
            numbers[first].tofile(owners)
            total += int(first.sum())
    return total


@dataclass(frozen=True, slots=True)
class Grams:
    """Ascending 13-gram hashes and who they belong to (row numbers, or rows of the pins)."""

    hashes: Hashes
    owners: Numbers

    @classmethod
    def open(cls, stem: str) -> Grams:
        if not Path(f"{stem}-grams.bin").stat().st_size:
            return cls(np.zeros(0, np.uint64), np.zeros(0, np.int64))
        return cls(np.memmap(f"{stem}-grams.bin", np.uint64, "r"), np.memmap(f"{stem}-owner.bin", np.int64, "r"))

    def find(self, hashes: Hashes) -> tuple[npt.NDArray[np.bool_], Numbers]:
        """(which of `hashes` stand here, their owners)."""
        if not len(self.hashes):
            return np.zeros(len(hashes), bool), np.zeros(0, np.int64)
        places = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        hit = self.hashes[places] == hashes
        return hit, self.owners[places[hit]]


def find_near(
    segment: dict[str, Any],
    layout: dict[str, Any],
    index: int,
    eval_stem: str,
    pins_stem: str,
    max_overlap: float,
    max_covered: float,
    out: str,
) -> int:
    """Task: NEAR_EVAL rows of one segment's train documents; returns how many."""
    piece, place = Segment(**segment), Layout(**layout)
    rows, base = place.open("rows-{}", index), int(place.bases[index])
    is_train = ~place.open("eval-{}", index)
    found = Vanished(pins_stem).near(*_sampled(place, index), max_overlap, max_covered)
    grams = Grams.open(eval_stem)
    suspects = _suspects(rows, place, index, grams, max_overlap, max_covered)
    suspects = suspects[is_train[suspects]]
    for local, text in zip(suspects, texts(piece, rows["row"][suspects].astype(np.int64)), strict=True):
        own = gram_set(text)
        hit, owners = grams.find(own)
        share = float(hit.mean()) if len(own) else 0.0
        cover, twin = _covered(owners, place)
        if share >= max_overlap or cover >= max_covered:
            document = place.take("rows-{}", np.array([twin]))[0]
            found[int(local)] = (max(share, cover), int(document["id_high"]), int(document["id_low"]))
    near = [(base + local, *evidence) for local, evidence in sorted(found.items()) if is_train[local]]
    np.save(out, np.array(near, NEAR_EVAL))
    return len(near)


def _suspects(rows: Any, place: Layout, index: int, grams: Grams, max_overlap: float, max_covered: float) -> Numbers:
    """The documents whose text must be read."""
    hashes, owner = _sampled(place, index)
    hit, owners = grams.find(hashes)
    shares = np.bincount(owner[hit], minlength=len(rows)) / np.maximum(rows["grams"], 1)
    suspicious = shares >= SUSPICION * max_overlap
    low = hashes[hit] < GRAM_BOUND
    codes, counts = np.unique((owner[hit][low] << 32) | owners[low], return_counts=True)
    eval_low = place.take("rows-{}", codes & 0xFFFFFFFF)["low"]
    suspicious[(codes >> 32)[counts >= 2 * SUSPICION * max_covered * eval_low]] = True
    return np.flatnonzero(suspicious & (shares > 0))


def _sampled(place: Layout, index: int) -> tuple[Hashes, Numbers]:
    return place.open("grams-{}", index)[0], place.open("grams-{}-rows", index)[0].astype(np.int64)


def _covered(owners: Numbers, place: Layout) -> tuple[float, int]:
    """(largest share of an eval document that is held, the document with most hits) of the owners of hits."""
    if not len(owners):
        return 0.0, 0
    found, counts = np.unique(owners, return_counts=True)
    sizes = place.take("size-{}", found)
    large = sizes >= MIN_COVERED_GRAMS
    cover = float(max(counts[large] / sizes[large], default=0.0))
    return cover, int(found[np.argmax(counts)])
