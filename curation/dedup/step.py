"""Duplicates over all segments: exact by id, near by MinHash and exact Jaccard, contained. The step `deduplicate`.

In: sealed segments, the verdicts of the step before, the pins of the newest release. Out: one verdict file a segment;
reasons in decisions.REASONS, `twin` the keeper's id, `score` the exact similarity. Only rows without a reason take part.

    list rows ▸ drop exact ▸ find candidates (index.py) ▸ components ▸ recall ▸ gather texts ▸ walk ▸ verdicts

Every stage is a set of tasks over segments, partitions or bins; what passes between them lies in a scratch folder. The
result depends on the rows alone; what the last run knows (index.py, recall.py) is not done again, and work.json beside the
verdicts says what was. Cost and plan for large corpora: docs/scale.md.
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
from curation.dedup import components, decide, decisions, exact, gather, recall, rows, signature
from curation.dedup.config import Config
from curation.dedup.index import Index, find_candidates, settings_of
from curation.dedup.rows import Layout, load
from curation.dedup.tasks import Tasks, key_ranges, over
from curation.engine import Engine
from curation.segment import Segment
from curation.stage import version

NAME = "deduplicate"
REASONS = decisions.REASONS


@dataclass(frozen=True, slots=True)
class Limits:
    """How the work is cut; never what comes out."""

    partition_rows: int = 1 << 21  # keys that one task sorts: about 150 MB
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
    with over(segments, engine, limits.few_rows) as tasks:
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
        exact_files, texts = self._drop_exact(layout)
        index = find_candidates(tasks, layout, texts, self.config, self._settings(), self.limits.partition_rows)
        sizes, num_bins = self._components(layout, texts, index)
        recalled = self._recall(layout, num_bins)
        tasks.by_segment(gather.gather, config=settings, layout=place, members=tasks.path("unknown"))
        common = {"layout": place, "config": settings, "contained": tasks.path("contained")}
        stems = [str(tasks.scratch / f"decided-{number}") for number in range(num_bins)]
        tasks.run(decide.decide, [{**common, "bin": number, "out": stem} for number, stem in enumerate(stems)])
        compared = self._remember(stems, recalled, out)
        self._report_work(index, stems, out)
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
            "candidates": int(sizes.sum()),
            "components": len(sizes),
            "largest_component": int(sizes.max(initial=0)),
            "compared_pairs": compared,
        }

    def _drop_exact(self, layout: Layout) -> tuple[list[str], Layout]:
        """(files of decisions, the texts that are left by ranges of ids)."""
        ranges = key_ranges(64, sum(layout.counts), max(1, self.limits.partition_rows // 4))  # a text's sketch is 128 bytes
        tasks = [
            {
                "layout": layout.to_json(), "low": low, "high": high, "out": self.tasks.file("exact", part),
                "texts": self.tasks.file("texts", part),
            }
            for part, (low, high) in enumerate(ranges)
        ]  # fmt: skip
        counts = self.tasks.run(exact.drop_exact, tasks)
        return [str(task["out"]) for task in tasks], Layout(str(self.tasks.scratch), tuple(counts))

    def _settings(self) -> dict[str, Any]:
        return settings_of(identity(self.config), version(signature.__name__, signature.LIBRARIES))

    def _components(self, layout: Layout, texts: Layout, index: Index) -> tuple[Any, int]:
        """Write members.npy and contained.npy, by row numbers; returns the size of each component and the number of bins."""
        found = components.components([index.near, index.contained], sum(texts.counts))
        members = np.zeros(len(found), gather.MEMBER)
        members["number"], members["component"] = texts.take("texts-{}", found[:, 0])["row"], found[:, 1]
        members = members[np.argsort(members["number"])]
        weight = layout.take("rows-{}", members["number"])["shingles"].astype(np.int64)
        members["bin"] = components.bins(members["component"], weight, self.limits.bin_shingles)
        np.save(self.tasks.path("members"), members)
        sides = [texts.take("texts-{}", index.contained[:, side])["row"] for side in (0, 1)]
        np.save(self.tasks.path("contained"), np.column_stack(sides))
        return np.unique(found[:, 1], return_counts=True)[1], int(members["bin"].max(initial=-1)) + 1

    def _recall(self, layout: Layout, num_bins: int) -> list[str]:
        """Decisions that the last run knows, by bin; members of the other components go into unknown.npy."""
        memory = recall.Memory.newest(self.tasks.engine.workspace / "steps")
        settings = json.dumps(identity(self.config), sort_keys=True).encode()
        members, contained = load(self.tasks.path("members")), load(self.tasks.path("contained"))
        fresh = [members[:0]]
        for number in range(num_bins):
            group = recall.Group.of(members[members["bin"] == number], layout, contained, settings)
            known, decided, compared = memory.recall(group)
            group.save(str(self.tasks.scratch / f"group-{number}"))
            decisions.save(self.tasks.scratch / f"recalled-{number}.npy", decided)
            np.save(self.tasks.scratch / f"compared-{number}.npy", compared)
            fresh.append(group.members[np.repeat(~known, np.diff(group.starts))])
        left = np.concatenate(fresh)
        np.save(self.tasks.path("unknown"), left[np.argsort(left["number"], kind="stable")])
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

    def _report_work(self, index: Index, stems: list[str], out: Path) -> None:
        walked = np.concatenate([np.zeros(0, decide.COMPARED), *(load(f"{stem}-compared.npy") for stem in stems)])
        read = len(load(self.tasks.path("unknown")))
        work = {"read_texts": read, "walked_components": len(walked), "compared_pairs": int(walked["pairs"].sum())}
        storage.write_json(out / "work.json", {**index.work, **work})
