"""Every decision about one document: `python -m curation explain ID-or-origin`.

Reads the ledger, of the newest release or of a later run that has come to none, and the segments' scores. Text is shown
on the terminal only: whole on request, of a near copy the passages in which it differs from its keeper, and of any
document what cleaning changed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from curation import manifest, storage, unreleased
from curation.dedup.difference import Passage, passages
from curation.errors import CurationError
from curation.reasons import meaning
from curation.reread import before_and_after, stored
from curation.segment import scan


def explain(workspace: Path, release: Path | None, wanted: str) -> list[dict[str, Any]]:
    """One record per ledger row whose id equals `wanted` or whose origin contains it; CurationError if there is none.

    Without a release the decisions are those of the run that has come to none (unreleased.py).
    """
    found = _rows(workspace, release, lambda batch: _wanted(batch, wanted))
    if not found:
        raise CurationError(
            "no such document in the ledger",
            where=str(release / "ledger" if release else workspace),
            got=wanted,
            expected="an id (32 hex digits) or part of an origin",
        )
    released = {name: tally["kind"] for name, tally in manifest.read(release)["sources"].items()} if release else None
    kinds = unreleased.kinds(workspace) if released is None else released
    scores = _scores(workspace, {row["id"] for row in found if row["id"]})
    keepers = pa.array(sorted({row["twin"] for row in found if row["twin"]}), pa.string())
    twins = (
        {row["id"]: row["origin"] for row in _rows(workspace, release, lambda batch: _kept(batch, keepers))} if keepers else {}
    )
    for row in found:
        row["meaning"] = meaning(kinds.get(row["source"], ""), row["stage"], row["reason"])
        row["scores"] = scores.get(row["id"], {})
        row["twin_origin"] = twins.get(row["twin"])
        row["ngrams"] = _ngrams(workspace, row)
    return found


def _rows(workspace: Path, release: Path | None, chosen: Callable[[pa.RecordBatch], pa.Array]) -> list[dict[str, Any]]:
    """The chosen rows of the ledger."""
    if release is None:
        batches = unreleased.rows(workspace)
    else:
        batches = (batch for path in sorted((release / "ledger").glob("*.parquet")) for batch in scan(path))
    return [row for batch in batches for row in batch.filter(chosen(batch)).to_pylist()]


def _wanted(batch: pa.RecordBatch, wanted: str) -> pa.Array:
    return pc.or_(pc.fill_null(pc.equal(batch["id"], wanted), False), pc.match_substring(batch["origin"], wanted))


def _kept(batch: pa.RecordBatch, ids: pa.Array) -> pa.Array:
    return pc.and_(pc.is_in(batch["id"], value_set=ids), pc.equal(batch["verdict"], "kept"))


def _scores(workspace: Path, ids: set[str]) -> dict[str, dict[str, Any]]:
    values, found = pa.array(sorted(ids), pa.string()), {}
    for folder in sorted((workspace / "segments").iterdir()) if ids else []:
        if storage.is_sealed(folder):
            for batch in scan(folder / "scores-00000.parquet"):
                for row in batch.filter(pc.is_in(batch["id"], value_set=values)).to_pylist():
                    found[row["id"]] = row
    return found


def _ngrams(workspace: Path, row: dict[str, Any]) -> list[str]:
    """Which n-grams of a test set's question stand in a document that was dropped for it."""
    if row["reason"] != "in_test_set":
        return []
    files = sorted((workspace / "steps").glob("split-*/test_sets.parquet"), key=lambda path: path.stat().st_mtime_ns)
    for path in reversed(files):
        for batch in scan(path):
            for found in batch.filter(pc.equal(batch["id"], row["id"])).to_pylist():
                return list(found["ngrams"])
    return []


def differences(workspace: Path, row: dict[str, Any]) -> list[Passage]:
    """Where a dropped copy and its keeper differ; of a contained copy only what the keeper lacks. Empty for any other row."""
    if row["reason"] not in ("near_duplicate", "contained"):
        return []
    kept, dropped = text_of(workspace, row["twin"]), text_of(workspace, row["id"])
    if kept is None or dropped is None:
        return []
    found = passages(kept, dropped)
    return [passage for passage in found if passage.dropped or row["reason"] == "near_duplicate"]


def text_of(workspace: Path, document: str) -> str | None:
    """The scrubbed text of a document, for the terminal."""
    found = stored(workspace, document)
    return found[1]["text"] if found else None


def changes(workspace: Path, document: str) -> list[Passage]:
    """What cleaning and scrubbing changed: as the dump has it, read again, and as it is stored. It may hold personal data."""
    texts = before_and_after(workspace, document)
    return list(passages(*texts)) if texts else []
