"""What `--set` foretells is what a run with that value does; what it may not foretell is refused in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from curation.errors import RecipeError
from curation.recipe import load
from curation.segment import scan
from curation.takedown import taken_down
from curation.tuning.changes import compare, with_settings
from curation.tuning.measures import scored
from tests.tuning.conftest import kept_ids, selected

CHANGES: list[list[str]] = [
    ["toxicity.max_score=0.4"],
    ["toxicity.max_score=1.0"],
    ['toxicity.action="mark"'],
    ["languages.min_score=0.9"],
    ['languages.keep=["en", "de"]'],
    ['languages.by_source.web=["pl"]'],
    ["quality.limits.few_words=40"],
    ["quality.limits.gopher_short_doc=300", "quality.limits.line_punct_ratio=0.5"],
    ['quality.wiki=["c4", "gopher_repetition"]', "toxicity.max_score=0.3"],
]


@pytest.mark.parametrize("settings", CHANGES, ids=" ".join)
def test_set_foretells_exactly_what_a_run_with_that_value_keeps(recipe: Path, settings: list[str]) -> None:
    loaded = load(recipe)
    told = compare(loaded, with_settings(loaded, settings))
    before, kept_before, _ = selected(loaded, [])
    after, kept_after, made = selected(loaded, settings)
    cells = {(cell["source"], cell["lang"]): cell for cell in told["cells"]}
    assert {name: (cell["documents"], cell["kept"]) for name, cell in cells.items()} == before
    assert {name: (cell["documents"], cell["kept_then"]) for name, cell in cells.items()} == after
    assert made == 0
    assert before != after
    assert {row[0] for rows in told["samples"]["back"].values() for row in rows} <= kept_after
    assert {row[0] for rows in told["samples"]["gone"].values() for row in rows} <= kept_before
    assert bool(told["samples"]["back"]) == any(cell["back"] for cell in told["cells"])
    assert bool(told["samples"]["gone"]) == any(cell["gone"] for cell in told["cells"])


def test_set_to_the_value_in_force_changes_nothing(recipe: Path) -> None:
    loaded = load(recipe)
    told = compare(loaded, with_settings(loaded, [f"toxicity.max_score={loaded.toxicity.max_score}"]))  # type: ignore[attr-defined]
    assert all(cell["kept"] == cell["kept_then"] and not cell["back"] and not cell["gone"] for cell in told["cells"])
    assert told["samples"] == {"back": {}, "gone": {}}


def test_taken_down_document_comes_back_at_no_value(recipe: Path) -> None:
    loaded = load(recipe)
    (gone,) = taken_down(loaded.workspace)
    assert gone not in kept_ids(loaded, [])
    assert any(gone in batch["id"].to_pylist() for segment in scored(loaded).segments for batch in scan(segment.table("scores")))
    told = compare(loaded, with_settings(loaded, ["toxicity.max_score=1.0", "languages.min_score=0.0"]))
    assert gone not in str(told["samples"])


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("toxicity.max_scor=0.5", "did you mean `max_score`"),
        ("toxicity.max_score=2", "less than or equal to 1"),
        ("max_score=0.5", "unknown key `max_score`"),
        ("toxicity.max_score", "expected KEY=VALUE"),
        ("toxicity.action=mark", "expected KEY=VALUE"),
        ("quality.limits.fewwords=3", "no rule fewwords"),
        ('toxicity.passages="drop"', "no threshold"),
        ("pii.enabled=false", "no threshold"),
        ("dedup.threshold=0.5", "no threshold"),
        ('run.name="other"', "no threshold"),
    ],
)
def test_set_of_what_is_no_threshold_is_refused_in_one_sentence(recipe: Path, setting: str, words: str) -> None:
    with pytest.raises(RecipeError) as refused:
        with_settings(load(recipe), [setting])
    assert words in str(refused.value)
    assert "--set" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_settings_add_up_and_leave_the_rest_as_it_is(recipe: Path) -> None:
    loaded = load(recipe)
    changed: Any = with_settings(
        loaded, ["quality.limits.few_words=4", "quality.limits.long_words=30", "languages.min_score=0.7"]
    )
    assert changed.quality.limits == {"few_words": 4, "long_words": 30}
    assert changed.languages.min_score == 0.7
    assert changed.languages.keep == loaded.languages.keep  # type: ignore[attr-defined]
