"""The documents that may be split, and their sampled 13-grams, as arrays in a scratch folder (layout as in dedup/rows.py).

Files of segment i: rows-i.npy (DOCUMENT), grams-i.npy and grams-i-rows.npy (all sampled 13-grams, ascending).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from curation.dedup.keys import save_sorted
from curation.dedup.rows import Pinned, halves, hash_strings
from curation.dedup.shingles import GRAM_BOUND, MIN_GRAMS
from curation.dedup.tokens import Hashes, mix
from curation.segment import Segment, scan_aligned

DOCUMENT = np.dtype(
    [
        ("row", "<u4"),  # in the segment
        ("id_high", "<u8"),
        ("id_low", "<u8"),
        ("work", "<u8"),  # hash
        ("stratum", "<u8"),  # hash of source and language
        ("order", "<u8"),  # hash of seed and work: who is asked first
        ("bytes", "<i8"),
        ("grams", "<i4"),  # sampled 13-grams
        ("low", "<i4"),  # of them below GRAM_BOUND, which every document samples alike
        ("complete", "?"),  # all its 13-grams are in the sample
        ("pinned", "?"),
    ]
)


def list_documents(
    segment: dict[str, Any], previous: str, pins: str | None, excluded: str, seed: int, folder: str, index: int
) -> dict[str, Any]:
    """Task: write the files of one segment; returns {"documents", "strata": {name: [documents, bytes]}}.

    `excluded` names an array of rows of the segment that left already."""
    piece, pinned = Segment(**segment), Pinned.read(pins)
    gone = np.load(excluded)
    tables = [
        (Path(previous) / f"{piece.fingerprint}.parquet", ["reason"]),
        (piece.table("scores"), ["id", "source", "lang", "work", "num_bytes"]),
        (piece.table("signatures"), ["ngrams"]),
    ]
    parts, grams, owners = [np.zeros(0, DOCUMENT)], [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    strata: Counter[str] = Counter()
    volume: Counter[str] = Counter()
    first = done = 0
    for batch in scan_aligned(tables):
        kept = pc.is_null(batch["reason"]).to_numpy(zero_copy_only=False)
        kept[gone[(gone >= first) & (gone < first + batch.num_rows)] - first] = False
        rows = np.flatnonzero(kept)
        batch = batch.take(pa.array(rows))
        documents, names, hashes, owner = _documents(batch, first + rows, seed, pinned)
        strata.update(names)
        for name, size in zip(names, documents["bytes"].tolist(), strict=True):
            volume[name] += size
        parts.append(documents)
        grams.append(hashes)
        owners.append(owner + done)
        first, done = first + len(kept), done + len(rows)
    np.save(Path(folder) / f"rows-{index}.npy", np.concatenate(parts))
    save_sorted(Path(folder), f"grams-{index}", np.concatenate(grams)[None], np.concatenate(owners)[None])
    return {"documents": done, "strata": {name: [count, volume[name]] for name, count in sorted(strata.items())}}


def _documents(
    batch: pa.RecordBatch, rows: npt.NDArray[np.int64], seed: int, pinned: Pinned
) -> tuple[Any, list[str], Hashes, Any]:
    found = np.zeros(len(rows), DOCUMENT)
    found["row"] = rows
    found["id_high"], found["id_low"] = halves(batch["id"].to_pylist())
    works = hash_strings(batch["work"])
    # A document of no work is a work of its own.
    found["work"] = np.where(pc.equal(batch["work"], "").to_numpy(zero_copy_only=False), found["id_high"], works)
    found["order"] = mix(found["work"] + np.uint64(xxhash.xxh3_64_intdigest(str(seed))))
    names = pc.binary_join_element_wise(batch["source"], batch["lang"], "/").to_pylist()
    found["stratum"] = [stratum_key(name) for name in names]
    found["bytes"] = batch["num_bytes"].to_numpy()
    column = batch["ngrams"]
    sizes = np.diff(column.offsets.to_numpy())
    hashes = column.flatten().to_numpy()
    owner = np.repeat(np.arange(len(rows)), sizes)
    found["grams"] = sizes
    found["low"] = np.bincount(owner[hashes < GRAM_BOUND], minlength=len(rows))
    found["complete"] = sizes < MIN_GRAMS
    found["pinned"] = np.isin(found["id_high"], pinned.ids) | np.isin(works, pinned.works)
    return found, names, hashes, owner


def stratum_key(name: str) -> int:
    return xxhash.xxh3_64_intdigest(name)
