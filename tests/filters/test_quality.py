from __future__ import annotations

import random
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from curation.filters import quality
from curation.filters.function_words import FUNCTION_WORDS
from curation.filters.quality.statistics import statistics
from curation.filters.quality.words import given as given_words
from curation.filters.quality.words import split
from curation.stage import Place

POEM = """Roses grow along the wall,
roses grow and roses fall,
summer comes and summer goes,
no one counts the falling rose.

Roses grow along the wall,
roses grow and roses fall.
"""
DIALOGUE = "ann: hi\nben: hi!\nann: tea?\nben: yes please\nann: ok, five minutes\nben: :)\n"
CODE = 'def add(a: int, b: int) -> int:\n    """Sum."""\n    return a + b\n\n\nif __name__ == "__main__":\n    print(add(1, 2))\n'
JUNK = "buy now " * 200
PROSE = {
    "en": "The old house stood at the end of the road. Nobody had lived there for years, and the garden was full of birds. ",
    "pl": "Stary dom stał na końcu drogi. Od lat nikt w nim nie mieszkał, a w ogrodzie było pełno ptaków i starych drzew. ",
    "ru": "Старый дом стоял в конце дороги. Много лет в нём никто не жил, и в саду было полно птиц и старых деревьев. ",
    "fa": "خانهٔ قدیمی در انتهای جاده بود. سال‌ها کسی در آن زندگی نکرده بود و باغ پر از پرنده و درخت بود. ",
    "de": "Das alte Haus stand am Ende der Straße. Seit Jahren hatte dort niemand gewohnt, und der Garten war voller Vögel. ",
    "fr": "La vieille maison se trouvait au bout de la route. Personne n'y habitait et le jardin était plein d'oiseaux. ",
    "es": "La vieja casa estaba al final del camino. Nadie había vivido allí y el jardín estaba lleno de pájaros. ",
    "ar": "كان البيت القديم في نهاية الطريق. لم يسكنه أحد منذ سنوات وكانت الحديقة مليئة بالطيور والأشجار. ",
    "zh": "老房子在路的尽头。已经很多年没有人住了，花园里到处都是鸟，还有很多老树，秋天的时候很美。",
}


def reasons(batch: pa.RecordBatch, kind: str, **settings: object) -> list[str | None]:
    place, config = Place("s", kind), quality.Config(**settings)
    return quality.judge(quality.build(config, place)(batch).kept, config, place).reason.to_pylist()


@pytest.mark.parametrize(("kind", "text"), [("books", POEM), ("chat", DIALOGUE), ("code", CODE), ("wiki", PROSE["en"])])
def test_quality_of_verse_dialogue_code_and_stubs_is_enough_for_their_kind(batch_of, kind, text):
    assert reasons(batch_of(text, lang="en"), kind) == [None]


@pytest.mark.parametrize("kind", ["books", "wiki", "papers", "web", "chat"])
def test_quality_of_a_repeated_advertisement_is_enough_for_no_kind_of_text(batch_of, kind):
    assert reasons(batch_of(JUNK, lang="en"), kind) != [None]


@pytest.mark.parametrize("lang", PROSE)
def test_published_rules_keep_an_article_in_each_language(batch_of, lang):
    article = "\n".join(f"{number}: {PROSE[lang].strip()}" for number in ("one", "two", "three", "four", "five"))
    assert reasons(batch_of(article, lang=lang), "web", web=("gopher_quality", "fineweb")) == [None]


def test_judge_takes_other_limits_and_sets_without_new_scores(batch_of):
    batch = batch_of("too short", lang="en")
    scores = quality.build(quality.Config(), Place("s", "web"))(batch).kept
    place = Place("s", "web")
    assert quality.judge(scores, quality.Config(), place).reason.to_pylist() == ["gopher_short_doc"]
    assert quality.judge(scores, quality.Config(), place).score.to_pylist() == [2.0]
    assert quality.judge(scores, quality.Config(web=("none",)), place).reason.to_pylist() == [None]
    assert quality.judge(scores, quality.Config(by_source={"s": ("prose",)}), place).reason.to_pylist() == ["few_words"]
    low = quality.Config(web=("gopher_quality",), limits={"gopher_short_doc": 1, "gopher_enough_stop_words": 0})
    assert quality.judge(scores, low, place).reason.to_pylist() == [None]


