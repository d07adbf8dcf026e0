from __future__ import annotations

import pyarrow as pa
import pytest

from curation.document import document_id, with_column
from curation.filters import toxicity
from curation.filters.passages import MAX_CHARS, passages, sampled_passages
from curation.filters.toxic_model import worst_window
from curation.filters.toxic_text import toxic_text
from curation.stage import Place

CHAT = Place("room", "chat")
INSULT = "You are a stupid fucking idiot and a worthless piece of shit."
KIND = "Thank you for the kind letter, we were glad to read that the garden does so well this spring."


def scored(batch, **settings):
    return toxicity.build(toxicity.Config(**settings), CHAT)(batch).kept


def test_toxicity_of_an_insult_is_above_the_threshold_and_of_thanks_far_below(batch_of):
    low, high = scored(batch_of(KIND, INSULT, lang="en")).column("toxicity").to_pylist()
    assert low < 0.3 < toxicity.Config().max_score < high


def test_toxicity_of_a_language_without_training_data_is_null(batch_of):
    kept = scored(batch_of("Ala ma kota", lang="tlh"))
    assert [kept.column(name).to_pylist() for name in toxicity.SCORES.names] == [[None]] * 3
    assert toxicity.judge(kept, toxicity.Config(), CHAT).reason.to_pylist() == [None]


def test_toxic_passage_in_a_long_text_shows_in_the_maximum_and_drops_nothing(batch_of):
    text = "\n".join([KIND * 3] * 4 + [INSULT * 4] + [KIND * 3] * 4)
    kept = scored(batch_of(text, lang="en"))
    assert kept.column("toxicity_max").to_pylist()[0] > 0.8 > kept.column("toxicity").to_pylist()[0]
    assert 0 < kept.column("toxicity_share").to_pylist()[0] < 0.25
    assert toxicity.judge(kept, toxicity.Config(), CHAT).reason.to_pylist() == [None]


def test_judge_drops_toxic_documents_and_only_marks_where_told(batch_of):
    kept = scored(batch_of(KIND, INSULT, lang="en"))
    assert toxicity.judge(kept, toxicity.Config(), CHAT).reason.to_pylist() == [None, "toxic"]
    assert toxicity.judge(kept, toxicity.Config(action="mark"), CHAT).reason.to_pylist() == [None, None]


def test_dropping_passages_leaves_the_rest_with_its_own_id_view_and_turns(batch_of):
    lines = [KIND * 3 + "\n", INSULT * 4 + "\n", KIND * 2]
    text = "".join(lines)
    batch = batch_of(text, lang="en")
    turns, position = [], 0
    for line in lines:
        turns.append({"role": "user", "start": position, "end": position + len(line.strip())})
        position += len(line)
    batch = with_column(batch, "view", pa.array([text.replace("garden", "PLACE")], pa.string()))
    batch = with_column(batch, "turns", pa.array([turns]))
    batch = with_column(batch, "id", pa.array(["old"]))
    row = scored(batch, passages="drop").to_pylist()[0]
    assert row["text"] == lines[0] + lines[2]
    assert row["view"] == row["text"].replace("garden", "PLACE")
    assert row["id"] == document_id("chat", row["view"])
    assert [row["text"][turn["start"] : turn["end"]] for turn in row["turns"]] == [lines[0].strip(), lines[2]]
    assert row["toxicity"] < 0.5


def test_dropping_passages_drops_the_document_of_which_nothing_is_left(batch_of):
    outcome = toxicity.build(toxicity.Config(passages="drop"), CHAT)(batch_of(INSULT, KIND, lang="en"))
    assert outcome.dropped.column("reason").to_pylist() == ["all_toxic"]
    assert outcome.kept.column("text").to_pylist() == [KIND]


@pytest.mark.parametrize("text", ["", "x", "word " * 500, "no-spaces" * 300, "One. Two.\nThree! " * 200])
def test_passages_of_any_text_cover_it_without_gaps(text):
    spans = passages(text)
    assert "".join(text[start:stop] for start, stop in spans) == text
    assert all(0 < stop - start <= MAX_CHARS for start, stop in spans)


def test_sampled_passages_of_a_long_text_come_from_both_halves():
    spans = sampled_passages("word " * 100_000)
    assert len(spans) == 12 and spans[0][0] == 0 and spans[-1][1] > 499_000


def test_toxic_text_hides_what_tells_data_sets_apart():
    assert toxic_text("RT @someone: Sooooo GOOD &amp; fun https://t.co/x1 42") == "soo good fun"


def test_insult_in_a_passage_of_harmless_words_scores_above_the_same_passage_without(batch_of):
    calm = " ".join(KIND.split()[:12])
    low, high = scored(batch_of(f"{calm} {calm}", f"{calm} you fucking idiot {calm}", lang="en")).column("toxicity").to_pylist()
    assert low < 0.3 < high


def test_worst_window_is_the_highest_mean_of_four_neighbours():
    assert worst_window([0.0, -4.0, 4.0, 2.0, 2.0, 0.0, -9.0]) == 2.0
    assert worst_window([1.0, 3.0]) == 2.0
