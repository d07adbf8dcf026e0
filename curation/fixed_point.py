"""`deduplicate` and `split`, run until the pins they leave are the pins they were given.

Both respect the eval documents that the newest release pins, and leave pins behind. A release is a fixed point: the same
inputs with the pins it leaves give the same release again, from a cache or from nothing. Two to four rounds as a rule;
docs/decisions/0002-fixed-point.md says why, and what it costs.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from curation import manifest, release
from curation import split as split_step
from curation.dedup import step as dedup_step
from curation.engine import Engine
from curation.errors import ContractError
from curation.recipe import Recipe
from curation.segment import Segment
from curation.step import Dataset, cached

MAX_ROUNDS = 16  # pins only grow, so rounds end; four were needed on 20,000 documents

Timed = Callable[[str, Callable[[], Any]], Any]


def settle(
    recipe: Recipe, segments: Sequence[Segment], selected: Dataset, engine: Engine, timed: Timed
) -> tuple[Dataset, Dataset]:
    """The datasets of `deduplicate` and `split`. Raises ContractError if the pins still move after MAX_ROUNDS."""
    newest = release.newest(recipe.workspace)
    pins = newest / "pins" if newest else None
    for _ in range(MAX_ROUNDS):
        deduplicated, parted = _round(recipe, segments, selected, pins, engine, timed)
        left = parted.folder / "pins.parquet"
        if pins and manifest.file_sha256(pins / "eval.parquet") == manifest.file_sha256(left):
            return deduplicated, parted
        pins = _as_pins(recipe.workspace, left)
    raise ContractError("the split does not settle", where=str(recipe.workspace), got=f"{MAX_ROUNDS} rounds")


def _round(
    recipe: Recipe, segments: Sequence[Segment], selected: Dataset, pins: Path | None, engine: Engine, timed: Timed
) -> tuple[Dataset, Dataset]:
    given = manifest.file_sha256(pins / "eval.parquet") if pins else None
    priorities = [segment.priority for segment in segments]
    identity = {**dedup_step.identity(recipe.dedup), "select": selected.fingerprint, "pins": given, "priorities": priorities}

    def deduplicate(out: Path) -> dict[str, Any]:
        return dedup_step.deduplicate(segments, selected.folder, recipe.dedup, pins, out, engine)

    deduplicated: Dataset = timed("deduplicate", lambda: cached(recipe.workspace, "deduplicate", identity, deduplicate))
    test_sets = tuple(str(recipe.folder / path) for path in recipe.split.test_sets)
    config = recipe.split.model_copy(update={"test_sets": test_sets})
    parting = {**split_step.identity(config), "deduplicate": deduplicated.fingerprint, "pins": given}

    def split(out: Path) -> dict[str, Any]:
        return split_step.split(segments, deduplicated.folder, config, pins, out, engine)

    return deduplicated, timed("split", lambda: cached(recipe.workspace, "split", parting, split))


def _as_pins(workspace: Path, left: Path) -> Path:
    """A folder with the shape of a release's pins/, holding what `split` left."""

    def copy(out: Path) -> dict[str, Any]:
        shutil.copyfile(left, out / "eval.parquet")
        return {}

    return cached(workspace, "pins", {"eval": manifest.file_sha256(left)}, copy).folder
