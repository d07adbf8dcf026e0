"""Train or eval for every kept document: whole works, chosen by hash, remembered. The step `split`.

In: sealed segments, the verdicts of `deduplicate`, the pins of the newest release. Out: one verdict file a segment with
`split` filled, pins.parquet (what the next release must respect), test_sets.parquet (evidence, where a recipe has them).

    test sets ▸ documents ▸ pool of candidates ▸ their overlaps ▸ choose ▸ read eval ▸ near eval ▸ verdicts

The rules stand in splitting/: choose.py (who), overlap.py (what train gives up), pins.py (what is remembered). The result
depends on the documents, the pins and the settings alone. The largest overlap that remains is in the summary, and a step
that leaves more than the bound raises ContractError.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from curation import storage
from curation.dedup.rows import Layout, load
from curation.dedup.shingles import GRAM_BITS
from curation.engine import Engine
from curation.errors import ContractError
from curation.manifest import file_sha256
from curation.segment import Segment
from curation.split_config import Config
from curation.splitting import candidates, documents, overlap, pins, test_sets, verdicts
from curation.splitting.choose import WORK, choose, merge_works
from curation.stage import version

NAME = "split"
REASONS = {
    "near_eval": "eval holds too large a share of its 13-grams, or it holds too large a share of an eval document",
    "in_test_set": "contains a question of a test set that the recipe names",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How the work is cut; never what comes out."""

    partition_grams: int = 1 << 22
    few_rows: int = 20_000


def identity(config: Config) -> dict[str, Any]:
    """What decides the split besides segments, verdicts and pins: also the content of the test sets."""
    settings = config.model_dump(mode="json")
    return {
        "version": version(__name__, ("numpy", "xxhash")),
        "config": {**settings, "test_sets": [file_sha256(Path(file)) for file in sorted(config.test_sets)]},
    }


def split(
    segments: Sequence[Segment],
    previous: Path,
    config: Config,
    pins: Path | None,
    out: Path,
    engine: Engine,
    limits: Limits | None = None,
) -> dict[str, Any]:
    """Verdict files and pins into `out`; returns counts for the report. Paths of test sets are relative to the process."""
    ordered = tuple(sorted(segments, key=lambda segment: segment.fingerprint))
    with storage.draft_folder(engine.workspace) as scratch:
        return _Split(ordered, str(previous), config, pins, scratch, engine, limits or Limits()).run(out)


