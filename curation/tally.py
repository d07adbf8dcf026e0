"""Counts of what happened to the documents of a segment, as JSON: the numbers behind alarms, card, report and Prefect.

In: a segment and its verdict file. Nothing here reads text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc

from curation import ledger, manifest
from curation.engine import Engine
from curation.segment import Segment, scan, scan_aligned

Tally = dict[str, Any]
INLINE_ROWS = 200_000


def tally_segments(segments: Sequence[Segment], verdicts: Path, engine: Engine) -> list[Tally]:
    tasks = [{"segment": segment.to_json(), "verdicts": str(verdicts)} for segment in segments]
    return engine.run(tally_segment, tasks, workers=None if sum(segment.rows for segment in segments) > INLINE_ROWS else 1)


def tally_segment(segment: dict[str, Any], verdicts: str) -> Tally:
    piece = Segment(**segment)
    drops: Counter[tuple[str, str, str]] = Counter()
    kept: dict[str, Counter[str]] = {"documents": Counter(), "bytes": Counter()}
    splits: dict[str, Counter[str]] = {"documents": Counter(), "bytes": Counter()}
    lengths: Counter[str] = Counter()
    licenses: Counter[str] = Counter()
    for batch in scan(piece.table("ledger"), ["stage", "verdict", "reason"]):
        drops.update(zip(*(batch[name].to_pylist() for name in ("verdict", "stage", "reason")), strict=True))
    tables = [
        (piece.table("scores"), ["lang", "license", "num_bytes"]),
        (Path(verdicts) / f"{piece.fingerprint}.parquet", ["stage", "reason", "split"]),
    ]
    for batch in scan_aligned(tables):
        stays = pc.is_null(batch["reason"])
        left = batch.filter(pc.invert(stays))
        drops.update(
            (ledger.DROPPED, stage, reason)
            for stage, reason in zip(left["stage"].to_pylist(), left["reason"].to_pylist(), strict=True)
        )
        batch = batch.filter(stays)
        sizes = batch["num_bytes"].to_pylist()
        for name, column in (("lang", kept), ("split", splits)):
            for word, size in zip(batch[name].to_pylist(), sizes, strict=True):
                column["documents"][word or ""] += 1
                column["bytes"][word or ""] += size
        licenses.update(batch["license"].to_pylist())
        lengths.update(str(int(power)) for power in np.floor(np.log2(np.maximum(batch["num_bytes"].to_numpy(), 1))))
    accounts = manifest.read(Path(piece.folder))["inputs"].values()
    result: Tally = {
        "source": piece.source,
        "kind": piece.kind,
        "inputs": len(accounts),
        "in": sum(account["records"] for account in accounts),
        "kept": sum(kept["documents"].values()),
        "drops": [[*key, count] for key, count in sorted(drops.items(), key=str)],
        "chars_read": sum(account["chars_read"] for account in accounts),
        "removed": _sum(account["removed"] for account in accounts),
        "replaced": _sum(account["replaced"] for account in accounts),
        "languages": {name: dict(sorted(counts.items())) for name, counts in kept.items()},
        "splits": {name: dict(sorted(counts.items())) for name, counts in splits.items()},
        "lengths": dict(sorted(lengths.items())),
        "licenses": dict(sorted(licenses.items())),
    }
    ledger.check_sum(f"{piece.source}/{piece.unit}", result["in"], {"kept": result["kept"], "dropped": sum(drops.values())})
    return result


def by_source(tallies: Sequence[Tally]) -> dict[str, Tally]:
    """Tallies added up by source, in order of name."""
    merged: dict[str, Tally] = {}
    for part in tallies:
        known = merged.get(part["source"])
        merged[part["source"]] = _merge(known, part) if known else part
    return dict(sorted(merged.items()))


def _merge(one: Tally, other: Tally) -> Tally:
    drops: Counter[tuple[str, ...]] = Counter()
    for *key, count in [*one["drops"], *other["drops"]]:
        drops[tuple(key)] += count
    return {
        "source": one["source"], "kind": one["kind"],
        **{name: one[name] + other[name] for name in ("inputs", "in", "kept", "chars_read")},
        "drops": [[*key, count] for key, count in sorted(drops.items(), key=str)],
        **{name: _sum([one[name], other[name]]) for name in ("removed", "replaced", "lengths", "licenses")},
        **{name: {key: _sum([one[name][key], other[name][key]]) for key in one[name]} for name in ("languages", "splits")},
    }  # fmt: skip


def _sum(counters: Any) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return dict(sorted(total.items()))
