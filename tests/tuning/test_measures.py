"""Histograms hold every document once; what a threshold keeps at a value is what a run with that value keeps."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from curation import pipeline
from curation.errors import RecipeError, WorkspaceError
from curation.recipe import Recipe, adjusted, load
from curation.segment import scan
from curation.tuning import measures
from curation.tuning.changes import compare, with_settings
from tests.tuning.conftest import SAMPLE, column


def test_histograms_and_unscored_add_up_to_the_documents_of_every_source_and_language(recipe: Path) -> None:
    loaded = load(recipe)
    documents: Counter[tuple[str, str]] = Counter()
    for segment in measures.scored(loaded).segments:
        for batch in scan(segment.table("scores"), ["lang"]):
            documents.update((segment.source, lang) for lang in batch["lang"].to_pylist())
    found = measures.tune(loaded)["measures"]
    assert {"toxicity.max_score", "languages.min_score", "quality.limits.few_words"} <= {measure["key"] for measure in found}
    for measure in found:
        cells = {(cell["source"], cell["lang"]): cell for cell in measure["cells"]}
        sources = {source for source, _ in cells}
        assert {cell: count for cell, count in documents.items() if cell[0] in sources} == {
            name: cell["documents"] for name, cell in cells.items()
        }
        assert all(sum(cell["histogram"]) + cell["unscored"] == cell["documents"] for cell in cells.values())
    everywhere = [measure for measure in found if measure["key"] == "toxicity.max_score"]
    assert [{cell["source"] for cell in measure["cells"]} for measure in everywhere] == [{source for source, _ in documents}]


@pytest.mark.parametrize(("key", "score"), [("toxicity.max_score", "toxicity"), ("quality.limits.few_words", "num_words")])
def test_histogram_counts_the_stored_scores(recipe: Path, key: str, score: str) -> None:
    loaded = load(recipe)
    for measure in measures.tune(loaded, key)["measures"]:
        edges = [*measure["edges"][:-1], np.inf]
        for cell in measure["cells"]:
            values = column(loaded, (cell["source"], cell["lang"]), score)
            assert cell["unscored"] == np.isnan(values).sum()
            assert cell["histogram"] == np.histogram(values[~np.isnan(values)], edges)[0].tolist()


def test_kept_at_a_value_is_what_select_keeps_with_that_value(recipe: Path) -> None:
    loaded = load(recipe)
    now = kept(loaded, loaded)
    found = measures.tune(loaded)["measures"]
    for measure in found:
        assert [cell["kept"][measure["thresholds"].index(measure["now"])] for cell in measure["cells"]] == [
            now[cell["source"], cell["lang"]] for cell in measure["cells"]
        ], measure["key"]
    for number, measure in enumerate(found[::4]):
        value = measure["thresholds"][(1, -2)[number % 2]]
        then = kept(loaded, with_settings(loaded, [f"{measure['key']}={value}"]))
        assert [cell["kept"][measure["thresholds"].index(value)] for cell in measure["cells"]] == [
            then[cell["source"], cell["lang"]] for cell in measure["cells"]
        ], (measure["key"], value)


def kept(recipe: Recipe, changed: Recipe) -> dict[tuple[str, str], int]:
    return {(cell["source"], cell["lang"]): cell["kept_then"] for cell in compare(recipe, changed)["cells"]}


def test_tune_needs_no_dump(recipe: Path, tmp_path: Path) -> None:
    loaded = load(recipe)
    settings = with_settings(loaded, ["quality.limits.few_words=40"])
    before = measures.tune(loaded), compare(loaded, settings)
    inputs = (loaded.workspace / "inputs.json").read_bytes()
    shutil.move(recipe.parent / "dumps", tmp_path / "elsewhere")
    try:
        assert (measures.tune(loaded), compare(loaded, settings)) == before
    finally:
        shutil.move(tmp_path / "elsewhere", recipe.parent / "dumps")
    assert (loaded.workspace / "inputs.json").read_bytes() == inputs


def test_tune_finds_the_parts_of_an_input_that_was_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.plan.PART_BYTES", 2_000)
    monkeypatch.setattr("curation.plan.MIN_PACKED_BYTES", 1_000)
    lines = [{"messages": [{"role": "user", "content": f"Question {n} of many"}]} for n in range(400)]
    (tmp_path / "talks.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    text = '[run]\nname = "cut"\nworkspace = "ws"\n[[sources]]\nname = "talks"\nkind = "chat"\npaths = ["talks.jsonl"]\n'
    (tmp_path / "recipe.toml").write_text(text)
    loaded = load(tmp_path / "recipe.toml")
    made = pipeline.run(adjusted(loaded, workers=1), until="ingest")["segments"]
    assert made == len(measures.scored(loaded).segments)
    assert measures.scored(loaded).missing == 0


def test_measure_of_an_unknown_key_names_those_that_are_near(recipe: Path) -> None:
    with pytest.raises(RecipeError, match=r"no such threshold; got toxicity.max_scores; expected .*toxicity.max_score"):
        measures.tune(load(recipe), "toxicity.max_scores")


def test_tune_before_any_run_names_the_command(tmp_path: Path) -> None:
    text = (SAMPLE / "recipe.toml").read_text(encoding="utf-8").replace("../demo", str(tmp_path / "ws"))
    (tmp_path / "recipe.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError, match="--until ingest"):
        measures.tune(load(tmp_path / "recipe.toml"))


def test_tune_says_how_many_parts_have_no_scores(recipe: Path) -> None:
    loaded = load(recipe)
    segments, missing = measures.scored(loaded)
    assert missing == 0
    hidden = Path(segments[0].folder)
    moved = hidden.rename(hidden.with_name("hidden"))
    try:
        assert measures.tune(loaded)["missing"] == 1
    finally:
        moved.rename(hidden)