@dataclass(frozen=True)
class _Split:
    """The sequence of stages, and what every task gets."""

    segments: tuple[Segment, ...]
    previous: str
    config: Config
    pins: Path | None
    scratch: Path
    engine: Engine
    limits: Limits

    def run(self, out: Path) -> dict[str, Any]:
        contained = self._test_sets(out)
        layout, strata = self._list(contained)
        works = self._works(layout, strata)
        chosen = choose(
            works, {documents.stratum_key(name): (count, size) for name, (count, size) in strata.items()}, self.config
        )
        np.save(self.scratch / "chosen.npy", chosen)
        num_eval = sum(self._by_segment(overlap.read_eval, layout=layout.to_json(), works=str(self.scratch / "chosen.npy")))
        near, largest = self._near(layout)
        per_segment = [
            {
                "segment": piece.to_json(),
                "index": index,
                "near": near[index],
                "contained": contained.get(index, []),
                "previous": self.previous,
            }
            for index, piece in enumerate(self.segments)
        ]
        counts: Counter[str] = Counter()
        for part in self._run(
            verdicts.write_verdicts,
            [{**task, "layout": layout.to_json(), "stage": NAME, "out": str(out)} for task in per_segment],
        ):
            counts.update(part)
        self._write_pins(layout, out)
        if counts["eval"] != num_eval:
            raise ContractError("eval documents do not add up", where=NAME, got=str(counts["eval"]), expected=str(num_eval))
        if largest >= self.config.max_overlap:
            raise ContractError(
                "train overlaps eval", where=NAME, got=f"{largest:.3f}", expected=f"below {self.config.max_overlap}"
            )
        return {
            "train": counts["train"], "eval": counts["eval"], "eval_works": len(chosen), "max_overlap": largest,
            "dropped": {reason: counts[reason] for reason in REASONS}, "pinned_works": int(works["pinned"].sum()),
            "strata": {name: {"documents": count, "bytes": size} for name, (count, size) in strata.items()},
        }  # fmt: skip

    def _run(self, function: Any, tasks: list[dict[str, Any]]) -> list[Any]:
        if sum(piece.rows for piece in self.segments) <= self.limits.few_rows:
            return [function(**task) for task in tasks]
        return self.engine.run(function, tasks)

    def _by_segment(self, function: Any, **common: Any) -> list[Any]:
        return self._run(
            function, [{"segment": piece.to_json(), "index": index, **common} for index, piece in enumerate(self.segments)]
        )

    def _test_sets(self, out: Path) -> dict[int, list[list[Any]]]:
        """[row, share, question] of the documents that contain a question, by segment; their rows into excluded-i.npy."""
        files = list(self.config.test_sets)
        if not files:
            return {}
        stems = [str(self.scratch / f"asked-{index}") for index in range(len(self.segments))]
        tasks = [
            {"segment": piece.to_json(), "previous": self.previous, "files": files, "out": stem}
            for piece, stem in zip(self.segments, stems, strict=True)
        ]  # fmt: skip
        self._run(test_sets.scan_texts, tasks)
        found = test_sets.judge(files, stems, self.config.max_test_overlap, self.config.max_common)
        rows: dict[int, list[list[Any]]] = defaultdict(list)
        for item in found:
            rows[item.segment].append([item.row, item.score, item.question])
        test_sets.write_evidence(found, [self._id(item.segment, item.row) for item in found], out)
        return rows

    def _id(self, index: int, row: int) -> str:
        table = pq.read_table(self.segments[index].table("scores"), columns=["id"])
        return str(table["id"][row].as_py())

    def _list(self, contained: dict[int, list[list[Any]]]) -> tuple[Layout, dict[str, tuple[int, int]]]:
        tasks = []
        for index, piece in enumerate(self.segments):
            excluded = self.scratch / f"excluded-{index}.npy"
            np.save(excluded, np.array([row for row, *_ in contained.get(index, [])], np.int64))
            tasks.append({
                "segment": piece.to_json(), "previous": self.previous, "pins": str(self.pins) if self.pins else None,
                "excluded": str(excluded), "seed": self.config.seed, "folder": str(self.scratch), "index": index,
            })  # fmt: skip
        listed = self._run(documents.list_documents, tasks)
        strata: dict[str, tuple[int, int]] = {}
        for part in listed:
            for name, (count, size) in part["strata"].items():
                known = strata.get(name, (0, 0))
                strata[name] = (known[0] + count, known[1] + size)
        return Layout(str(self.scratch), tuple(part["documents"] for part in listed)), dict(sorted(strata.items()))

    def _works(self, layout: Layout, strata: dict[str, tuple[int, int]]) -> Any:
        """The works of the pool, with what they overlap."""
        limits = {
            str(documents.stratum_key(name)): candidates.pool_limit(count, self.config.eval_fraction)
            for name, (count, _) in strata.items()
        }
        indices = range(len(self.segments))
        self._run(
            candidates.pool,
            [
                {"layout": layout.to_json(), "index": index, "limits": limits, "out": self._file("pool", index)}
                for index in indices
            ],
        )
        pooled = np.unique(np.concatenate([np.zeros(0, np.uint64), *(load(self._file("pool", index)) for index in indices)]))
        np.save(self.scratch / "pooled.npy", pooled)
        common = {"layout": layout.to_json(), "pooled": str(self.scratch / "pooled.npy")}
        self._run(candidates.gather_works, [{**common, "index": index, "out": self._file("works", index)} for index in indices])
        works = merge_works(
            np.concatenate([np.zeros(0, WORK), *(load(self._file("works", index)) for index in indices)])
        )
        num_grams = sum(layout.open("grams-{}", index).size for index in indices)
        ranges = _ranges(num_grams, self.limits.partition_grams)
        stems = [str(self.scratch / f"overlap-{number}") for number in range(len(ranges))]
        self._run(
            candidates.match,
            [
                {"layout": layout.to_json(), "low": low, "high": high, "out": stem}
                for (low, high), stem in zip(ranges, stems, strict=True)
            ],
        )
        return candidates.count_overlaps(works, layout, stems, self.config.max_overlap, self.config.max_covered)

    def _file(self, name: str, index: int) -> str:
        return str(self.scratch / f"{name}-{index}.npy")

    def _near(self, layout: Layout) -> tuple[list[str], float]:
        """(files of what train gives up, by segment; the largest overlap that remains)."""
        num_grams = sum(layout.open("evalgrams-{}", index).size for index in range(len(self.segments)))
        overlap.merge_eval(layout, len(_ranges(num_grams, self.limits.partition_grams)), self.scratch / "eval")
        remembered = pins.write_remembered(pins.read(self.pins), pins.current(self.segments, layout), self.scratch)
        common = {
            "layout": layout.to_json(), "eval_stem": str(self.scratch / "eval"), "pins_stem": remembered,
            "max_overlap": self.config.max_overlap, "max_covered": self.config.max_covered,
        }  # fmt: skip
        files = [self._file("near", index) for index in range(len(self.segments))]
        tasks = [
            {"segment": piece.to_json(), "index": index, "out": files[index], **common}
            for index, piece in enumerate(self.segments)
        ]
        return files, max(self._run(overlap.find_near, tasks), default=0.0)

    def _write_pins(self, layout: Layout, out: Path) -> None:
        table = pins.carry_forward(pins.read(self.pins), pins.current(self.segments, layout))
        pq.write_table(table.combine_chunks(), out / "pins.parquet", compression="zstd")


def _ranges(entries: int, at_most: int) -> list[tuple[int, int]]:
    """Inclusive ranges of the space of 13-gram hashes, as many as keep each near `at_most` entries."""
    parts = max(1, -(-entries // at_most))
    return [(low, high - 1) for low, high in pairwise((1 << GRAM_BITS) * number // parts for number in range(parts + 1))]
