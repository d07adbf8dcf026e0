"""Which steps rerun when a key of the recipe changes: exactly those of the table in docs/architecture.md."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from curation import pipeline
from curation.ingest import dump
from curation.recipe import Recipe, load
from tests.end_to_end.conftest import make_corpus

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"
STEPS = ("segments", "select", "deduplicate", "split", "tokenize")

# key of the table -> (table of the recipe, another value than the tiny recipe's)
CHANGES: dict[str, tuple[str, dict[str, Any]]] = {
    "sources.license": ("sources", {"license": "CC0-1.0"}),
    "sources.reader": ("sources", {}),
    "sources.weight": ("sources", {"weight": 2.0}),
    "sources.priority": ("sources", {"priority": 5}),
    "cleaning": ("cleaning", {"repair_mojibake": False}),
    "pii": ("pii", {"min_score": 0.5}),
    "languages.model": ("languages", {}),
    "languages.keep": ("languages", {"keep": ["en"]}),
    "languages.min_score": ("languages", {"min_score": 0.45}),
    "toxicity.max_score": ("toxicity", {"max_score": 0.97}),
    "toxicity.action": ("toxicity", {"action": "mark"}),
    "quality.rules": ("quality", {"web": ["gopher_quality"]}),
    "dedup.ngram": ("dedup", {"ngram": 6}),
    "dedup.num_perm": ("dedup", {"num_perm": 64, "bands": 8}),
    "dedup.bands": ("dedup", {"bands": 32}),
    "dedup.threshold": ("dedup", {"threshold": 0.85}),
    "split.eval_fraction": ("split", {"eval_fraction": 0.25}),
    "split.seed": ("split", {"seed": 1}),
    "shards.max_tokens": ("shards", {"max_tokens": 50}),
    "alarms": ("alarms", {"action": "warn"}),
    "execution": ("execution", {"workers": 2}),
}


def documented() -> dict[str, dict[str, bool]]:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("| key | segments"))
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start + 2 :]]
    return {
        row[0]: dict(zip(STEPS, (cell == "yes" for cell in row[1:6]), strict=True))
        for row in rows
        if re.fullmatch(r"[a-z_.]+", row[0])
    }


def changed(recipe: Recipe, key: str) -> Recipe:
    table, values = CHANGES[key]
    raw = dump(recipe)
    if not values:
        values = other_values(key)
    if table == "sources":
        sources = [{**source, **values} if source["name"] == "books" else source for source in raw["sources"]]
        return Recipe.model_validate({**raw, "sources": sources})
    return Recipe.model_validate({**raw, table: {**raw[table], **values}})


def other_values(key: str) -> dict[str, Any]:
    """Changes that need a name from another room, kept apart so that the table above stays readable."""
    if key == "sources.reader":
        return {"reader": {"max_document_bytes": 50_000}}
    if key == "languages.model":
        from curation.filters import language

        other = Path(tempfile.mkdtemp()) / "other.ftz"
        shutil.copyfile(language.models(language.Config())[0], other)
        return {"model": str(other)}
    raise KeyError(key)


def state(workspace: Path) -> dict[str, set[str]]:
    steps = {path.name for path in (workspace / "steps").iterdir()}
    found = {name: {step for step in steps if step.startswith(name + "-")} for name in STEPS[1:]}
    found["segments"] = {path.name for path in (workspace / "segments").iterdir()}
    return found


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = make_corpus(tmp_path_factory.mktemp("reruns"))
    pipeline.run(load(recipe))
    return recipe


def test_every_key_of_the_table_is_tried_and_every_tried_key_is_documented() -> None:
    assert set(documented()) == set(CHANGES)


@pytest.mark.parametrize("key", sorted(CHANGES))
def test_changed_key_reruns_exactly_the_documented_steps(finished: Path, key: str, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(finished.parent, folder)
    recipe = load(folder / "recipe.toml")
    workspace = recipe.workspace
    pipeline.run(recipe)  # the copy's files have new stamps: let it settle
    before = state(workspace)
    pipeline.run(changed(recipe, key))
    after = state(workspace)
    assert {name: bool(after[name] - before[name]) for name in STEPS} == documented()[key]
