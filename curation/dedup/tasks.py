"""How a corpus-wide step runs its tasks: in this process for few rows, in worker processes for many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from curation import storage
from curation.engine import Engine
from curation.segment import Segment


@dataclass(frozen=True, slots=True)
class Tasks:
    """`segments` in order of their fingerprints: their index numbers the files of the scratch folder."""

    segments: tuple[Segment, ...]
    engine: Engine
    few_rows: int  # up to so many are done in this process: starting workers would cost more
    scratch: Path

    def run(self, function: Any, tasks: list[dict[str, Any]]) -> list[Any]:
        """The JSON results of function(**task), in order of the tasks."""
        if sum(piece.rows for piece in self.segments) <= self.few_rows:
            return [function(**task) for task in tasks]
        return self.engine.run(function, tasks)

    def by_segment(self, function: Any, **common: Any) -> list[Any]:
        """One task a segment. Values that are lists called `each_<name>` give every segment its own `<name>`."""
        tasks = []
        for index, piece in enumerate(self.segments):
            own = {name.removeprefix("each_"): value[index] for name, value in common.items() if name.startswith("each_")}
            shared = {name: value for name, value in common.items() if not name.startswith("each_")}
            tasks.append({"segment": piece.to_json(), "index": index, **shared, **own})
        return self.run(function, tasks)

    def files(self, name: str) -> list[str]:
        """A scratch file for every segment."""
        return [self.file(name, index) for index in range(len(self.segments))]

    def file(self, name: str, number: int) -> str:
        return self.path(f"{name}-{number}")

    def path(self, name: str) -> str:
        return str(self.scratch / f"{name}.npy")


@contextmanager
def over(segments: Sequence[Segment], engine: Engine, few_rows: int) -> Iterator[Tasks]:
    """Tasks over segments, in an order that no way of reading can change, with a scratch folder that is gone afterwards."""
    ordered = tuple(sorted(segments, key=lambda segment: segment.fingerprint))
    with storage.draft_folder(engine.workspace) as scratch:
        yield Tasks(ordered, engine, few_rows, scratch)


def key_ranges(bits: int, entries: int, at_most: int) -> list[tuple[int, int]]:
    """Inclusive ranges of a key space of `bits` bits, as many as keep each near `at_most` entries."""
    parts = max(1, -(-entries // at_most))
    return [(low, high - 1) for low, high in pairwise((1 << bits) * number // parts for number in range(parts + 1))]
