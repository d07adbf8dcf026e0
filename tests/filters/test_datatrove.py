from __future__ import annotations

import pytest

from curation.errors import RecipeError
from curation.filters import datatrove
from curation.stage import Place

WEB = Place("pages", "web")


def test_datatrove_filter_named_in_a_recipe_judges_and_leaves_the_text(batch_of):
    config = datatrove.Config(filters=[{"name": "C4QualityFilter", "options": {"min_num_sentences": 2}}])
    batch = batch_of("A first sentence is here. And a second one.\nshort", "too short")
    kept = datatrove.build(config, WEB)(batch).kept
    assert kept.column("datatrove").to_pylist() == [None, "C4QualityFilter:too_few_sentences"]
    assert kept.column("text").equals(batch.column("text"))
    assert datatrove.judge(kept, config, WEB).reason.to_pylist() == [None, "datatrove"]


def test_datatrove_filter_of_another_kind_is_not_applied(batch_of):
    config = datatrove.Config(filters=[{"name": "C4QualityFilter", "kinds": ["web"]}])
    kept = datatrove.build(config, Place("s", "books"))(batch_of("short")).kept
    assert kept.column("datatrove").to_pylist() == [None]


@pytest.mark.parametrize(
    "item", [{"name": "NoSuchFilter"}, {"name": "os"}, {"name": "C4QualityFilter", "options": {"no_such": 1}}]
)
def test_datatrove_filter_that_cannot_be_built_is_a_recipe_error(item):
    with pytest.raises(RecipeError, match="datatrove"):
        datatrove.build(datatrove.Config(filters=[item]), WEB)
