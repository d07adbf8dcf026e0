"""Band keys and 13-gram keys of a segment's new texts, sorted, so that a partition of the key space is a slice of each file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from curation.dedup import minhash
from curation.dedup.config import Config
from curation.dedup.rows import Layout, Numbers
from curation.dedup.shingles import GRAM_BOUND
from curation.dedup.tokens import Hashes, mix
from curation.segment import Segment

FRESH = np.dtype([("row", "<i8"), ("number", "<i8")])  # a row number, and the number of the text that it holds
SAMPLED = np.dtype([("number", "<i8"), ("sampled", "<i4")])
_STEP = np.uint64(0x9FB21C651E98DF25)


def band_keys(signatures: minhash.Words, bands: int) -> Hashes:
    """(documents, bands): a 64-bit hash of each band's rows."""
    values = signatures.reshape(len(signatures), bands, signatures.shape[1] // bands).astype(np.uint64)
    keys = values[:, :, 0].copy()
    for row in range(1, values.shape[2]):
        keys = mix(keys * _STEP + values[:, :, row])
    return keys


def write_keys(segment: dict[str, Any], config: dict[str, Any], layout: dict[str, Any], index: int, fresh: list[str]) -> int:
    """Task: keys of the texts of one segment that no index knows (FRESH rows of the files `fresh`); returns how many. Files:
    fresh-i.npy   SAMPLED, ascending by number; sketch-i.npy (texts, num_perm): low bytes of their signatures
    bands-i.npy   (bands, texts) keys, ascending per band; bands-i-rows.npy the numbers of their texts
    grams-i.npy   (1, grams) 13-gram hashes, ascending; grams-i-rows.npy the numbers of their texts
    """
    piece, settings, place = Segment(**segment), Config(**config), Layout(**layout)
    own = np.concatenate([_of_rows(file, place.bases[index], place.bases[index + 1]) for file in fresh])
    own = own[np.argsort(own["row"])]
    local = own["row"] - place.bases[index]
    rows = place.open("rows-{}", index)[local]
    sketches = np.zeros((len(own), settings.num_perm), np.uint8)
    bands = np.zeros((settings.bands, len(own)), np.uint64)
    grams, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    done = 0
    for batch in taken(piece.table("signatures"), ["signature", "ngrams"], rows["row"].astype(np.int64)):
        here = slice(done, done + batch.num_rows)
        signatures = words(batch["signature"], settings.num_perm)
        sketches[here] = signatures & 0xFF
        bands[:, here] = band_keys(signatures, settings.bands).T
        found, owner = _grams(batch["ngrams"], rows["shingles"][here] >= settings.min_contained_shingles)
        grams.append(found)
        owners.append(owner + done)
        done += batch.num_rows
    folder, owner = Path(place.folder), np.concatenate(owners)
    order = np.argsort(own["number"])
    sampled = np.zeros(len(own), SAMPLED)
    sampled["number"], sampled["sampled"] = own["number"], np.bincount(owner, minlength=len(own))
    np.save(folder / f"fresh-{index}.npy", sampled[order])
    np.save(folder / f"sketch-{index}.npy", sketches[order])
    save_sorted(folder, f"bands-{index}", bands, np.broadcast_to(own["number"], bands.shape))
    save_sorted(folder, f"grams-{index}", np.concatenate(grams)[None], own["number"][owner][None])
    return len(own)


def _of_rows(file: str, first: int, end: int) -> npt.NDArray[Any]:
    """FRESH rows of a file with first <= row < end."""
    found = np.load(file, mmap_mode="r")
    start, stop = np.searchsorted(found["row"], [first, end])
    return np.array(found[start:stop])


def taken(path: Path, columns: Sequence[str], rows: Numbers) -> Iterator[pa.RecordBatch]:
    """The named columns of ascending rows of a Parquet file, row group by row group; others are not read."""
    first = 0
    with pq.ParquetFile(path, memory_map=True) as file:
        for group in range(file.metadata.num_row_groups):
            last = first + file.metadata.row_group(group).num_rows
            start, stop = np.searchsorted(rows, [first, last])
            if stop > start:
                table = file.read_row_group(group, columns=list(columns), use_threads=False)
                yield table.take(rows[start:stop] - first).combine_chunks().to_batches()[0]
            first = last


def words(column: Any, num_perm: int) -> minhash.Words:
    """A signature column as (documents, num_perm)."""
    width = 4 * num_perm
    data = np.frombuffer(column.buffers()[1], "<u4", len(column) * num_perm, column.offset * width)
    return data.reshape(-1, num_perm)


def _grams(column: Any, is_long: npt.NDArray[np.bool_]) -> tuple[Hashes, Numbers]:
    """(the 13-grams that all documents sample alike, their rows in the batch) of texts long enough to be contained."""
    sizes = np.diff(column.offsets.to_numpy())
    owner = np.repeat(np.arange(len(column)), sizes)
    found = column.flatten().to_numpy()
    common = (found < GRAM_BOUND) & is_long[owner]
    return found[common], owner[common]


def save_sorted(folder: Path, name: str, keys: Hashes, rows: npt.NDArray[np.int64]) -> None:
    order = np.argsort(keys, axis=1, kind="stable")
    np.save(folder / f"{name}.npy", np.take_along_axis(keys, order, axis=1))
    np.save(folder / f"{name}-rows.npy", np.take_along_axis(rows, order, axis=1).astype(np.uint32))


def load(layout: Layout, name: str, lane: int, low: int, high: int) -> tuple[Hashes, Numbers]:
    """(keys, row numbers) of all segments with low <= key <= high, ascending by key; equal keys by row number."""
    keys, numbers = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for index, base in enumerate(layout.bases[:-1]):
        found, rows = between(layout.open(name + "-{}", index)[lane], layout.open(name + "-{}-rows", index)[lane], low, high)
        keys.append(found)
        numbers.append(rows + base)
    together = np.concatenate(keys)
    keys.clear()
    order = np.argsort(together, kind="stable")
    return together[order], np.concatenate(numbers)[order]


def balanced_ranges(layout: Layout, name: str, bits: int, at_most: int) -> list[tuple[int, int]]:
    """Inclusive ranges of a key space of `bits` bits that hold about `at_most` keys each, however unevenly keys lie in it."""
    files = [layout.open(name + "-{}", index)[0] for index in range(len(layout.counts))]
    step = max(1, min(4096, at_most // 4))
    sampled = np.sort(np.concatenate([np.zeros(0, np.uint64), *(keys[::step] for keys in files)]))
    parts = max(1, -(-sum(len(keys) for keys in files) // at_most))
    inner = sampled[np.arange(1, parts) * len(sampled) // parts].tolist()
    borders = sorted({0, *inner, 1 << bits})
    return [(low, high - 1) for low, high in pairwise(borders)]


def between(sorted_keys: Hashes, rows: npt.NDArray[np.uint32], low: int, high: int) -> tuple[Hashes, Numbers]:
    """The slice of a sorted list with low <= key <= high."""
    start = int(np.searchsorted(sorted_keys, np.uint64(low)))
    stop = int(np.searchsorted(sorted_keys, np.uint64(high), side="right"))
    return np.array(sorted_keys[start:stop]), rows[start:stop].astype(np.int64)


def runs(sorted_keys: npt.NDArray[Any]) -> tuple[Numbers, Numbers]:
    """Per entry: index of the first of its run of equal keys, and the run's size."""
    is_first = np.append(True, sorted_keys[1:] != sorted_keys[:-1])[: len(sorted_keys)]
    starts = np.flatnonzero(is_first)
    sizes = np.diff(np.append(starts, len(sorted_keys)))
    return np.repeat(starts, sizes), np.repeat(sizes, sizes)
