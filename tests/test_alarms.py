"""When an alarm is raised, and what it says: on tallies made by hand. Whole runs: tests/end_to_end/test_alarms.py."""

from __future__ import annotations

from typing import Any

import pytest

from curation.alarms import alarms, enforce
from curation.errors import AlarmError
from curation.recipe import Alarms
from curation.tally import REMOVED, Tally, samples_of

CONFIG = Alarms(min_documents=100)
IDS = {
    ("books", "en", "few_words"): [[0, "aa"], [0, "bb"]],
    ("books", "en", REMOVED): [[-90, "dd"], [-10, "cc"]],
    ("books", "pl", "few_words"): [[0, "ee"]],
    ("wiki", "pl", "few_words"): [[0, "ff"]],
    ("wiki", "pl", "toxic"): [[0, "gg"]],
    ("wiki", "pl", REMOVED): [[-50, "hh"]],
}


def tally(source: str, kept: dict[str, int], lost: dict[str, dict[str, int]], *, read: int = 1000, removed: int = 0) -> Tally:
    """A source of documents that hold `read` characters each, of which each kept one lost `removed`."""
    gone = [reason for reasons in lost.values() for reason in reasons]
    drops = [["dropped", "quality", name, sum(reasons.get(name, 0) for reasons in lost.values())] for name in sorted({*gone})]
    return {
        "source": source, "in": sum(kept.values()) + sum(row[-1] for row in drops), "kept": sum(kept.values()), "drops": drops,
        "removed": {"clean": removed * sum(kept.values()), "scrub": -5} if removed else {}, "lost": lost,
        "languages": {
            "documents": kept, "bytes": kept,
            "chars_read": {lang: count * read for lang, count in kept.items()},
            REMOVED: {lang: count * removed for lang, count in kept.items()},
        },
    }  # fmt: skip


def told(*now: Tally, before: tuple[Tally, ...] = (), **config: Any) -> list[str]:
    by_name = [{each["source"]: each for each in tallies} for tallies in (now, before)]
    return alarms(CONFIG.model_copy(update=config), by_name[0], by_name[1], IDS)


def test_source_that_loses_more_than_the_bound_is_named_with_reason_and_ids() -> None:
    (books, *languages) = told(tally("books", {"en": 4, "pl": 0}, {"en": {"few_words": 90}, "pl": {"few_words": 6}}))
    assert books == ("source `books` loses 96.0% of 100 documents (most for `few_words`: 96; look at aa bb ee); allowed: 95.0%")
    assert languages == []


def test_source_at_the_bound_and_a_small_source_raise_nothing() -> None:
    assert told(tally("books", {"en": 5}, {"en": {"few_words": 95}})) == []
    assert told(tally("books", {"en": 1}, {"en": {"few_words": 98}})) == []


def test_language_that_loses_over_all_sources_is_named_although_no_source_is() -> None:
    books = tally("books", {"en": 500, "pl": 1}, {"pl": {"few_words": 50}})
    wiki = tally("wiki", {"en": 500, "pl": 1}, {"pl": {"few_words": 50, "toxic": 3}})
    assert told(books, wiki) == [
        "language `pl` loses 98.1% of 105 documents (most for `few_words`: 100; look at ee ff); allowed: 95.0%"
    ]


@pytest.mark.parametrize("reason", ["language_not_kept", "license_not_allowed", "takedown"])
def test_what_the_recipe_leaves_out_is_no_loss_of_a_language_but_of_a_source(reason: str) -> None:
    books = tally("books", {"en": 1000}, {"de": {reason: 500}})
    assert told(books) == []
    assert [each[:14] for each in told(tally("web", {"en": 0}, {"de": {reason: 500}}))] == ["source `web` l"]


def test_characters_inside_documents_count_for_source_and_language_with_the_worst_documents_first() -> None:
    found = told(tally("books", {"en": 100}, {}, removed=510))
    assert found == [
        "source `books` loses 51.0% of 100,000 characters inside documents (most by `clean`: 51,000; look at dd cc)"
        "; allowed: 50.0%",
        "language `en` loses 51.0% of 100,000 characters inside documents (look at dd cc); allowed: 50.0%",
    ]
    assert told(tally("books", {"en": 100}, {}, removed=500)) == []


def test_loss_far_above_the_previous_release_is_told_for_documents_and_characters() -> None:
    before = tally("books", {"en": 190}, {"en": {"few_words": 10}}, removed=100)
    now = tally("books", {"en": 140}, {"en": {"few_words": 60}}, removed=400)
    found = told(now, before=(before,))
    assert found[0] == (
        "source `books` loses 30.0% of its documents, 5.0% in the previous release (most for `few_words`: 60; look at aa bb ee)"
    )
    assert [each.partition(" (")[0] for each in found[1:]] == [
        "source `books` loses 40.0% of its characters inside documents, 10.0% in the previous release",
        "language `en` loses 30.0% of its documents, 5.0% in the previous release",
        "language `en` loses 40.0% of its characters inside documents, 10.0% in the previous release",
    ]
    assert told(now, before=(before,), max_increase=0.31) == []
    assert told(before, before=(now,)) == []


def test_release_of_before_languages_were_counted_is_compared_by_source() -> None:
    before = tally("books", {"en": 190}, {"en": {"few_words": 10}})
    old = {name: value for name, value in before.items() if name != "lost"}
    old["languages"] = {name: before["languages"][name] for name in ("documents", "bytes")}
    now = tally("books", {"en": 140}, {"en": {"few_words": 60}}, removed=400)
    assert [each.partition(" (")[0] for each in told(now, before=(old,))] == [
        "source `books` loses 30.0% of its documents, 5.0% in the previous release"
    ]


def test_new_source_is_compared_with_nothing() -> None:
    assert told(tally("wiki", {"en": 50}, {"en": {"few_words": 50}}), before=(tally("books", {"pl": 200}, {}),)) == []


@pytest.mark.parametrize(("action", "ignored", "stops"), [("stop", False, True), ("stop", True, False), ("warn", False, False)])
def test_alarm_stops_by_the_rule_of_the_recipe_unless_ignored(action: str, ignored: bool, stops: bool) -> None:
    config = CONFIG.model_copy(update={"action": action})
    enforce(config, [], ignored)
    if not stops:
        enforce(config, ["source `books` loses it all"], ignored)
        return
    with pytest.raises(AlarmError, match=r"source `books` loses it all.*--ignore-alarms"):
        enforce(config, ["source `books` loses it all"], ignored)


def test_samples_are_the_same_in_whatever_order_segments_are_read() -> None:
    parts = [
        {"source": "books", "samples": {"en": {"few_words": [[0, f"{number:02d}"]], REMOVED: [[-number, f"{number:02d}"]]}}}
        for number in range(9)
    ]
    found = samples_of(parts)
    assert found == samples_of(parts[::-1]) == samples_of([*parts, *parts])
    assert found["books", "en", "few_words"] == [[0, "00"], [0, "01"], [0, "02"]]
    assert found["books", "en", REMOVED] == [[-8, "08"], [-7, "07"], [-6, "06"]]
