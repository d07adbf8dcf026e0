"""What a changed recipe would take back and drop: verdicts of `select` before and after, side by side; reads no dump.

In: a recipe and settings as `toxicity.max_score=0.7`. Out: documents by source and language, a few ids. Only thresholds
may change: for anything else the scores would have to be made anew.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Sequence
from heapq import nsmallest
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from curation import select
from curation.errors import RecipeError
from curation.filters import FILTERS
from curation.ingest import dump
from curation.recipe import Recipe
from curation.recipe_errors import explain
from curation.segment import scan
from curation.stage import segment_settings, table
from curation.takedown import taken_down
from curation.tuning.measures import Cell, counted, grouped, scored

NUM_SAMPLES = 3
COUNTS = ("documents", "kept", "kept_then", "back", "gone")


def with_settings(recipe: Recipe, settings: Sequence[str]) -> Recipe:
    """The recipe with `table.key=value` settings, values as in TOML. RecipeError for what is no threshold of a filter."""
    tables = dump(recipe)
    for setting in settings:
        try:
            asked = tomllib.loads(setting)
        except tomllib.TOMLDecodeError:
            raise RecipeError(
                "not a setting", where="--set", got=setting, expected="KEY=VALUE with the value as a recipe has it",
                do="Such as --set toxicity.max_score=0.7 or --set 'languages.keep=[\"en\"]'.",
            ) from None  # fmt: skip
        _merge(tables, asked)
    try:
        changed = Recipe.model_validate(tables)
    except ValidationError as error:
        raise RecipeError(explain(error, Recipe), where="--set") from None
    names = {table(module) for module in FILTERS}
    before, after = dump(recipe), dump(changed)
    for name in before:
        if name in names:
            same = segment_settings(getattr(recipe, name)) == segment_settings(getattr(changed, name))
        else:
            same = before[name] == after[name]
        if not same:
            raise RecipeError(
                "no threshold: it takes `curation run` to see what it changes", where=f"--set {name}",
                expected="a key that judges scores, of " + ", ".join(f"[{known}]" for known in sorted(names)),
            )  # fmt: skip
    return changed


def _merge(tables: dict[str, Any], asked: dict[str, Any]) -> None:
    for name, value in asked.items():
        if isinstance(value, dict) and isinstance(tables.get(name), dict):
            _merge(tables[name], value)
        else:
            tables[name] = value


def compare(recipe: Recipe, changed: Recipe) -> dict[str, Any]:
    """{"missing": segments without scores, "cells": [{source, lang, documents, kept, kept_then, back, gone}],
    "samples": {back, gone: {reason: [[id, source, lang]]}}}

    `back` are documents that the change would take back, `gone` those that it would drop; a sample is
    the smallest ids.
    """
    takedowns = taken_down(recipe.workspace)
    cells: dict[Cell, npt.NDArray[np.int64]] = defaultdict(lambda: np.zeros(len(COUNTS), np.int64))
    samples: dict[str, dict[str, list[tuple[str, ...]]]] = {"back": {}, "gone": {}}
    segments, missing = scored(recipe)
    for segment in segments:
        both = (select.verdicts(each, segment, takedowns) for each in (recipe, changed))
        for scores, before, then in zip(scan(segment.table("scores"), ["id", "lang"]), *both, strict=True):
            kept, kept_then = (np.asarray(pc.is_null(each["reason"])) for each in (before, then))
            masks = {"documents": np.ones_like(kept), "kept": kept, "kept_then": kept_then}
            masks |= {"back": kept_then & ~kept, "gone": kept & ~kept_then}
            languages, groups = grouped(scores["lang"])
            for lang, new in zip(languages, counted(groups, len(languages), [masks[name] for name in COUNTS]), strict=True):
                cells[segment.source, lang] += new
            for name, reasons in (("back", before["reason"]), ("gone", then["reason"])):
                columns = (each.filter(pa.array(masks[name])).to_pylist() for each in (scores["id"], scores["lang"], reasons))
                rows = [(key, segment.source, lang or "", reason) for key, lang, reason in zip(*columns, strict=True)]
                for reason in {row[-1] for row in rows}:
                    of = samples[name].setdefault(reason, [])
                    of[:] = nsmallest(NUM_SAMPLES, {*of, *(row[:-1] for row in rows if row[-1] == reason)})
    changes = [
        {"source": source, "lang": lang, **dict(zip(COUNTS, counts.tolist(), strict=True))}
        for (source, lang), counts in sorted(cells.items())
    ]
    return {"missing": missing, "cells": changes, "samples": samples}
