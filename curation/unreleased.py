"""Decisions of a run that has not come to a release, such as one that an alarm stopped: `explain` tells those.

In: the workspace; `unreleased.json` names the verdicts of such a run, from the step `split` until its release is published.
Out: rows as a release's ledger has them, without places in shards.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from curation import manifest, storage
from curation.ledger import LEDGER_SCHEMA
from curation.release_ledger import ledger_rows
from curation.segment import scan, scan_aligned

FILE = "unreleased.json"


def note(workspace: Path, verdicts: Path) -> None:
    storage.write_json(workspace / FILE, {"verdicts": verdicts.name})


def clear(workspace: Path) -> None:
    (workspace / FILE).unlink(missing_ok=True)


def segments(workspace: Path) -> list[tuple[Path, Path]]:
    """(segment, its verdicts) of the run; empty where the last run ended in a release."""
    if not (workspace / FILE).is_file():
        return []
    verdicts = workspace / "steps" / storage.read_json(workspace / FILE)["verdicts"]
    pairs = [(workspace / "segments" / path.stem, path) for path in sorted(verdicts.glob("*.parquet"))]
    return [(folder, path) for folder, path in pairs if storage.is_sealed(folder)]


def kinds(workspace: Path) -> dict[str, str]:
    """The kind of every source."""
    identities = [manifest.read(folder)["identity"] for folder, _ in segments(workspace)]
    return {identity["source"]: identity["kind"] for identity in identities}


def rows(workspace: Path) -> Iterator[pa.RecordBatch]:
    for folder, verdicts in segments(workspace):
        yield from scan(folder / "ledger-00000.parquet", LEDGER_SCHEMA.names)
        tables = [
            (folder / "documents-00000.parquet", ["id", "source", "origin", "work", "note"]),
            (verdicts, ["stage", "reason", "score", "twin", "split"]),
        ]
        for batch in scan_aligned(tables):
            nowhere = pa.nulls(len(batch), pa.string()), pa.nulls(len(batch), pa.int32())
            yield ledger_rows(batch.append_column("shard", nowhere[0]).append_column("row", nowhere[1]), {})
