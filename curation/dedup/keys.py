"""Band keys and 13-gram keys of a segment's rows, sorted, so that a partition of the key space is a slice of each file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup import decisions, minhash
from curation.dedup.config import Config
from curation.dedup.rows import Layout, Numbers
from curation.dedup.shingles import GRAM_BOUND
from curation.dedup.tokens import Hashes, mix
from curation.segment import Segment, scan

_STEP = np.uint64(0x9FB21C651E98DF25)


def band_keys(signatures: minhash.Words, bands: int) -> Hashes:
    """(documents, bands): a 64-bit hash of each band's rows."""
    values = signatures.reshape(len(signatures), bands, signatures.shape[1] // bands).astype(np.uint64)
    keys = values[:, :, 0].copy()
    for row in range(1, values.shape[2]):
        keys = mix(keys * _STEP + values[:, :, row])
    return keys


def write_keys(segment: dict[str, Any], config: dict[str, Any], exact: list[str], layout: dict[str, Any], index: int) -> int:
    """Task: bands-i, grams-i and sketch-i of the rows that are no exact duplicates; returns how many are eligible."""
    piece, settings, place = Segment(**segment), Config(**config), Layout(**layout)
    rows = place.open("rows-{}", index)
    gone = decisions.of_segment(exact, place, index)["number"] - place.bases[index]
    eligible = rows["shingles"] > 0
    eligible[gone] = False
    sketch = np.lib.format.open_memmap(Path(place.folder) / f"sketch-{index}.npy", "w+", np.uint8, (len(rows), settings.num_perm))
    bands = [np.zeros((0, settings.bands), np.uint64)]
    grams, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    first = done = 0
    for batch in scan(piece.table("signatures"), ["signature", "ngrams"], rows=2048):
        last = int(np.searchsorted(rows["row"], first + batch.num_rows))
        taken = done + np.flatnonzero(eligible[done:last])
        where = rows["row"][taken].astype(np.int64) - first
        signatures = words(batch["signature"], settings.num_perm)[where]
        sketch[taken] = signatures & 0xFF
        bands.append(band_keys(signatures, settings.bands))
        found, owner = _grams(batch["ngrams"], where, taken, rows["shingles"], settings.min_contained_shingles)
        grams.append(found)
        owners.append(owner)
        first, done = first + batch.num_rows, last
    numbers = np.flatnonzero(eligible)
    save_sorted(
        Path(place.folder), f"bands-{index}", np.concatenate(bands).T, np.broadcast_to(numbers, (settings.bands, len(numbers)))
    )
    owner = np.concatenate(owners)
    save_sorted(Path(place.folder), f"grams-{index}", np.concatenate(grams)[None], owner[None])
    np.save(Path(place.folder) / f"sampled-{index}.npy", np.bincount(owner, minlength=len(rows)))
    return len(numbers)


def words(column: Any, num_perm: int) -> minhash.Words:
    """A signature column as (documents, num_perm)."""
    width = 4 * num_perm
    data = np.frombuffer(column.buffers()[1], "<u4", len(column) * num_perm, column.offset * width)
    return data.reshape(-1, num_perm)


def _grams(column: Any, where: Numbers, taken: Numbers, shingles: npt.NDArray[np.int32], shortest: int) -> tuple[Hashes, Numbers]:
    """The grams that all documents sample alike, of documents long enough to be judged by containment."""
    long = shingles[taken] >= shortest
    where, taken = where[long], taken[long]
    offsets = column.offsets.to_numpy()
    values = column.values.to_numpy()
    starts, sizes = offsets[where], np.diff(offsets)[where]
    owner = np.repeat(taken, sizes)
    places = np.arange(sizes.sum()) + np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    found = values[places]
    common = found < GRAM_BOUND
    return found[common], owner[common]


def save_sorted(folder: Path, name: str, keys: Hashes, rows: npt.NDArray[np.int64]) -> None:
    order = np.argsort(keys, axis=1, kind="stable")
    np.save(folder / f"{name}.npy", np.take_along_axis(keys, order, axis=1))
    np.save(folder / f"{name}-rows.npy", np.take_along_axis(rows, order, axis=1).astype(np.uint32))


def load(layout: Layout, name: str, lane: int, low: int, high: int) -> tuple[Hashes, Numbers]:
    """(keys, row numbers) of all segments with low <= key <= high, ascending by key; equal keys by row number."""
    keys, numbers = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for index, base in enumerate(layout.bases[:-1]):
        sorted_keys, rows = layout.open(name + "-{}", index)[lane], layout.open(name + "-{}-rows", index)[lane]
        start = int(np.searchsorted(sorted_keys, np.uint64(low)))
        stop = int(np.searchsorted(sorted_keys, np.uint64(high), side="right"))
        keys.append(np.array(sorted_keys[start:stop]))
        numbers.append(rows[start:stop].astype(np.int64) + base)
    together = np.concatenate(keys)
    keys.clear()
    order = np.argsort(together, kind="stable")
    return together[order], np.concatenate(numbers)[order]
