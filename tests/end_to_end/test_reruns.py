"""Which steps rerun when a key of the recipe changes: exactly those of the table in docs/architecture.md."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from curation import pipeline
from curation.recipe import load
from tests.end_to_end.conftest import make_corpus
from tests.end_to_end.recipe_changes import ELSEWHERE, MADE, VALUES, changed, keys

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"
STEPS = ("segments", "select", "deduplicate", "split", "tokenizer", "tokenize", "release")


def documented() -> dict[str, tuple[str, ...]]:
    """key -> the steps that the table says rerun."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("| keys | segments"))
    found = {}
    for line in lines[start + 2 :]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != len(STEPS) + 2:
            break
        steps = tuple(step for step, cell in zip(STEPS, cells[1:-1], strict=True) if cell == "yes")
        found |= dict.fromkeys(re.findall(r"`([a-z_.]+)`", cells[0]), steps)
    return found


def made(workspace: Path) -> dict[str, set[str]]:
    """The sealed datasets of each step."""
    steps = {path.name for path in (workspace / "steps").iterdir()}
    found = {name: {step for step in steps if step.startswith(name + "-")} for name in STEPS[1:]}
    found["segments"] = {path.name for path in (workspace / "segments").iterdir()}
    found["release"] = {path.name for path in (workspace / "releases").iterdir()}
    return found


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = make_corpus(tmp_path_factory.mktemp("reruns"))
    pipeline.run(load(recipe))
    return recipe


def test_every_key_of_the_recipe_is_changed_and_documented() -> None:
    assert set(keys()) == {*VALUES, *MADE, *ELSEWHERE}
    assert set(documented()) == {*VALUES, *MADE}


@pytest.mark.parametrize("key", sorted({*VALUES, *MADE}))
def test_changed_key_reruns_exactly_the_documented_steps(finished: Path, key: str, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(finished.parent, folder)
    recipe = load(folder / "recipe.toml")
    workspace = recipe.workspace
    before = made(workspace)
    pipeline.run(changed(recipe, key, tmp_path), retrain=key == "tokenizer.config")
    after = made(workspace)
    assert tuple(step for step in STEPS if after[step] - before[step]) == documented()[key]
