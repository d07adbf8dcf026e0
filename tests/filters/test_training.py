from __future__ import annotations

import gzip
import json
import random

import pytest

from curation.errors import RecipeError
from curation.filters import labelled, quality, toxicity, train, training
from curation.filters.calibration import curve, logit
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
    clean = next(post.text for post in posts if not post.is_positive and train.is_held_out(post))
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


def test_labelled_row_without_label_names_file_and_line(tmp_path):
    write_set(tmp_path / "bad.jsonl.gz", [{"text": "a", "label": 0}, {"text": "b"}])
    with pytest.raises(RecipeError, match=r"bad\.jsonl\.gz:2"):
        labelled.read(tmp_path / "bad.jsonl.gz")


def test_calibration_puts_the_wanted_share_of_clean_posts_above_the_threshold():
    chance = random.Random(5)
    clean = [1 / (1 + 2.718 ** -chance.gauss(-2, 1)) for _ in range(20_000)]
    scale, shift = curve(clean)
    scores = 1 / (1 + 2.718281828 ** -(scale * logit(clean) + shift))
    assert (scores > 0.8).mean() == pytest.approx(0.004, abs=0.0005)
    assert (scores > 0.5).mean() == pytest.approx(0.03, abs=0.002)
