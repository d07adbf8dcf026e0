"""What other thresholds would keep or drop, from the scores alone; applying one re-reads no dump.

For every numeric threshold of [languages] and [toxicity], and every rule of [quality], the step `select` is asked again
on the stored score tables with that one setting changed.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pyarrow.compute as pc

from curation.errors import WorkspaceError
from curation.ingest import dump, named_segments, sealed_segments
from curation.plan import plan
from curation.recipe import Recipe
from curation.segment import Segment
from curation.select import verdicts

STAGES = {"languages": "language", "toxicity": "toxicity"}  # table of the recipe -> stage in a verdict

GRID = {
    ("languages", "min_score"): (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    ("toxicity", "max_score"): (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0),
}


def tune(recipe: Recipe) -> dict[str, Any]:
    """{"measures": [{name, key, now, thresholds, dropped: {source: [count per threshold]}}]}"""
    segments = current_segments(recipe)
    measures = []
    for (table, key), values in GRID.items():
        dropped: dict[str, list[int]] = {source.name: [] for source in recipe.sources}
        for value in values:
            changed = Recipe.model_validate({**dump(recipe), table: {**dump(recipe)[table], key: value}})
            counts = _dropped(changed, segments, table)
            for name, column in dropped.items():
                column.append(counts[name])
        now = getattr(getattr(recipe, table), key)
        measures.append(
            {"name": f"[{table}] {key}", "key": f"{table}.{key}", "now": now, "thresholds": list(values), "dropped": dropped}
        )
    return {"measures": measures}


def current_segments(recipe: Recipe) -> list[Segment]:
    """The segments that the recipe's sources make now; WorkspaceError if none is made yet."""
    found = sealed_segments(recipe, named_segments(recipe, plan(recipe)))
    if not found:
        raise WorkspaceError(
            "no scores for this recipe", where=str(recipe.workspace), do="`curation run RECIPE --until ingest` makes them."
        )
    return found


def _dropped(recipe: Recipe, segments: list[Segment], stage: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for segment in segments:
        for batch in verdicts(recipe, segment, []):
            counts[segment.source] += pc.sum(pc.equal(batch["stage"], STAGES[stage])).as_py() or 0
    return counts
