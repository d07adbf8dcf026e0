"""Labels of near-duplicate sets as `python -m benchmarks.dedup` reads and scores them."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import dedup_labels
from curation.dedup.config import Config
from tests.dedup.test_step import edited, prose

TEXTS = {"one": prose(1), "copy": edited(prose(1), 40), "twin": edited(prose(1), 200), "other": prose(2), "far": prose(3)}


def scored(pairs: list[dict[str, Any]], keepers: dict[str, str]) -> dict[str, Any]:
    return dedup_labels.score(dedup_labels.read(pairs, TEXTS, Config()), keepers)


@pytest.mark.parametrize(("yes", "no"), [(1, 0), (True, False), ("yes", "no"), ("duplicate", "different"), (1.0, 0.0)])
@pytest.mark.parametrize("name", ["duplicate", "label", "is_duplicate"])
def test_labels_are_numbers_truth_values_or_words(name: str, yes: object, no: object) -> None:
    pairs = [{"a": "one", "b": "copy", name: yes}, {"a": "one", "b": "other", name: no}]
    found = scored(pairs, {"copy": "one", "other": "one"})
    assert (found["copies"], found["others"], found["right"], found["wrong"]) == (1, 1, 1, 1)
    assert (found["recall"], found["precision"]) == (1.0, 0.5)


def test_pairs_without_a_label_are_judged_by_their_texts() -> None:
    found = scored([{"id1": "one", "id2": "copy"}, {"id1": "one", "id2": "other"}], {})
    assert (found["copies"], found["others"], found["recall"], found["precision"], found["f1"]) == (1, 1, 0.0, None, 0.0)


def test_set_without_copies_has_no_f1_and_says_what_was_dropped_wrongly() -> None:
    found = scored([{"a": "one", "b": "other", "duplicate": 0}], {"other": "one"})
    assert (found["f1"], found["recall"], found["precision"], found["wrong"]) == (None, None, 0.0, 1)
    assert "neither recall nor F1" in dedup_labels.sentence(found)


def test_copies_of_one_keeper_are_found_though_neither_was_dropped_for_the_other() -> None:
    pairs = [{"a": one, "b": other, "duplicate": 1} for one, other in (("one", "copy"), ("copy", "twin"), ("one", "twin"))]
    assert scored(pairs, {"copy": "one", "twin": "one"})["f1"] == 1.0


def test_copies_that_no_label_names_are_counted_apart_and_other_drops_are_wrong() -> None:
    found = scored([{"a": "one", "b": "copy", "duplicate": 1}], {"copy": "one", "twin": "one", "far": "other"})
    assert (found["right"], found["unlabelled"], found["wrong"]) == (1, 1, 1)


def test_pair_of_unknown_documents_is_named() -> None:
    with pytest.raises(ValueError, match="two known documents"):
        scored([{"a": "one", "b": "nobody"}], {})
