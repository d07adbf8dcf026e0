from __future__ import annotations

import gzip
import json
import math
import random

import pytest

from curation.errors import CurationError, RecipeError
from curation.filters import labelled, quality, toxic_training, toxicity, train, training
from curation.filters.calibration import curve
from curation.stage import Place


def can_train() -> bool:
    try:
        training.training_python()
    except RecipeError:
        return False
    return True


needs_training = pytest.mark.skipif(not can_train(), reason="needs `make train-env`")


def write_set(path, rows):
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode(), mtime=0))


@pytest.fixture
def made_set(tmp_path):
    """Posts of made-up words: `grumf` and `blarg` are the rude ones."""
    chance = random.Random(3)
    words = ["".join(chance.choice("aeioustn") for _ in range(6)) for _ in range(199)] + ["garden"]
    rows = []
    for number in range(3000):
        post = [chance.choice(words) for _ in range(8)]
        label = number % 3 == 0
        post += [chance.choice(("grumf", "blarg"))] if label else []
        rows.append({"text": " ".join(post) + f" {'x' * (number % 7)}", "label": int(label), "lang": "en"})
    write_set(tmp_path / "made_en.jsonl.gz", rows)
    return tmp_path


@needs_training
def test_training_twice_gives_the_same_bytes_and_a_model_that_tells_the_rude_words(made_set, batch_of):
    models = [made_set / "one.ftz", made_set / "two.ftz"]
    for model in models:
        train.main(["toxicity", "--data", str(made_set), "--out", str(model), "--cutoff", "1000"])
    assert models[0].read_bytes() == models[1].read_bytes()
    assert models[0].with_suffix(".json").read_bytes() == models[1].with_suffix(".json").read_bytes()
    stage = toxicity.build(toxicity.Config(model=models[0]), Place("s", "chat"))
    posts = labelled.read(made_set / "made_en.jsonl.gz").examples
    clean = next(post.text for post in posts if not post.is_positive and toxic_training.is_held_out(post))
    kept = stage(batch_of("grumf blarg grumf", clean, lang="en")).kept
    rude, kind = kept.column("toxicity").to_pylist()
    assert rude > 0.8 > 0.5 > kind
    assert stage(batch_of("grumf", lang="pl")).kept.column("toxicity").to_pylist() == [None]


@needs_training
def test_learned_quality_score_follows_the_users_examples(made_set, batch_of):
    model = made_set / "quality.bin"
    train.main(["quality", "--data", str(made_set), "--out", str(model)])
    config = quality.Config(model=model, min_model_score=0.5, web=("none",))
    place = Place("s", "web")
    scores = quality.build(config, place)(batch_of("grumf blarg grumf", "garden garden", lang="en")).kept
    assert quality.judge(scores, config, place).reason.to_pylist() == [None, "low_model_score"]


def test_functional_tests_are_never_trained_on(tmp_path):
    write_set(tmp_path / "templates.jsonl.gz", [{"text": "I hate X", "label": 1, "lang": "en", "orig": {"functionality": "F1"}}])
    with pytest.raises(RecipeError, match="functional tests"):
        train.main(["toxicity", "--data", str(tmp_path), "--out", str(tmp_path / "m.bin")])


def test_name_of_a_set_that_is_not_there_is_an_error_that_lists_those_that_are(tmp_path):
    write_set(tmp_path / "ours.jsonl.gz", [{"text": "a", "label": 0}])
    with pytest.raises(CurationError, match=r"got theirs.*expected ours"):
        train.main(["toxicity", "--data", str(tmp_path), "--only", "ours", "theirs", "--out", str(tmp_path / "m.bin")])


def test_labelled_row_without_label_names_file_and_line(tmp_path):
    write_set(tmp_path / "bad.jsonl.gz", [{"text": "a", "label": 0}, {"text": "b"}])
    with pytest.raises(RecipeError, match=r"bad\.jsonl\.gz:2"):
        labelled.read(tmp_path / "bad.jsonl.gz")


def test_calibration_puts_the_wanted_share_of_clean_posts_above_the_threshold():
    chance = random.Random(5)
    clean = [chance.gauss(-2, 1.5) for _ in range(50_000)]
    scale, shift = curve(clean)
    scores = [1 / (1 + math.exp(-(scale * value + shift))) for value in clean]
    assert sum(score > 0.8 for score in scores) / len(scores) == pytest.approx(0.0005, abs=0.0001)
    assert sum(score > 0.5 for score in scores) / len(scores) == pytest.approx(0.03, abs=0.002)


@needs_training
def test_set_whose_labels_the_others_contradict_is_left_out_and_named_in_the_card(tmp_path):
    for name, is_swapped in (("one", False), ("two", False), ("three", False), ("other_way_round", True)):
        chance = random.Random(name)
        rows = []
        for number in range(1500):
            rude = number % 2 == 0
            words = [chance.choice(("tea", "garden", "letter", "spring", "music")) for _ in range(6)] + ["grumf"] * rude
            rows.append({"text": f"{' '.join(words)} {name} {number}", "label": int(rude != is_swapped), "lang": "en"})
        write_set(tmp_path / f"{name}.jsonl.gz", rows)
    train.main(["toxicity", "--data", str(tmp_path), "--out", str(tmp_path / "model.bin")])
    card = toxicity.card(tmp_path / "model.bin")
    assert list(card["left_out"]) == ["other_way_round"]
    assert sorted(card["sets"]) == ["one", "three", "two"]


@needs_training
def test_worst_stretch_of_a_long_post_is_where_the_rude_word_stands(made_set):
    rows = [("toxic" if number % 2 else "clean", "tea garden music " + "grumf" * (number % 2)) for number in range(2000)]
    long = " ".join(["tea"] * 20 + ["grumf"] + ["garden"] * 20)
    added = toxic_training.with_worst_stretches([*rows, ("toxic", long)])[len(rows) + 1 :]
    assert len(added) == 1 and added[0][0] == "toxic"
    assert len(added[0][1].split()) == toxic_training.STRETCH and "grumf" in added[0][1].split()


def test_set_made_of_sentences_with_group_names_filled_in_is_a_functional_test(tmp_path):
    frames = ("I am {}.", "{} came for tea.", "We wrote to {} about the garden.", "Nobody here dislikes {}.")
    names = ("gay", "muslim", "jewish", "black", "disabled", "women")
    rows = [{"text": frame.format(name), "label": 0, "lang": "en"} for frame in frames for name in names]
    write_set(tmp_path / "sentences.jsonl.gz", rows)
    assert labelled.read(tmp_path / "sentences.jsonl.gz").is_functional
    write_set(tmp_path / "posts.jsonl.gz", [row | {"text": f"{row['text']} {chr(97 + at)}x"} for at, row in enumerate(rows)])
    assert not labelled.read(tmp_path / "posts.jsonl.gz").is_functional
