"""A recipe is validated whole before any work starts; its errors are sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.errors import RecipeError
from curation.recipe import load

GOOD = '[run]\nname = "a"\n[[sources]]\nname = "s"\nkind = "books"\npaths = ["x"]\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_recipe_with_only_a_source_gets_defaults_for_everything_else(tmp_path: Path) -> None:
    recipe = load(written(tmp_path, GOOD))
    assert (recipe.dedup.ngram, recipe.dedup.threshold, recipe.sources[0].weight) == (5, 0.8, 1.0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD + "[dedup]\ntreshold = 0.9\n", "unknown key `dedup.treshold`; did you mean `threshold`?"),
        (GOOD.replace("books", "boks"), "`sources[0].kind` = 'boks'"),
        (GOOD.replace('kind = "books"\n', ""), "`sources[0].kind` is missing"),
        (GOOD + "[split]\neval_fraction = 2\n", "`split.eval_fraction` = 2"),
        (GOOD + '[[sources]]\nname = "s"\nkind = "web"\npaths = ["y"]\n', "two sources are called 's'"),
        (GOOD.replace('"x"', '"https://example.org/a"'), "is a URL"),
        (GOOD + "[pii.kinds.boks]\nmin_score = 0.5\n", "no kind 'boks'; there are books"),
        ("[run\n", "not valid TOML"),
        ("", "`run` is missing"),
    ],
)
def test_recipe_with_a_mistake_is_one_sentence_that_names_it(tmp_path: Path, text: str, sentence: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(RecipeError) as caught:
        load(path)
    assert sentence in str(caught.value)
    assert str(path) in str(caught.value)


def test_workspace_of_a_recipe_is_relative_to_its_folder(tmp_path: Path) -> None:
    recipe = load(written(tmp_path, GOOD.replace('name = "a"', 'name = "a"\nworkspace = "../out"')))
    assert recipe.workspace == (tmp_path / ".." / "out").resolve()


def test_recipe_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="init FOLDER"):
        load(tmp_path / "none.toml")
