"""Train or eval for every kept document: whole works, chosen by hash, remembered. The step `split`.

In: sealed segments, the verdicts of `deduplicate`, the pins of the newest release. Out: one verdict file a segment with
`split` filled, pins.parquet (what the next release must respect), test_sets.parquet (evidence, where a recipe has them).

    test sets ▸ documents ▸ works and their overlaps ▸ choose ▸ cover ▸ read eval ▸ near eval ▸ verdicts ▸ check

The rules stand in splitting/: choose.py and cover.py (who), overlap.py (what train gives up), pins.py (what is remembered).
The result depends on the documents, the pins and the settings alone. The largest overlap in what was written is in the
summary, and a split that leaves more than the bound raises ContractError (residual.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from curation.dedup.rows import Layout
from curation.dedup.shingles import GRAM_BITS
from curation.dedup.tasks import Tasks, key_ranges, over
from curation.engine import Engine
from curation.errors import ContractError
from curation.manifest import file_sha256
from curation.segment import Segment
from curation.split_config import Config
from curation.splitting import documents, overlap, pins, test_sets, vanished, verdicts
from curation.splitting.choose import choose
from curation.splitting.cover import cover, without_eval
from curation.splitting.residual import check_overlap
from curation.splitting.size import bounded_fraction
from curation.splitting.works import find_works
from curation.stage import version

NAME = "split"
REASONS = {
    "near_eval": "eval holds too large a share of its 13-grams, or it holds too large a share of an eval document",
    "in_test_set": "contains a question of a test set that the recipe names",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How the work is cut; never what comes out."""

    partition_grams: int = 1 << 20
    few_rows: int = 100_000


def identity(config: Config) -> dict[str, Any]:
    """What decides the split besides segments, verdicts and pins: also the content of the test sets."""
    settings = config.model_dump(mode="json")
    settings["test_sets"] = [file_sha256(Path(file)) for file in config.test_sets]
    return {"version": version(__name__, ("numpy", "xxhash")), "config": settings}


def split(
    segments: Sequence[Segment],
    previous: Path,
    config: Config,
    pins: Path | None,
    out: Path,
    engine: Engine,
    limits: Limits | None = None,
) -> dict[str, Any]:
    """Verdict files and pins into `out`; returns counts for the report. `config.test_sets` are paths that can be opened."""
    limits = limits or Limits()
    with over(segments, engine, limits.few_rows) as tasks:
        summary = _Split(tasks, str(previous), config, pins, limits.partition_grams).run(out)
    overlap_left = check_overlap(segments, out, config.max_overlap, engine, limits.few_rows, limits.partition_grams)
    return {**summary, "max_overlap": overlap_left}


@dataclass(frozen=True)
class _Split:
    """The sequence of stages, and what every task gets."""

    tasks: Tasks
    previous: str
    config: Config
    pins: Path | None
    partition_grams: int

    def run(self, out: Path) -> dict[str, Any]:
        contained = self._test_sets(out)
        layout, strata = self._list(contained)
        share = bounded_fraction(self.config.eval_fraction, self.config.max_eval_tokens, strata)
        config = self.config.model_copy(update={"eval_fraction": share})
        works, parts = find_works(self.tasks, layout, strata, config, self.partition_grams)
        keys = {documents.stratum_key(name): name for name in strata}
        chosen = choose(works, {key: strata[name][1] for key, name in keys.items()}, config)
        chosen = cover(works, parts, chosen, strata, keys, config)
        chosen_file = self.tasks.scratch / "chosen.npy"
        np.save(chosen_file, chosen)
        place = layout.to_json()
        num_eval = sum(self.tasks.by_segment(overlap.read_eval, layout=place, works=str(chosen_file)))
        near = self._near(layout)
        written = self.tasks.by_segment(
            verdicts.write_verdicts, previous=self.previous, layout=place, each_near=near, each_contained=contained,
            stage=NAME, out=str(out),
        )  # fmt: skip
        pins.write(pins.read(self.pins), self.tasks.segments, layout, out / "pins.parquet")
        counts: Counter[str] = Counter()
        for part in written:
            counts.update(part)
        self._check(counts["eval"], num_eval)
        return {
            "train": counts["train"], "eval": counts["eval"], "eval_works": len(chosen),
            "dropped": {reason: counts[reason] for reason in REASONS}, "pinned_works": int(works["pinned"].sum()),
            "eval_fraction": share,
            "strata": {name: {"documents": count, "bytes": size} for name, (count, size) in strata.items()},
            "without_eval": without_eval(works, parts, chosen, keys, config),
        }  # fmt: skip

    def _check(self, num_written: int, num_chosen: int) -> None:
        if num_written != num_chosen:
            raise ContractError("eval documents do not add up", where=NAME, got=str(num_written), expected=str(num_chosen))

    def _test_sets(self, out: Path) -> list[list[list[Any]]]:
        """Per segment [row, share, evidence] of the documents that contain a question."""
        rows: dict[int, list[list[Any]]] = defaultdict(list)
        if self.config.test_sets:
            files, stems = list(self.config.test_sets), self.tasks.files("asked")
            self.tasks.by_segment(test_sets.scan_texts, previous=self.previous, files=files, each_out=stems)
            found = test_sets.judge(files, stems, self.config.max_test_overlap, self.config.max_common)
            for item in found:
                rows[item.segment].append([item.row, item.score, item.evidence])
            test_sets.write_evidence(found, self.tasks.segments, out)
        return [rows[index] for index in range(len(self.tasks.segments))]

    def _list(self, contained: list[list[list[Any]]]) -> tuple[Layout, dict[str, tuple[int, int]]]:
        """The documents that may be split; (documents, bytes) of every source and language."""
        excluded = self.tasks.files("excluded")
        for file, rows in zip(excluded, contained, strict=True):
            np.save(file, np.array([row for row, *_ in rows], np.int64))
        listed = self.tasks.by_segment(
            documents.list_documents, previous=self.previous, pins=str(self.pins) if self.pins else None,
            each_excluded=excluded, seed=self.config.seed, folder=str(self.tasks.scratch),
        )  # fmt: skip
        strata: dict[str, tuple[int, int]] = {}
        for part in listed:
            for name, (count, size) in part["strata"].items():
                known = strata.get(name, (0, 0))
                strata[name] = (known[0] + count, known[1] + size)
        return Layout(str(self.tasks.scratch), tuple(part["documents"] for part in listed)), dict(sorted(strata.items()))

    def _near(self, layout: Layout) -> list[str]:
        """Files of what train gives up, by segment."""
        num_grams = sum(layout.open("evalgrams-{}", index).size for index in range(len(layout.counts)))
        parts = len(key_ranges(GRAM_BITS, num_grams, self.partition_grams))
        overlap.merge_eval(layout, parts, self.tasks.scratch / "eval")
        old = pins.read(self.pins)
        gone = pins.vanished(old, pins.current(self.tasks.segments, layout)) if len(old) else old
        remembered = vanished.write_vanished(gone, self.tasks.scratch)
        bounds = {"max_overlap": self.config.max_overlap, "max_covered": self.config.max_covered}
        files = self.tasks.files("near")
        self.tasks.by_segment(
            overlap.find_near, layout=layout.to_json(), eval_stem=str(self.tasks.scratch / "eval"), pins_stem=remembered,
            each_out=files, **bounds,
        )  # fmt: skip
        return files
