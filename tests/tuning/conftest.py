"""The scores of the bundled sample, made once: its dumps lie beside its workspace, and one document is taken down."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from curation import manifest, pipeline, select
from curation.recipe import Recipe, load
from curation.segment import scan
from curation.takedown import take_down, taken_down
from curation.tuning.changes import with_settings
from curation.tuning.measures import Cell, scored

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"


@pytest.fixture(scope="package")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tuning")
    shutil.copytree(SAMPLE / "dumps", folder / "dumps")
    text = (SAMPLE / "recipe.toml").read_text(encoding="utf-8").replace("../demo", "ws")
    (folder / "recipe.toml").write_text(text, encoding="utf-8")
    loaded = load(folder / "recipe.toml")
    pipeline.run(loaded, until="ingest")
    take_down(loaded.workspace, min(kept_ids(loaded, [])))
    return folder / "recipe.toml"


def selected(recipe: Recipe, settings: Sequence[str]) -> tuple[dict[Cell, tuple[int, int]], set[str], int]:
    """A real run up to `select` with these settings: (documents, kept) by cell, ids kept, segments made."""
    changed = with_settings(recipe, settings)
    made = pipeline.run(changed, until="select")["segments_made"]
    segments, _ = scored(changed)
    identity = select.identity(changed, segments, taken_down(changed.workspace))
    folder = changed.workspace / "steps" / f"select-{manifest.fingerprint('select', identity)}"
    counts: dict[Cell, tuple[int, int]] = {}
    ids = set()
    for segment in segments:
        tables = (scan(segment.table("scores"), ["id", "lang"]), scan(folder / f"{segment.fingerprint}.parquet", ["reason"]))
        for scores, verdicts in zip(*tables, strict=True):
            for key, lang, reason in zip(
                scores["id"].to_pylist(), scores["lang"].to_pylist(), verdicts["reason"].to_pylist(), strict=True
            ):
                documents, kept = counts.get((segment.source, lang), (0, 0))
                counts[segment.source, lang] = (documents + 1, kept + (reason is None))
                if reason is None:
                    ids.add(key)
    return counts, ids, made


def kept_ids(recipe: Recipe, settings: Sequence[str]) -> set[str]:
    return selected(recipe, settings)[1]


def column(recipe: Recipe, cell: Cell, name: str) -> np.ndarray:
    """Stored scores of one source and language; NaN for null."""
    found: list[float] = []
    for segment in scored(recipe).segments:
        if segment.source == cell[0]:
            for batch in scan(segment.table("scores"), ["lang", name]):
                rows = zip(batch["lang"].to_pylist(), batch[name].to_pylist(), strict=True)
                found += [np.nan if value is None else value for lang, value in rows if lang == cell[1]]
    return np.array(found, float)