@pytest.mark.parametrize("wrong", [{"web": ["no_such_set"]}, {"limits": {"no_such_reason": 1}}, {"by_source": {"s": ["x"]}}])
def test_recipe_that_names_an_unknown_rule_is_refused(wrong):
    with pytest.raises(ValidationError, match="there are"):
        quality.Config(**wrong)


@given(st.lists(st.text(max_size=300), max_size=5))
def test_words_of_any_texts_cover_every_character_that_is_no_space(texts):
    words = split(texts)
    for number, text in enumerate(texts):
        own = slice(words.bounds[number], words.bounds[number + 1])
        assert words.lengths[own].sum() == sum(not character.isspace() for character in text)


@given(st.lists(st.lists(st.text(alphabet="abé中", min_size=1, max_size=5), max_size=8), min_size=1, max_size=4))
def test_words_given_apart_or_together_have_the_same_hashes(texts):
    together = given_words(texts)
    apart = [value for text in texts for value in given_words([text]).hashes.tolist()]
    assert together.hashes.tolist() == apart


def test_scores_do_not_depend_on_what_else_is_in_the_batch(batch_of):
    texts = [POEM, DIALOGUE, "", JUNK, CODE, "\n", PROSE["zh"]]
    build = quality.build(quality.Config(), Place("s", "web"))
    together = build(batch_of(*texts, lang="en")).kept.select(quality.SCORES.names).to_pylist()
    assert together == [build(batch_of(text, lang="en")).kept.select(quality.SCORES.names).to_pylist()[0] for text in texts]


VERSE = """Я вижу - дом стоит у вод, и в нём огонь, и в нём народ,
и ветер с моря, и луна над ним - одна, одна, одна.
А кто не спит, тот слышит: бьёт в ночи волна о старый плот,
и думает: пройдёт зима, и будет тихо, как сама
земля под снегом. Но пока шумит холодная река,
и всё, что было, всё прошло, - и на душе опять светло."""


def test_verse_with_much_punctuation_on_a_web_page_stays(batch_of):
    assert reasons(batch_of(VERSE, lang="ru"), "web", web=("gopher_quality",)) == ["gopher_below_alpha_threshold"]
    assert reasons(batch_of(VERSE, lang="ru"), "web") == [None]


@pytest.mark.parametrize("language", ["en", "pl"])
def test_stop_words_are_counted_once_each(language):
    text = {"en": "The cat and the dog of the house, the the and.", "pl": "nie nie i kot oraz pies i nie"}[language]
    expected = {"en": {"the", "and", "of"}, "pl": {"nie", "i", "oraz"} & set(FUNCTION_WORDS["pl"])}[language]
    scores = statistics(["", text, "x"], [language] * 3)
    assert scores["stop_words"].to_pylist() == [0, len(expected), 0]


def test_repetition_is_what_counting_words_one_by_one_gives():
    """N-grams of words against the plain way: Gopher's most frequent ones, and the repeated ones from left to right."""
    rng = random.Random(3)
    texts = [
        " ".join(rng.choices(["a", "b", "abc", "-", "of", "longer", "averylongwordindeed"], k=rng.randint(0, 300)))
        for _ in range(60)
    ]
    split = [text.split() for text in texts]
    rows = statistics(texts, ["en"] * len(texts), lambda _: given_words(split)).to_pylist()
    for text, words, row in zip(texts, split, rows, strict=True):
        for n in (2, 3, 4):
            counts = Counter(" ".join(words[at : at + n]) for at in range(len(words) - n + 1))
            gram, times = counts.most_common(1)[0] if counts else ("", 0)
            assert row[f"top_{n}_gram"] == len(gram) * times / max(1, len(text))
        for n in range(5, 11):
            seen, chars, at = set(), 0, 0
            while at < len(words) - n + 1:
                gram = "".join(words[at : at + n])
                chars, at = (chars + len(gram), at + n) if gram in seen else (chars, at + 1)
                seen.add(gram)
            assert row[f"dup_{n}_grams"] == chars / max(1, len(text))
