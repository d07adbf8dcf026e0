"""Duplicates over all segments: exact by id, near by MinHash and exact Jaccard, contained. The step `deduplicate`.

In: sealed segments, the verdicts of the step before, the pins of the newest release. Out: one verdict file a segment;
reasons in decisions.REASONS, `twin` the keeper's id, `score` the exact similarity. Only rows without a reason take part.

    list rows ▸ drop exact ▸ write keys ▸ match by partitions of keys ▸ components ▸ recall ▸ gather texts ▸ walk ▸ verdicts

Every stage is a set of tasks over segments, partitions or bins; what passes between them lies in a scratch folder. The
result depends on the rows alone. Cost and plan for large corpora: docs/scale.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from curation import storage
from curation.dedup import components, decide, decisions, exact, gather, keys, match, recall, rows
from curation.dedup.config import Config
from curation.dedup.rows import Layout, load
from curation.dedup.shingles import GRAM_BOUND
from curation.dedup.tasks import Tasks, key_ranges
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
    few_rows: int = 100_000


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
    limits = limits or Limits()
    ordered = tuple(sorted(segments, key=lambda segment: segment.fingerprint))
    with storage.draft_folder(engine.workspace) as scratch:
        tasks = Tasks(ordered, engine, limits.few_rows, scratch)
        return _Deduplication(tasks, str(previous), config, str(pins) if pins else None, limits).run(out)


@dataclass(frozen=True)
class _Deduplication:
    """The sequence of stages, and what every task gets."""

    tasks: Tasks
    previous: str
    config: Config
    pins: str | None
    limits: Limits

    def run(self, out: Path) -> dict[str, Any]:
        tasks, settings = self.tasks, self.config.model_dump(mode="json")
        counts = tasks.by_segment(rows.list_rows, previous=self.previous, pins=self.pins, folder=str(tasks.scratch))
        layout = Layout(str(tasks.scratch), tuple(counts))
        place = layout.to_json()
        exact_files = self._drop_exact(layout)
        eligible = sum(tasks.by_segment(keys.write_keys, config=settings, exact=exact_files, layout=place))
        edges = self._match_bands(layout, eligible)
        contained = self._match_grams(layout)
        sizes, num_bins = self._components(layout, edges, contained)
        recalled = self._recall(layout, contained, num_bins)
        tasks.by_segment(gather.gather, config=settings, layout=place, members=str(tasks.scratch / "fresh.npy"))
        common = {"layout": place, "config": settings, "contained": str(tasks.scratch / "contained.npy")}
        stems = [str(tasks.scratch / f"decided-{number}") for number in range(num_bins)]
        tasks.run(decide.decide, [{**common, "bin": number, "out": stem} for number, stem in enumerate(stems)])
        compared = self._remember(stems, recalled, out)
        files = [*exact_files, *recalled, *(f"{stem}.npy" for stem in stems)]
        verdicts = tasks.by_segment(
            decisions.write_verdicts, previous=self.previous, files=files, layout=place, stage=NAME, out=str(out)
        )  # fmt: skip
        dropped: Counter[str] = Counter()
        for part in verdicts:
            dropped.update(part)
        return {
            "documents": sum(counts),
            "dropped": {reason: dropped[reason] for reason in REASONS},
            "candidate_pairs": sum(len(load(file)) for file in edges) + len(contained),
            "components": len(sizes),
            "largest_component": int(sizes.max(initial=0)),
            "compared_pairs": compared,
        }

    def _drop_exact(self, layout: Layout) -> list[str]:
        ranges = key_ranges(64, sum(layout.counts), self.limits.partition_rows)
        tasks = [
            {"layout": layout.to_json(), "low": low, "high": high, "out": self.tasks.file("exact", number)}
            for number, (low, high) in enumerate(ranges)
        ]
        self.tasks.run(exact.drop_exact, tasks)
        return [str(task["out"]) for task in tasks]

    def _match_bands(self, layout: Layout, eligible: int) -> list[str]:
        ranges = key_ranges(64, eligible, self.limits.partition_rows)
        common = {"layout": layout.to_json(), "min_estimate": self.config.threshold - match.MARGIN}
        tasks = [
            {**common, "band": band, "low": low, "high": high, "out": self.tasks.file(f"edges-{band}", number)}
            for band in range(self.config.bands)
            for number, (low, high) in enumerate(ranges)
        ]
        self.tasks.run(match.match_bands, tasks)
        return [str(task["out"]) for task in tasks]

    def _match_grams(self, layout: Layout) -> Any:
        """(shorter, longer) row numbers, also into contained.npy."""
        num_grams = sum(layout.open("grams-{}", index).size for index in range(len(layout.counts)))
        ranges = key_ranges(GRAM_BOUND.bit_length() - 1, num_grams, self.limits.partition_rows)
        tasks = [
            {"layout": layout.to_json(), "low": low, "high": high, "out": self.tasks.file("held", number)}
            for number, (low, high) in enumerate(ranges)
        ]
        self.tasks.run(match.match_grams, tasks)
        contained = components.containment_pairs([str(task["out"]) for task in tasks], layout, self.config)
        np.save(self.tasks.scratch / "contained.npy", contained)
        return contained

    def _components(self, layout: Layout, edges: list[str], contained: Any) -> tuple[Any, int]:
        """Write members.npy; returns the size of each component and the number of bins."""
        numbers, component = components.components(edges, contained, sum(layout.counts))
        members = np.zeros(len(numbers), gather.MEMBER)
        members["number"], members["component"] = numbers, component
        weight = layout.take("rows-{}", numbers)["shingles"].astype(np.int64)
        members["bin"] = components.bins(component, weight, self.limits.bin_shingles)
        np.save(self.tasks.scratch / "members.npy", members)
        return np.unique(component, return_counts=True)[1], int(members["bin"].max(initial=-1)) + 1

    def _recall(self, layout: Layout, contained: Any, num_bins: int) -> list[str]:
        """Decisions that the last run knows, by bin; members of the other components go into fresh.npy."""
        memory = recall.Memory.newest(self.tasks.engine.workspace / "steps")
        settings = json.dumps(identity(self.config), sort_keys=True).encode()
        members = load(self.tasks.scratch / "members.npy")
        fresh = [members[:0]]
        for number in range(num_bins):
            group = recall.Group.of(members[members["bin"] == number], layout, contained, settings)
            known, decided, compared = memory.recall(group)
            group.save(str(self.tasks.scratch / f"group-{number}"))
            decisions.save(self.tasks.scratch / f"recalled-{number}.npy", decided)
            np.save(self.tasks.scratch / f"compared-{number}.npy", compared)
            fresh.append(group.members[np.repeat(~known, np.diff(group.starts))])
        left = np.concatenate(fresh)
        np.save(self.tasks.scratch / "fresh.npy", left[np.argsort(left["number"], kind="stable")])
        return [self.tasks.file("recalled", number) for number in range(num_bins)]

    def _remember(self, stems: list[str], recalled: list[str], out: Path) -> int:
        """Write the memory for the next run; returns the number of pairs compared, then or now."""
        total = 0

        def walked() -> Iterator[tuple[recall.Group, Any, Any]]:
            nonlocal total
            for number, stem in enumerate(stems):
                group = recall.Group.load(str(self.tasks.scratch / f"group-{number}"))
                compared = np.array(load(self.tasks.file("compared", number)))
                new = load(f"{stem}-compared.npy")
                names = group.members["component"][group.starts[:-1]]
                compared[np.searchsorted(names, new["component"])] = new["pairs"]
                total += int(compared.sum())
                yield group, np.concatenate([load(recalled[number]), load(f"{stem}.npy")]), compared

        recall.remember(walked(), out)
        return total
