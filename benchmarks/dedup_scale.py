"""Cost of the step `deduplicate` on synthetic signatures. `python -m benchmarks.dedup_scale --millions 1`

Segments of 100,000 documents with random signatures, 32 sampled 13-grams and short texts; one document in ten is a copy of
an earlier one with a tenth of its signature changed. Prints seconds by wall clock, of processor time and the peak
resident memory of this process: with one worker that is all the work there is.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dedup_corpus import forget_peak, keep_all, peak_mib
from curation.dedup.config import Config
from curation.dedup.rows import hex_ids
from curation.dedup.shingles import GRAM_BITS
from curation.dedup.step import deduplicate
from curation.document import STORED_SCHEMA
from curation.engine import Engine
from curation.segment import Segment

ROWS = 100_000
GRAMS = 32


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dedup_scale")
    parser.add_argument("--millions", type=float, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the synthetic segments go (8 GB for ten millions)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        measure(Path(name), round(options.millions * 1e6 / ROWS), options.workers)


def measure(folder: Path, num_segments: int, workers: int) -> None:
    (folder / "previous").mkdir()
    (folder / "out").mkdir()
    segments = [synthetic(folder, index) for index in range(num_segments)]
    forget_peak()
    wall, used = time.perf_counter(), processor()
    summary = deduplicate(
        segments, folder / "previous", Config(), None, folder / "out", Engine(folder / "workspace", workers=workers)
    )
    wall, used = time.perf_counter() - wall, processor() - used
    millions = num_segments * ROWS / 1e6
    print(
        f"{millions:g} million documents, {workers} workers: {wall:.0f} s by the clock ({wall / millions:.0f} a million), "
        f"{used:.0f} s of processor ({used / millions:.0f} a million), peak of this process {peak_mib():.0f} MiB "
        "(mapped files included); "
        f"{summary}"
    )


def processor() -> float:
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def synthetic(folder: Path, index: int) -> Segment:
    """One segment; its copies repeat documents of the segment before it."""
    own = np.random.default_rng(index)
    signatures, grams, names = _content(index, own)
    if index:
        copies = own.choice(ROWS, ROWS // 10, replace=False)
        before = _content(index - 1, np.random.default_rng(index - 1))
        changed = own.random((len(copies), signatures.shape[1])) < 0.1
        signatures[copies] = np.where(changed, signatures[copies], before[0][copies])
        grams[copies] = before[1][copies]
        names[copies] = before[2][copies]
    ids = hex_ids(*own.integers(0, 1 << 64, (2, ROWS), dtype=np.uint64))
    name = f"{index:032x}"
    place = folder / name
    place.mkdir()
    texts = [" ".join(f"t{number}x{place}" for place in range(8)) for number in names.tolist()]
    columns: dict[str, object] = {field.name: pa.nulls(ROWS, field.type) for field in STORED_SCHEMA}
    labels = pa.array([f"w{index}-{row}" for row in range(ROWS)])
    columns |= {"id": ids, "origin": labels, "work": labels, "text": texts, "source": ["web"] * ROWS}
    _write(place / "documents-00000.parquet", pa.table(columns, schema=STORED_SCHEMA))
    scores = {name: columns[name] for name in ("id", "source", "lang", "license", "work", "revised")}
    sizes = pa.array([len(text) for text in texts], pa.int32())
    _write(place / "scores-00000.parquet", pa.table({**scores, "num_chars": sizes, "num_bytes": sizes}))
    packed = pa.FixedSizeBinaryArray.from_buffers(pa.binary(512), ROWS, [None, pa.py_buffer(signatures.astype("<u4"))])
    lists = pa.ListArray.from_arrays(
        np.arange(0, ROWS * GRAMS + 1, GRAMS, dtype=np.int32), pa.array(np.sort(grams, axis=1).ravel())
    )
    signed = {"id": ids, "signature": packed, "num_shingles": pa.array(np.full(ROWS, 400, np.int32)), "ngrams": lists}
    _write(place / "signatures-00000.parquet", pa.table(signed))
    segment = Segment(name, str(place), "web", "web", str(index), 0, ROWS)
    keep_all(folder / "previous", segment)
    return segment


def _content(index: int, own: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Signatures, half of the 13-grams of a document of 400 words below the bound, and a name for its text."""
    signatures = own.integers(0, 1 << 32, (ROWS, 128), dtype=np.uint32)
    grams = own.integers(0, 1 << (GRAM_BITS - 4), (ROWS, GRAMS), dtype=np.uint64)
    return signatures, grams, np.arange(ROWS) + index * ROWS


def _write(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path, compression="zstd", compression_level=1, row_group_size=1024)


if __name__ == "__main__":
    main()
