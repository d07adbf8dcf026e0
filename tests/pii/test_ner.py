"""Names by a spaCy model that the recipe names; the test trains a tiny one."""

import random

import pytest

from curation.errors import RecipeError
from curation.pii import Config, build, models
from curation.stage import Place


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    import spacy
    from spacy.training import Example
    from spacy.util import fix_random_seed

    fix_random_seed(0)
    pipeline = spacy.blank("en")
    pipeline.add_pipe("ner").add_label("PERSON")
    names = ("Velda Quorn", "Ostin Brask", "Mirela Thun", "Jorvik Pell")
    places = ("I met {} today.", "{} came late.", "We asked {} about it.", "Ask {}, please.")
    examples = []
    for place in places:
        for name in names:
            start = place.index("{}")
            doc = pipeline.make_doc(place.format(name))
            examples.append(Example.from_dict(doc, {"entities": [(start, start + len(name), "PERSON")]}))
    optimizer = pipeline.initialize(lambda: examples)
    shuffled = random.Random(0)
    for _ in range(12):
        shuffled.shuffle(examples)
        pipeline.update(examples, sgd=optimizer)
    folder = tmp_path_factory.mktemp("model") / "tiny"
    pipeline.to_disk(folder)
    return folder


def test_ner_names_go_where_the_recipe_asks_for_them(model):
    config = Config(ner={"en": str(model)})
    assert build(config, Place("s", "web")).text("We asked Velda Quorn about it.", "en").text == "We asked <PERSON_1> about it."
    assert (
        build(config, Place("s", "books")).text("We asked Velda Quorn about it.", "en").text == "We asked Velda Quorn about it."
    )
    assert models(config)


def test_ner_model_that_is_not_there_is_one_sentence():
    with pytest.raises(RecipeError, match="no spaCy model for 'pl'"):
        build(Config(ner={"pl": "no_such_package"}), Place("s", "web"))
