"""The rows that take part, and where they lie: one scratch folder, one set of files per segment.

Rows are numbered through all segments (`base` of the segment + place among its rows that are still kept); the numbers
live in the scratch folder only and decide nothing. rows-i.npy: ROW per row of segment i, in order of the segment.
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash

from curation.segment import Segment, scan_aligned

ROW = np.dtype(
    [
        ("row", "<u4"),  # in the segment
        ("id_high", "<u8"),
        ("id_low", "<u8"),
        ("work", "<u8"),
        ("place", "<u8"),  # hash of source and origin: which of several exact copies
        ("revised", "<i8"),  # microseconds; NEVER where unknown
        ("priority", "<i4"),
        ("length", "<i4"),  # characters
        ("shingles", "<i4"),
        ("pinned", "?"),
    ]
)
NEVER = np.iinfo(np.int64).min

SMALL_BYTES = 1 << 16  # of an array that is read rather than mapped
_START, _VERSION_1 = struct.Struct("<8sH"), b"\x93NUMPY\x01\x00"

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """A folder of arrays cut into numbered files, and how many rows each has. JSON-able: tasks get it as a dict.

    The scratch folder has a file of rows a segment; an index (index.py) has one of texts a range of ids.
    """

    folder: str
    counts: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def bases(self) -> Numbers:
        return np.cumsum([0, *self.counts], dtype=np.int64)

    def open(self, name: str, index: int) -> npt.NDArray[Any]:
        """Memory-mapped: what is not touched costs nothing."""
        return load(Path(self.folder) / f"{name.format(index)}.npy")

    def take(self, name: str, numbers: Numbers) -> npt.NDArray[Any]:
        """Entries of a per-row file for row numbers of any files, in the order given."""
        order = np.argsort(numbers, kind="stable")
        ascending = numbers[order]
        bases = self.bases
        result = None
        borders = np.searchsorted(ascending, bases)
        for index in np.flatnonzero(np.diff(borders)):
            start, stop = borders[index], borders[index + 1]
            found = self.open(name, int(index))[ascending[start:stop] - bases[index]]
            if result is None:
                result = np.empty((len(numbers), *found.shape[1:]), found.dtype)
            result[order[start:stop]] = found
        if result is None:
            return self.open(name, 0)[:0] if self.counts else np.zeros(0, ROW)
        return result


def load(path: str | Path) -> npt.NDArray[Any]:
    """The array of a .npy file, read-only; a large one mapped.

    A small run opens 6,000 of a few rows: numpy reads each header as Python source and makes a map of each file, 72 µs where
    this takes 13; most headers are alike.
    """
    with Path(path).open("rb") as stream:
        start = stream.read(_START.size)
        if len(start) == _START.size and start.startswith(_VERSION_1):
            dtype, shape, order = _described(stream.read(_START.unpack(start)[1]))
            if dtype.itemsize * math.prod(shape) <= SMALL_BYTES:
                return np.ndarray(shape, dtype, stream.read(), order=order)
    mapped: npt.NDArray[Any] = np.load(path, mmap_mode="r")
    return mapped


@lru_cache(maxsize=8192)
def _described(header: bytes) -> tuple[np.dtype[Any], tuple[int, ...], Literal["C", "F"]]:
    """Kind, shape and order by a header of version 1."""
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(io.BytesIO(struct.pack("<H", len(header)) + header))
    return dtype, shape, "F" if by_columns else "C"


def list_rows(segment: dict[str, Any], previous: str, pins: str | None, folder: str, index: int) -> int:
    """Task: write rows-i.npy of one segment; returns the number of rows that are still kept."""
    piece = Segment(**segment)
    pinned = Pinned.read(pins)
    tables = [
        (Path(previous) / f"{piece.fingerprint}.parquet", ["reason"]),
        (piece.table("scores"), ["id", "source", "work", "revised", "num_chars"]),
        (piece.table("documents"), ["origin"]),
        (piece.table("signatures"), ["num_shingles"]),
    ]
    parts = [np.zeros(0, ROW)]
    first = 0
    for batch in scan_aligned(tables):
        parts.append(_rows(batch, first, piece.priority, pinned))
        first += batch.num_rows
    rows = np.concatenate(parts)
    np.save(Path(folder) / f"rows-{index}.npy", rows)
    return len(rows)


def _rows(batch: pa.RecordBatch, first: int, priority: int, pinned: Pinned) -> npt.NDArray[Any]:
    kept = np.flatnonzero(pc.is_null(batch["reason"]).to_numpy(zero_copy_only=False))
    batch = batch.take(pa.array(kept))
    rows = np.zeros(len(kept), ROW)
    rows["row"] = first + kept
    ids = batch["id"].to_pylist()
    rows["id_high"], rows["id_low"] = halves(ids)
    rows["work"] = hash_strings(batch["work"])
    rows["place"] = hash_strings(pc.binary_join_element_wise(batch["source"], batch["origin"], "\0"))
    rows["revised"] = pc.fill_null(batch["revised"].cast(pa.int64()), NEVER).to_numpy()
    rows["priority"] = priority
    rows["length"] = batch["num_chars"].to_numpy()
    rows["shingles"] = batch["num_shingles"].to_numpy()
    rows["pinned"] = np.isin(rows["id_high"], pinned.ids) | np.isin(rows["work"], pinned.works)
    return rows


@dataclass(frozen=True, slots=True)
class Pinned:
    """Eval membership of the newest release: hashes of works, upper halves of ids."""

    ids: npt.NDArray[np.uint64]
    works: npt.NDArray[np.uint64]

    @classmethod
    def read(cls, pins: str | None) -> Pinned:
        path = Path(pins) / "eval.parquet" if pins else None
        if path is None or not path.is_file():
            return cls(np.zeros(0, np.uint64), np.zeros(0, np.uint64))
        table = pq.read_table(path, columns=["id", "work"])
        ids = halves([value for value in table["id"].to_pylist() if value])[0]
        return cls(np.unique(ids), np.unique(hash_strings(table["work"].combine_chunks())))


def halves(ids: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Upper and lower 64 bits of ids in hex."""
    words = np.frombuffer(bytes.fromhex("".join(ids)), ">u8").reshape(-1, 2).astype(np.uint64)
    return words[:, 0], words[:, 1]


def hex_ids(high: npt.NDArray[np.uint64], low: npt.NDArray[np.uint64]) -> list[str]:
    return [f"{first:016x}{second:016x}" for first, second in zip(high.tolist(), low.tolist(), strict=True)]


def hash_strings(values: pa.Array) -> npt.NDArray[np.uint64]:
    return np.fromiter((xxhash.xxh3_64_intdigest(value or "") for value in values.to_pylist()), np.uint64, len(values))
