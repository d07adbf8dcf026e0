"""What a person sees: pictures and tables of eighty columns, the same numbers as JSON, errors in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curation.cli import main
from curation.recipe import load
from curation.tuning import measures
from curation.tuning.screen import sparkline


def test_sparkline_has_a_bar_for_every_bin_and_a_mark_where_the_limit_stands() -> None:
    assert sparkline([0, 1, 1000, 0], 2) == " ▁│█ "
    assert sparkline([0, 0], 2) == "  │"


def test_overview_fits_eighty_columns_and_leads_on(recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", str(recipe)]) == 0
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= 80
    assert "scores │ limit" in told
    assert "--measure KEY" in told
    assert "--set KEY=VALUE" in told
    assert "█" in told


def test_measure_shows_one_threshold_by_source_and_language(recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", str(recipe), "--measure", "toxicity.max_score"]) == 0
    told = capsys.readouterr().out
    assert "toxicity.max_score = 0.8" in told
    assert "quality." not in told
    for cell in measures.tune(load(recipe), "toxicity.max_score")["measures"][0]["cells"]:
        if cell["documents"] > 10:
            assert f"{cell['source']} {cell['lang']} " in told


def test_set_shows_counts_and_ids_and_json_has_the_same(recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["tune", str(recipe), "--set", "quality.limits.few_words=40", "--set", "toxicity.max_score=0.5"]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "quality.limits.few_words=40, toxicity.max_score=0.5" in told
    ids = [row[0] for rows in found["samples"]["gone"].values() for row in rows]
    assert ids
    assert all(key in told for key in ids)
    assert f"{sum(cell['gone'] for cell in found['cells']):,}" in told
    assert max(map(len, told.splitlines())) <= 80


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--measure", "toxicity.max"], "expected toxicity.max_score"),
        (["--set", "toxicity.max_scor=0.5"], "did you mean `max_score`"),
        (["--sample", "0%"], "not a share"),
        (["--sample", "1%"], "no scores for this recipe"),
    ],
)
def test_wrong_option_is_one_sentence(recipe: Path, options: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tune", str(recipe), *options]) == 1
    told = capsys.readouterr().err
    assert words in told
    assert told.count("\n") == 1


def test_measure_and_set_exclude_each_other(recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["tune", str(recipe), "--measure", "toxicity.max_score", "--set", "toxicity.max_score=0.5"])
    assert "not allowed with" in capsys.readouterr().err
