"""Cost of the steps `deduplicate` and `split` on synthetic signatures. `python -m benchmarks.dedup_scale --millions 1`

Segments of 100,000 documents with random signatures, 32 sampled 13-grams and short texts; one document in ten is a copy of
an earlier one with a tenth of its signature changed. Measured: a build from nothing, the split of what is kept, and the
refresh when one segment of 100,000 documents more comes. For each seconds by the clock, of processor time, and the largest
memory of this process: private, and with mapped files (which the system may take back). One worker does all the work here.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
from curation.split import split
from curation.split_config import Config as Split

ROWS = 100_000
GRAMS = 32


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dedup_scale")
    parser.add_argument("--millions", type=float, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the synthetic segments go (8 GB for ten millions)")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        figures = measure(Path(name), round(options.millions * 1e6 / ROWS), options.workers)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(f"seconds_per_million {figures['build']['processor'] / options.millions:.1f} (of processor, deduplicate from nothing)")


def measure(folder: Path, num_segments: int, workers: int) -> dict[str, Any]:
    (folder / "previous").mkdir()
    segments = [synthetic(folder, index) for index in range(num_segments)]
    engine = Engine(folder / "workspace", workers=workers)
    millions = num_segments * ROWS / 1e6

    def dedup(count: int, name: str) -> Path:
        out = folder / "workspace" / "steps" / f"deduplicate-{name}"
        out.mkdir(parents=True)
        deduplicate(segments[:count], folder / "previous", Config(), None, out, engine)
        return out

    def part(previous: Path) -> None:
        out = folder / "split"
        out.mkdir()
        split(segments[:num_segments], previous, Split(), None, out, engine)

    built, figures = folder, {}
    built, figures["build"] = timed(f"deduplicate {millions:g} million", lambda: dedup(num_segments, "built"))
    print("   ", (built / "work.json").read_text().replace("\n", ""), megabytes(folder / "workspace" / "steps"), "MB in steps/")
    _, figures["split"] = timed(f"split {millions:g} million", lambda: part(built))
    segments.append(synthetic(folder, num_segments))
    refreshed, figures["refresh"] = timed("refresh, 0.1 million more", lambda: dedup(num_segments + 1, "refreshed"))
    print("   ", (refreshed / "work.json").read_text().replace("\n", ""))
    return figures


def timed(name: str, work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    forget_peak()
    wall, used = time.perf_counter(), processor()
    with PrivateMemory() as memory:
        result = work()
    wall, used = time.perf_counter() - wall, processor() - used
    figures = {"seconds": wall, "processor": used, "private_mib": memory.peak_mib, "resident_mib": peak_mib()}
    print(
        f"{name}: {wall:.0f} s by the clock, {used:.0f} s of processor, peak of this process {memory.peak_mib:.0f} MiB private, "
        f"{peak_mib():.0f} MiB with mapped files", flush=True,
    )  # fmt: skip
    return result, figures


class PrivateMemory:
    """The largest anonymous memory of this process while it is entered, asked 20 times a second (Linux only)."""

    def __init__(self) -> None:
        self.peak_mib = 0.0
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PrivateMemory:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()

    def _watch(self) -> None:
        status = Path("/proc/self/status")
        while status.is_file() and not self.stop.wait(0.05):
            line = next(line for line in status.read_text().splitlines() if line.startswith("RssAnon"))
            self.peak_mib = max(self.peak_mib, int(line.split()[1]) / 1024)


def megabytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 1_000_000


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
    texts = [f"t{number} u{number} v{number} w{number} x{number} y{number} z{number}" for number in names.tolist()]
    columns: dict[str, object] = {field.name: pa.nulls(ROWS, field.type) for field in STORED_SCHEMA}
    labels = pa.array([f"w{index}-{row}" for row in range(ROWS)])
    columns |= {"id": ids, "origin": labels, "work": labels, "text": texts, "source": ["web"] * ROWS, "lang": ["en"] * ROWS}
    _write(place / "documents-00000.parquet", pa.table(columns, schema=STORED_SCHEMA))
    scores = {name: columns[name] for name in ("id", "source", "lang", "license", "work", "revised")}
    sizes = pa.array(np.full(ROWS, 2400, np.int32))  # of 400 words, as the signatures say: `split` bounds eval in tokens
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
