"""What the last run decided: a component whose rows, candidate pairs and settings are unchanged is not walked again.

A component's key hashes everything that decides it, so recalling gives the bytes that walking would give; losing the
memory costs time only. A nightly run reads texts and walks only where documents came, went or changed. Files in the
step's folder, for the next run:
    walked-components.npy   COMPONENT, ascending by key
    walked-drops.npy        DROP, component after component; rows numbered within the component by id
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup import decisions
from curation.dedup.rows import Layout, Numbers, load

COMPONENT = np.dtype([("key_high", "<u8"), ("key_low", "<u8"), ("start", "<i8"), ("size", "<i4"), ("compared", "<i4")])
DROP = np.dtype([("row", "<i4"), ("keeper", "<i4"), ("reason", "u1"), ("score", "<f4")])
Array = npt.NDArray[Any]

_DECIDING = ["id_high", "id_low", "work", "place", "revised", "priority", "length", "shingles", "pinned"]


@dataclass(frozen=True, slots=True)
class Group:
    """Members of some components, component after component, by id within each."""

    members: Array  # of gather.MEMBER
    starts: Numbers  # first member of each component, and the end
    keys: Array  # (components, 2) uint64

    @classmethod
    def of(cls, members: Array, layout: Layout, contained: Numbers, settings: bytes) -> Group:
        rows = layout.take("rows-{}", members["number"])
        order = np.lexsort((rows["place"], rows["id_low"], rows["id_high"], members["component"]))
        members, rows = members[order], rows[order]
        is_first = np.append(True, members["component"][1:] != members["component"][:-1])[: len(members)]
        starts = np.append(np.flatnonzero(is_first), len(members))
        group = cls(members, starts, np.zeros((len(starts) - 1, 2), np.uint64))
        pairs = group._local(contained)
        for index, (start, stop) in enumerate(itertools.pairwise(starts)):
            own = pairs[slice(*np.searchsorted(pairs[:, 0], [index, index + 1])), 1:]
            digest = hashlib.blake2b(settings, digest_size=16)
            for name in _DECIDING:
                digest.update(rows[name][start:stop].tobytes())
            digest.update(own.tobytes())
            group.keys[index] = np.frombuffer(digest.digest(), "<u8")
        return group

    def places(self, numbers: Numbers) -> tuple[Numbers, Numbers]:
        """(index of the component, row within it) of row numbers of members."""
        by_number = np.argsort(self.members["number"], kind="stable")
        found = by_number[np.searchsorted(self.members["number"][by_number], numbers)]
        component = np.searchsorted(self.starts, found, side="right") - 1
        return component, found - self.starts[component]

    def _local(self, pairs: Numbers) -> Numbers:
        """(component, row, row) of pairs of row numbers, ascending; pairs of other groups are left out."""
        pairs = pairs[np.isin(pairs[:, 0], self.members["number"])]
        component, inner = self.places(pairs[:, 0])
        outer = self.places(pairs[:, 1])[1]
        found: Numbers = np.column_stack([component, inner, outer]).astype(np.int64)
        return found[np.lexsort((outer, inner, component))]

    def save(self, stem: str) -> None:
        for name in ("members", "starts", "keys"):
            np.save(f"{stem}-{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, stem: str) -> Group:
        return cls(*(load(f"{stem}-{name}.npy") for name in ("members", "starts", "keys")))


@dataclass(frozen=True, slots=True)
class Memory:
    """What an earlier run walked. An empty one recalls nothing."""

    components: Array
    drops: Array

    @classmethod
    def newest(cls, steps: Path) -> Memory:
        """Of the step folders of a workspace."""
        found = sorted(steps.glob("*/walked-components.npy"), key=lambda path: (path.stat().st_mtime_ns, path))
        if not found:
            return cls(np.zeros(0, COMPONENT), np.zeros(0, DROP))
        return cls(load(found[-1]), load(found[-1].with_name("walked-drops.npy")))

    def recall(self, group: Group) -> tuple[npt.NDArray[np.bool_], Array, npt.NDArray[np.int64]]:
        """(which components are known, their decisions, pairs compared in each component of the group)."""
        places = np.searchsorted(self.components["key_high"], group.keys[:, 0])
        places = np.minimum(places, max(0, len(self.components) - 1))
        known = np.zeros(len(group.keys), bool)
        compared = np.zeros(len(group.keys), np.int64)
        if not len(self.components):
            return known, np.zeros(0, decisions.DECISION), compared
        entries = self.components[places]
        known = (entries["key_high"] == group.keys[:, 0]) & (entries["key_low"] == group.keys[:, 1])
        entries, firsts = entries[known], group.starts[:-1][known]
        compared[known] = entries["compared"]
        taken = np.repeat(entries["start"] - (np.cumsum(entries["size"]) - entries["size"]), entries["size"])
        drops = self.drops[taken + np.arange(len(taken))]
        first = np.repeat(firsts, entries["size"])
        decided = np.zeros(len(drops), decisions.DECISION)
        for column, local in (("number", "row"), ("keeper", "keeper")):
            decided[column] = group.members["number"][first + drops[local]]
        decided["reason"], decided["score"] = drops["reason"], drops["score"]
        return known, decided, compared


def remember(walked: Iterable[tuple[Group, Array, npt.NDArray[np.int64]]], out: Path) -> None:
    """Write the memory of (group, its decisions, pairs compared in each of its components)."""
    components, drops = [np.zeros(0, COMPONENT)], [np.zeros(0, DROP)]
    total = 0
    for group, decided, compared in walked:
        component, row = group.places(decided["number"])
        order = np.lexsort((row, component))
        found = np.zeros(len(decided), DROP)
        found["row"], found["keeper"] = row[order], group.places(decided["keeper"])[1][order]
        found["reason"], found["score"] = decided["reason"][order], decided["score"][order]
        entries = np.zeros(len(group.keys), COMPONENT)
        entries["key_high"], entries["key_low"] = group.keys[:, 0], group.keys[:, 1]
        entries["size"] = np.bincount(component, minlength=len(entries))
        entries["start"] = total + np.cumsum(entries["size"]) - entries["size"]
        entries["compared"] = compared
        components.append(entries)
        drops.append(found)
        total += len(found)
    together = np.concatenate(components)
    np.save(out / "walked-components.npy", together[np.lexsort((together["key_low"], together["key_high"]))])
    np.save(out / "walked-drops.npy", np.concatenate(drops))
