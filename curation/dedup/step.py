"""Duplicates over all segments: exact by id, near by MinHash and exact Jaccard, contained. The step `deduplicate`.

In: sealed segments, the verdicts of the step before, the pins of the newest release. Out: one verdict file a segment;
reasons in decisions.REASONS, `twin` the keeper's id, `score` the exact similarity. Only rows without a reason take part.

    list rows ▸ drop exact ▸ write keys ▸ match by partitions of keys ▸ components ▸ gather texts ▸ walk ▸ verdicts

Every stage is a set of tasks over segments, partitions or bins; what passes between them lies in a scratch folder. The
result depends on the rows alone. Cost and plan for large corpora: docs/scale.md.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from curation import storage
from curation.dedup import components, decide, decisions, exact, gather, keys, match, rows
from curation.dedup.config import Config
from curation.dedup.rows import Layout
from curation.dedup.shingles import GRAM_BOUND
from curation.engine import Engine
from curation.segment import Segment
from curation.stage import version

NAME = "deduplicate"
REASONS = decisions.REASONS


@dataclass(frozen=True, slots=True)
class Limits:
    """How the work is cut; never what comes out."""

    partition_rows: int = 1 << 22  # keys that one task sorts: about 200 MB
    bin_shingles: int = 1 << 25  # 256 MB of shingles a bin, memory-mapped
    few_rows: int = 20_000  # fewer are done in this process: starting workers would cost more


def identity(config: Config) -> dict[str, Any]:
    """What decides the verdicts besides segments, previous verdicts and pins."""
    return {"version": version(__name__, ("numpy", "xxhash")), "config": config.model_dump(mode="json")}


def deduplicate(
    segments: Sequence[Segment],
    previous: Path,
    config: Config,
    pins: Path | None,
    out: Path,
    engine: Engine,
    limits: Limits | None = None,
) -> dict[str, Any]:
    """Verdict files into `out`; returns counts for the report."""
    ordered = tuple(sorted(segments, key=lambda segment: segment.fingerprint))
    with storage.draft_folder(engine.workspace) as scratch:
        return _Deduplication(ordered, str(previous), config, pins, scratch, engine, limits or Limits()).run(out)


@dataclass(frozen=True)
class _Deduplication:
    """The sequence of stages, and what every task gets."""

    segments: tuple[Segment, ...]
    previous: str
    config: Config
    pins: Path | None
    scratch: Path
    engine: Engine
    limits: Limits

    @property
    def settings(self) -> dict[str, Any]:
        return self.config.model_dump(mode="json")

    def run(self, out: Path) -> dict[str, Any]:
        layout = self._list_rows()
        exact_files = self._drop_exact(layout)
        eligible = sum(self._by_segment(keys.write_keys, config=self.settings, exact=exact_files, layout=layout.to_json()))
        edges, contained = self._match(layout, eligible)
        np.save(self.scratch / "contained.npy", contained)
        num_bins, sizes = self._components(layout, edges, contained)
        read = self._by_segment(
            gather.gather, config=self.settings, layout=layout.to_json(), members=str(self.scratch / "members.npy")
        )
        files = [str(self.scratch / f"decided-{number}.npy") for number in range(num_bins)]
        common = {"layout": layout.to_json(), "config": self.settings, "contained": str(self.scratch / "contained.npy")}
        walked = self._run(decide.decide, [{**common, "bin": number, "out": file} for number, file in enumerate(files)])
        dropped = self._by_segment(
            decisions.write_verdicts,
            previous=self.previous,
            files=[*exact_files, *files],
            layout=layout.to_json(),
            stage=NAME,
            out=str(out),
        )
        total: Counter[str] = Counter()
        for counts in dropped:
            total.update(counts)
        return {
            "documents": sum(layout.counts),
            "dropped": {reason: total[reason] for reason in REASONS},
            "candidate_pairs": sum(len(rows.load(file)) for file in edges) + len(contained),
            "components": len(sizes),
            "largest_component": int(max(sizes, default=0)),
            "compared_pairs": sum(counts["compared"] for counts in walked),
            "chars_read": sum(read),
        }

    def _run(self, function: Any, tasks: list[dict[str, Any]]) -> list[Any]:
        if sum(piece.rows for piece in self.segments) <= self.limits.few_rows:
            return [function(**task) for task in tasks]
        return self.engine.run(function, tasks)

    def _by_segment(self, function: Any, **common: Any) -> list[Any]:
        return self._run(
            function, [{"segment": piece.to_json(), "index": index, **common} for index, piece in enumerate(self.segments)]
        )

    def _list_rows(self) -> Layout:
        pins = str(self.pins) if self.pins else None
        counts = self._by_segment(rows.list_rows, previous=self.previous, pins=pins, folder=str(self.scratch))
        return Layout(str(self.scratch), tuple(counts))

    def _drop_exact(self, layout: Layout) -> list[str]:
        ranges = _ranges(64, sum(layout.counts), self.limits.partition_rows)
        files: list[str] = [str(self.scratch / f"exact-{number}.npy") for number in range(len(ranges))]
        tasks = [
            {"layout": layout.to_json(), "low": low, "high": high, "out": file}
            for (low, high), file in zip(ranges, files, strict=True)
        ]
        self._run(exact.drop_exact, tasks)
        return files

    def _match(self, layout: Layout, eligible: int) -> tuple[list[str], Any]:
        common = {"layout": layout.to_json(), "min_estimate": self.config.threshold - match.MARGIN}
        bands = [
            {**common, "band": band, "low": low, "high": high, "out": str(self.scratch / f"edges-{band}-{number}.npy")}
            for band in range(self.config.bands)
            for number, (low, high) in enumerate(_ranges(64, eligible, self.limits.partition_rows))
        ]
        num_grams = sum(layout.open("grams-{}", index).size for index in range(len(layout.counts)))
        grams = [
            {"layout": layout.to_json(), "low": low, "high": high, "out": str(self.scratch / f"held-{number}.npy")}
            for number, (low, high) in enumerate(_ranges(GRAM_BOUND.bit_length() - 1, num_grams, self.limits.partition_rows))
        ]
        self._run(match.match_bands, bands)
        self._run(match.match_grams, grams)
        return [str(task["out"]) for task in bands], components.containment_pairs(
            [str(task["out"]) for task in grams], layout, self.config
        )

    def _components(self, layout: Layout, edges: list[str], contained: Any) -> tuple[int, Any]:
        """Write members.npy; returns the number of bins and the size of each component."""
        numbers, component = components.components(edges, contained, sum(layout.counts))
        members = np.zeros(len(numbers), gather.MEMBER)
        members["number"], members["component"] = numbers, component
        weight = layout.take("rows-{}", numbers)["shingles"].astype(np.int64)
        members["bin"] = components.bins(component, weight, self.limits.bin_shingles)
        np.save(self.scratch / "members.npy", members)
        return int(members["bin"].max(initial=-1)) + 1, np.unique(component, return_counts=True)[1]


def _ranges(bits: int, entries: int, at_most: int) -> list[tuple[int, int]]:
    """Inclusive ranges of a key space of `bits` bits, as many as keep each near `at_most` entries."""
    parts = max(1, -(-entries // at_most))
    borders = [(1 << bits) * number // parts for number in range(parts + 1)]
    return [(low, high - 1) for low, high in itertools.pairwise(borders)]
