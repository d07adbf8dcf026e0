"""Which texts are candidates of each other: a dataset of its own, a function of the set of ids and the settings alone.

A text is what has an id; its number is its place among all ids, ascending. Made from the last index wherever that has the
text already: signatures are read and candidates sought only of texts that came, and of those whose component lost one.
The bytes are those that a build from nothing gives, so losing an index costs time only. Files (p: ranges of ids or keys):
    texts-p.npy, sketch-p.npy          KNOWN, and the low bytes of the signature, by number
    bands-b-p.npy, grams-0-p.npy       sorted keys of band b, sampled 13-grams; beside them -rows.npy, their texts' numbers
    near.npy                           (n, 2) numbers that have a near candidate, the smallest of their component
    contained.npy                      (n, 2) numbers of texts and of longer ones that may contain them
Only the newest index of a workspace is kept: about 400 bytes a text and 12 a 13-gram. Cost: docs/scale.md.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from curation import manifest, storage
from curation.dedup import components, keys, match, merge
from curation.dedup.config import Config
from curation.dedup.merge import Merge
from curation.dedup.rows import Layout, Numbers, load
from curation.dedup.shingles import GRAM_BOUND
from curation.dedup.tasks import Tasks, key_ranges
from curation.step import cached

NAME = "index"


@dataclass(frozen=True, slots=True)
class Index:
    """A sealed index. `work` counts what making it took; it decides nothing."""

    folder: Path
    near: Numbers
    contained: Numbers
    work: dict[str, int]


def find_candidates(
    tasks: Tasks, rows: Layout, texts: Layout, config: Config, settings: dict[str, Any], partition_rows: int
) -> Index:
    """The index of the texts in `texts`. Nothing runs if it is there."""
    workspace = tasks.engine.workspace
    making = _Making(tasks, rows, texts, config, settings, partition_rows)
    made = cached(workspace, NAME, {"settings": settings, "ids": _ids_hash(texts)}, making.make)
    for folder in _sealed(workspace):
        if folder != made.folder:
            storage.remove(folder)
    work: dict[str, int] = made.manifest["work"] if made.fresh else dict.fromkeys(made.manifest["work"], 0)
    return Index(made.folder, load(made.folder / "near.npy"), load(made.folder / "contained.npy"), work)


def _ids_hash(texts: Layout) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in range(len(texts.counts)):
        listed = texts.open("texts-{}", part)
        for start in range(0, len(listed), 1 << 18):
            block = listed[start : start + (1 << 18)]
            digest.update(np.column_stack([block["id_high"], block["id_low"]]).astype("<u8").tobytes())
    return digest.hexdigest()


def _sealed(workspace: Path) -> list[Path]:
    return [folder for folder in sorted((workspace / "steps").glob(f"{NAME}-*")) if storage.is_sealed(folder)]


@dataclass(frozen=True, slots=True)
class _Making:
    tasks: Tasks
    rows: Layout
    texts: Layout
    config: Config
    settings: dict[str, Any]
    partition_rows: int

    def make(self, out: Path) -> dict[str, Any]:
        """Task of `cached`: fill `out`; returns what its manifest says."""
        place = self._merge(out)
        common: dict[str, Any] = {"merge": place.to_json()}
        parts = range(len(self.texts.counts))
        num_new = self._locate(place)
        num_lost = self._write_masks(place)
        self._write_fresh()
        self.tasks.by_segment(
            keys.write_keys,
            config=self.config.model_dump(mode="json"),
            layout=self.rows.to_json(),
            fresh=[self.tasks.file("new", part) for part in parts],
        )
        num_grams = self.tasks.run(
            merge.merge_texts, [{**common, "part": part, "num_perm": self.config.num_perm} for part in parts]
        )
        ranges = key_ranges(64, sum(self.texts.counts), self.partition_rows)
        least = self.config.threshold - match.MARGIN
        lanes = [(band, part) for band in range(self.config.bands) for part in range(len(ranges))]
        looked = self.tasks.run(
            match.match_bands,
            [
                {**common, "band": band, "low": ranges[part][0], "high": ranges[part][1], "part": part, "min_estimate": least}
                for band, part in lanes
            ],
        )
        edges = [load(self.tasks.path(f"edges-{band}-{part}")) for band, part in lanes]
        np.save(out / "near.npy", components.components([self._known_near(place), *edges], sum(self.texts.counts)))
        gram_parts, num_affected = self._match_grams(place, sum(num_grams))
        lists = {f"bands-{band}": len(ranges) for band in range(self.config.bands)} | {"grams-0": gram_parts}
        work = {
            "new_texts": num_new,
            "rematched_texts": num_new + num_lost,
            "near_pairs": sum(looked),
            "regrouped_texts": num_affected,
        }
        return {"counts": list(self.texts.counts), "lists": lists, "work": work}

    def _merge(self, out: Path) -> Merge:
        last = [(folder, manifest.read(folder)) for folder in _sealed(self.tasks.engine.workspace)]
        usable = [(folder, known) for folder, known in last if known["identity"]["settings"] == self.settings]
        folder, known = usable[-1] if usable else (None, {"counts": [], "lists": {}})
        scratch, old = str(self.tasks.scratch), str(folder or "")
        counts, segments = self.texts.counts, len(self.tasks.segments)
        return Merge(scratch, segments, counts, str(out), old, tuple(known["counts"]), known["lists"])

    def _locate(self, place: Merge) -> int:
        ranges = key_ranges(64, len(self.texts.counts), 1)
        tasks = [{"merge": place.to_json(), "part": part, "low": low, "high": high} for part, (low, high) in enumerate(ranges)]
        return sum(self.tasks.run(merge.locate, tasks))

    def _write_masks(self, place: Merge) -> int:
        """renumber.npy, is_new.npy, rematch.npy; returns how many known texts are to be rematched."""
        total, num_old = sum(self.texts.counts), sum(place.old_counts)
        renumber = self._array("renumber", num_old, np.int64)
        renumber[:] = -1
        is_new = self._array("is_new", total, np.bool_)
        base = 0
        for part, count in enumerate(self.texts.counts):
            old = load(self.tasks.path(f"old-{part}"))
            kept = np.flatnonzero(old >= 0)
            renumber[old[kept]] = base + kept
            is_new[base : base + count] = old < 0
            base += count
        rematch = self._array("rematch", total, np.bool_)
        rematch[:] = is_new
        near, lost = _near_of(place)
        left = renumber[near[lost, 0]] if len(near) else np.zeros(0, np.int64)
        rematch[left[left >= 0]] = True
        return int((left >= 0).sum())

    def _array(self, name: str, size: int, dtype: Any) -> npt.NDArray[Any]:
        return np.lib.format.open_memmap(self.tasks.path(name), "w+", dtype, (size,))

    def _write_fresh(self) -> None:
        """new-p.npy: FRESH rows, ascending by row number, of the texts of one range of ids that no index knows."""
        is_new, base = load(self.tasks.path("is_new")), 0
        for part, count in enumerate(self.texts.counts):
            own = np.flatnonzero(is_new[base : base + count])
            found = np.zeros(len(own), keys.FRESH)
            found["row"], found["number"] = self.texts.open("texts-{}", part)["row"][own], base + own
            np.save(self.tasks.file("new", part), found[np.argsort(found["row"])])
            base += count

    def _known_near(self, place: Merge) -> Numbers:
        """Edges that hold the last index's components together, where no member is gone."""
        near, lost = _near_of(place)
        pairs: Numbers = load(self.tasks.path("renumber"))[near[~lost]] if len(near) else near
        return pairs

    def _match_grams(self, place: Merge, num_grams: int) -> tuple[int, int]:
        """Write contained.npy; returns (files of sorted 13-grams, texts judged)."""
        ranges = key_ranges(GRAM_BOUND.bit_length() - 1, num_grams, self.partition_rows)
        common = {"merge": place.to_json()}
        tasks = [{**common, "low": low, "high": high, "part": part} for part, (low, high) in enumerate(ranges)]
        self.tasks.run(match.merge_grams, tasks)
        affected = self._array("affected", sum(self.texts.counts), np.bool_)
        for part in range(len(ranges)):
            affected[load(self.tasks.file("affected", part))] = True
        self.tasks.run(match.match_grams, [{**common, "part": part} for part in range(len(ranges))])
        held = [self.tasks.file("held", part) for part in range(len(ranges))]
        pairs = [components.containment_pairs(held, place.known, self.config)]
        if place.old:
            renumber = load(self.tasks.path("renumber"))
            known = renumber[load(Path(place.old) / "contained.npy")]
            known = known[(known >= 0).all(axis=1)]
            pairs.append(known[~affected[known[:, 0]]])
        together = np.concatenate(pairs)
        np.save(Path(place.out) / "contained.npy", together[np.lexsort((together[:, 1], together[:, 0]))])
        return len(ranges), int(affected.sum())


def _near_of(place: Merge) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """(near.npy of the last index, in which component a member is gone)."""
    if not place.old:
        return np.zeros((0, 2), np.int64), np.zeros(0, bool)
    near = np.array(load(Path(place.old) / "near.npy"))
    gone = place.mask("renumber")[near[:, 0]] < 0
    return near, np.isin(near[:, 1], near[gone, 1])


def settings_of(identity: dict[str, Any], signing: str) -> dict[str, Any]:
    """What decides an index besides the ids: the step's identity and the version of the stage that signs texts."""
    settings: dict[str, Any] = json.loads(json.dumps({**identity, "sign": signing}))
    return settings
