"""Counts of what happened to the documents of a segment, as JSON: the numbers behind alarms, card, report and Prefect.

In: a segment and its verdict file. Nothing here reads text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from curation import ledger, manifest
from curation.engine import Engine
from curation.segment import Segment, scan, scan_aligned

Tally = dict[str, Any]
INLINE_ROWS = 200_000
NUM_SAMPLES = 3
REMOVED = "chars_removed"  # among reasons: what went out of documents that stay


def tally_segments(segments: Sequence[Segment], verdicts: Path, engine: Engine) -> list[Tally]:
    tasks = [{"segment": segment.to_json(), "verdicts": str(verdicts)} for segment in segments]
    return engine.run(tally_segment, tasks, workers=None if sum(segment.rows for segment in segments) > INLINE_ROWS else 1)


def tally_segment(segment: dict[str, Any], verdicts: str) -> Tally:
    piece = Segment(**segment)
    drops: Counter[tuple[str, str, str]] = Counter()
    kept: dict[str, Counter[str]] = {name: Counter() for name in ("documents", "bytes", "chars_read", REMOVED)}
    splits: dict[str, Counter[str]] = {"documents": Counter(), "bytes": Counter()}
    lengths: Counter[str] = Counter()
    licenses: Counter[str] = Counter()
    lost: dict[str, Counter[str]] = defaultdict(Counter)
    samples: dict[str, dict[str, list[list[Any]]]] = defaultdict(dict)
    for batch in scan(piece.table("ledger"), ["id", "origin", "stage", "verdict", "reason"]):
        drops.update(_rows(batch, "verdict", "stage", "reason"))
        for key, origin, reason in _rows(batch, "id", "origin", "reason"):
            _note(samples[""], reason, [0, key or f'"{origin}"'])
    tables = [
        (piece.table("scores"), ["id", "lang", "license", "chars_read", "num_chars", "num_bytes"]),
        (Path(verdicts) / f"{piece.fingerprint}.parquet", ["stage", "reason", "split"]),
    ]
    for batch in scan_aligned(tables):
        stays = pc.is_null(batch["reason"])
        left = batch.filter(pc.invert(stays))
        drops.update((ledger.DROPPED, stage, reason) for stage, reason in _rows(left, "stage", "reason"))
        for key, lang, reason in _rows(left, "id", "lang", "reason"):
            lost[lang or ""][reason] += 1
            _note(samples[lang or ""], reason, [0, key])
        batch = batch.filter(stays)
        for key, lang, read, chars in _rows(batch, "id", "lang", "chars_read", "num_chars"):
            removed = max(0, read - chars)
            kept["chars_read"][lang or ""] += read
            kept[REMOVED][lang or ""] += removed
            if removed:
                _note(samples[lang or ""], REMOVED, [-removed, key])
        for name, column in (("lang", kept), ("split", splits)):
            for word, size in _rows(batch, name, "num_bytes"):
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
        "lost": {lang: dict(sorted(counts.items())) for lang, counts in sorted(lost.items())},
        "samples": samples,
        "splits": {name: dict(sorted(counts.items())) for name, counts in splits.items()},
        "lengths": dict(sorted(lengths.items())),
        "licenses": dict(sorted(licenses.items())),
    }
    ledger.check_sum(f"{piece.source}/{piece.unit}", result["in"], {"kept": result["kept"], "dropped": sum(drops.values())})
    return result


def by_source(tallies: Sequence[Tally]) -> dict[str, Tally]:
    """Tallies added up by source, in order of name; without the samples, which are for alarms alone."""
    merged: dict[str, Tally] = {}
    for tally in tallies:
        part = {name: value for name, value in tally.items() if name != "samples"}
        known = merged.get(part["source"])
        merged[part["source"]] = _merge(known, part) if known else part
    return dict(sorted(merged.items()))


def samples_of(tallies: Sequence[Tally]) -> dict[tuple[str, str, str], list[list[Any]]]:
    """[rank, id] of a few documents by (source, language, reason): the first in order, whatever was read first.

    What left before it had an id is named by its origin as the ledger has it, scrubbed and in quotation marks.
    Among what stays those that lost most characters come first, reason REMOVED.
    """
    merged: dict[tuple[str, str], dict[str, list[list[Any]]]] = defaultdict(dict)
    for tally in tallies:
        for lang, reasons in tally["samples"].items():
            for reason, rows in reasons.items():
                for row in rows:
                    _note(merged[tally["source"], lang], reason, row)
    return {(source, lang, reason): rows for (source, lang), reasons in merged.items() for reason, rows in reasons.items()}


def _note(samples: dict[str, list[list[Any]]], reason: str, row: list[Any]) -> None:
    known = samples.setdefault(reason, [])
    if row not in known and (len(known) < NUM_SAMPLES or row < known[-1]):
        known[:] = sorted([*known, row])[:NUM_SAMPLES]


def _rows(batch: pa.RecordBatch, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(batch[name].to_pylist() for name in names), strict=True)


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
        "lost": {lang: _sum(each["lost"].get(lang, {}) for each in (one, other)) for lang in sorted(one["lost"] | other["lost"])},
    }  # fmt: skip


def _sum(counters: Any) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return dict(sorted(total.items()))
