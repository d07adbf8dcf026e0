"""One bin of components: read its members from all segments' scratch files, walk each component, write decisions."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup import decisions, keys
from curation.dedup.config import Config
from curation.dedup.gather import MEMBER
from curation.dedup.order import keeper_order
from curation.dedup.rows import Layout, load
from curation.dedup.tokens import Hashes
from curation.dedup.walk import walk

COMPARED = np.dtype([("component", "<i8"), ("pairs", "<i8")])


def decide(layout: dict[str, Any], config: dict[str, Any], bin: int, contained: str, out: str) -> None:
    """Task: decisions about every fresh component of this bin into <out>.npy, pairs compared in each into <out>-compared.npy."""
    place, settings = Layout(**layout), Config(**config)
    bin_ = Bin(place, bin)
    pairs = load(contained)
    chosen = np.isin(pairs[:, 0], bin_.members["number"])
    containers = defaultdict(list)
    for inner, outer in pairs[chosen].tolist():
        containers[inner].append(outer)
    parts, compared = [np.zeros(0, decisions.DECISION)], []
    for rows in bin_.components():
        found, num_compared = _judge(bin_, rows, containers, settings)
        parts.append(found)
        compared.append((bin_.members["component"][rows[0]], num_compared))
    decisions.save(Path(f"{out}.npy"), np.concatenate(parts))
    np.save(f"{out}-compared.npy", np.array(compared, COMPARED))


class Bin:
    """Members of one bin, from all segments; shingles stay on disk, memory-mapped."""

    def __init__(self, layout: Layout, bin: int) -> None:
        self.layout = layout
        parts, signatures = [np.zeros(0, MEMBER)], []
        self.sources: list[int] = []
        for index in range(len(layout.counts)):
            members = layout.open("members-{}", index)
            inside = np.flatnonzero(members["bin"] == bin)
            if len(inside):
                parts.append(members[inside])
                signatures.append(layout.open("signatures-{}", index)[inside])
                self.sources += [index] * len(inside)
        self.members = np.concatenate(parts)
        self.signatures = np.concatenate(signatures) if signatures else np.zeros((0, 0), np.uint32)
        self.rows = layout.take("rows-{}", self.members["number"])
        self._maps: dict[int, Hashes] = {}

    def components(self) -> list[npt.NDArray[np.int64]]:
        """Indices of the members of each component."""
        if not len(self.members):
            return []
        order = np.argsort(self.members["component"], kind="stable")
        borders = np.flatnonzero(np.diff(self.members["component"][order])) + 1
        return np.split(order, borders)

    def shingles(self, member: int) -> Hashes:
        source = self.sources[member]
        if source not in self._maps:
            path = Path(self.layout.folder) / f"shingles-{source}.bin"
            self._maps[source] = np.memmap(path, np.uint64, "r") if path.stat().st_size else np.zeros(0, np.uint64)
        start, size = int(self.members["start"][member]), int(self.members["size"][member])
        return self._maps[source][start : start + size]


def _judge(
    bin_: Bin, members: npt.NDArray[np.int64], containers: dict[int, list[int]], config: Config
) -> tuple[npt.NDArray[Any], int]:
    numbers = bin_.members["number"][members]
    local = {number: place for place, number in enumerate(numbers.tolist())}
    holders = {local[inner]: [local[outer] for outer in containers[inner]] for inner in numbers.tolist() if inner in containers}
    signatures = bin_.signatures[members]
    verdicts, compared = walk(
        keeper_order(bin_.rows[members]).tolist(),
        signatures,
        keys.band_keys(signatures, config.bands),
        holders,
        lambda place: bin_.shingles(int(members[place])),
        config,
    )
    decided = np.zeros(len(verdicts), decisions.DECISION)
    for place, verdict in enumerate(verdicts):
        decided[place] = (numbers[verdict.row], verdict.reason, verdict.score, numbers[verdict.keeper])
    return decided, compared
