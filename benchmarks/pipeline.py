"""The whole main job, from raw dumps to a release. `python -m benchmarks.pipeline`

One recipe over all of --corpus (with --quick 1 MB a kind), from nothing, with two workers and with one: MB of raw dumps
a second, seconds by step and by stage of ingest, resident memory. Both must publish the same release, else `mismatch`.
There is no peer that does the whole job; each stage races its own in the other benchmarks.

Last line: mb_per_second X (raw dumps to release, two workers).
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.options import parser
from benchmarks.whole_runs import Run, files_by_kind, run, write_recipe

WORKERS = (2, 1)


def main() -> int:
    options = parser("pipeline", __doc__).parse_args()
    files = files_by_kind(options.corpus, 1_000_000 if options.quick else None)
    figures: dict[str, Any] = {}
    releases = set()
    for workers in WORKERS:
        with tempfile.TemporaryDirectory() as folder:
            found = run(write_recipe(Path(folder), files), workers)
        figures[f"{workers} workers"] = _figures(found)
        releases.add(found.summary["release"])
        _show(workers, found)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    if len(releases) > 1:
        print(f"mismatch: {' and '.join(sorted(releases))} from the same dumps")
        return 1
    rates = [figures[f"{workers} workers"]["mb_per_second"] for workers in WORKERS]
    print(f"two workers are {rates[0] / rates[1]:.2f} times one")
    print(f"mb_per_second {rates[0]:.3f} (raw dumps to release, two workers)")
    return 0


def _figures(found: Run) -> dict[str, Any]:
    summary = found.summary
    return {
        "seconds": found.seconds,
        "mb_per_second": summary["bytes"] / 1e6 / found.seconds,
        "peak_mb": found.peak_mb,
        "total_mb": found.total_mb,
        **{name: summary[name] for name in ("bytes", "files", "documents", "seconds", "stage_seconds") if name in summary},
        "wall_seconds": found.seconds,
    }


def _show(workers: int, found: Run) -> None:
    summary, documents = found.summary, found.summary["documents"]
    size = summary["bytes"] / 1e6
    print(
        f"{workers} workers: {size:.1f} MB in {found.seconds:.1f} s, {size / found.seconds:.2f} MB/s;"
        f" {documents['in']:,} documents in, {documents['kept']:,} kept;"
        f" memory of one process {found.peak_mb:,.0f} MB, of all {found.total_mb:,.0f} MB"
    )
    print("  seconds by step:         ", _listed(summary["seconds"]))
    print("  CPU by stage of ingest:  ", _listed(summary["stage_seconds"]))


def _listed(seconds: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.1f}" for name, value in sorted(seconds.items(), key=lambda pair: -pair[1]))


if __name__ == "__main__":
    sys.exit(main())
