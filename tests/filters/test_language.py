from __future__ import annotations

import pytest

from curation.document import ROLE_END, TURN
from curation.errors import RecipeError
from curation.filters import fasttext_model, language
from curation.filters.labels import language_code, language_codes
from curation.filters.windows import windows
from curation.stage import Place

BOOKS = Place("novels", "books")

SENTENCES = {
    "en": "The old house stood at the end of the road, and nobody had lived there for years.",
    "pl": "Stary dom stał na końcu drogi i od lat nikt w nim nie mieszkał.",
    "ru": "Старый дом стоял в конце дороги, и много лет в нём никто не жил.",
    "fa": "خانهٔ قدیمی در انتهای جاده بود و سال‌ها کسی در آن زندگی نکرده بود.",
    "de": "Das alte Haus stand am Ende der Straße, und seit Jahren hatte dort niemand gewohnt.",
    "fr": "La vieille maison se trouvait au bout de la route et personne n'y habitait depuis des années.",
    "es": "La vieja casa estaba al final del camino y nadie había vivido allí durante años.",
    "ar": "كان البيت القديم في نهاية الطريق ولم يسكنه أحد منذ سنوات.",
    "zh": "老房子在路的尽头，已经很多年没有人住了。",
}


def recognized(batch, kind="books", **settings):
    return language.build(language.Config(**settings), Place("novels", kind))(batch).kept


@pytest.mark.parametrize("lang", SENTENCES)
def test_language_of_one_sentence_is_recognized(batch_of, lang):
    assert recognized(batch_of(SENTENCES[lang])).column("lang").to_pylist() == [lang]


def test_language_named_by_the_reader_stays_and_is_never_judged(batch_of):
    kept = recognized(batch_of("def f(): return 1", lang="python"), kind="code")
    assert kept.column("lang").to_pylist() == ["python"]
    assert kept.column("lang_score").to_pylist() == [None]
    assert language.judge(kept, language.Config(keep=("en",)), Place("s", "code")).reason.to_pylist() == [None]


def test_language_of_long_text_is_judged_from_all_over(batch_of):
    licence = SENTENCES["en"] * 10
    book = licence + "\n" + (SENTENCES["pl"] + "\n") * 300
    assert recognized(batch_of(book)).column("lang").to_pylist() == ["pl"]


def test_language_of_text_without_words_is_undetermined(batch_of):
    kept = recognized(batch_of("1234 5678", "", "https://example.org/a", f"{TURN}user{ROLE_END}"))
    assert kept.column("lang").to_pylist() == ["und"] * 4


def test_judge_keeps_all_without_a_list_and_the_listed_ones_with_it(batch_of):
    kept = recognized(batch_of(SENTENCES["en"], SENTENCES["de"]))
    assert language.judge(kept, language.Config(), BOOKS).reason.to_pylist() == [None, None]
    assert language.judge(kept, language.Config(keep=("de",)), BOOKS).reason.to_pylist() == ["language_not_kept", None]


def test_judge_drops_a_kept_language_that_is_unsure(batch_of):
    kept = recognized(batch_of(SENTENCES["en"]))
    assert language.judge(kept, language.Config(keep=("en",), min_score=1.0), BOOKS).reason.to_pylist() == ["language_unsure"]


def test_judge_keeps_other_languages_in_a_source_of_its_own(batch_of):
    kept = recognized(batch_of(SENTENCES["en"], SENTENCES["de"]))
    config = language.Config(keep=("en",), by_source={"novels": ("de",)})
    assert language.judge(kept, config, BOOKS).reason.to_pylist() == ["language_not_kept", None]
    assert language.judge(kept, config, Place("other", "books")).reason.to_pylist() == [None, "language_not_kept"]


def test_model_that_is_missing_is_a_recipe_error(tmp_path):
    with pytest.raises(RecipeError, match="no such model"):
        language.build(language.Config(model=tmp_path / "none.bin"), BOOKS)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("__label__en", "en"),
        ("__label__pol_Latn", "pl"),
        ("__label__pes_Arab", "fa"),
        ("__label__zho_Hans", "zh"),
        ("__label__no", "nb"),
    ],
)
def test_language_code_of_any_models_label_is_iso_639_1(label, code):
    assert language_code(label) == code


def test_language_codes_of_a_macrolanguage_are_its_members():
    assert language_codes(["no", "eng"]) == {"nb", "nn", "en"}


def test_windows_of_a_long_text_reach_its_end():
    text = " ".join(str(number) for number in range(10_000))
    found = windows(text, 100, 5)
    assert len(found) == 5 and found[-1].endswith("9999") and max(map(len, found)) == 100


def test_long_text_that_leaves_doubt_is_looked_at_more_closely():
    predict = fasttext_model.load(language.models(language.Config())[0])
    judged: list[str] = []

    def counted(line: str, number: int) -> list[tuple[float, str]]:
        judged.append(line)
        return predict(line, number)

    english = "The old house stood at the end of the road and nobody had lived there for many years. " * 200
    invented = "".join(f"{first}{last} " for first in ["brivo", "klemt", "stadru"] for last in ["nuwok", "zelpi", "gorthu"]) * 200
    language.recognize(english, counted)
    sure = len(judged)
    judged.clear()
    found = language.recognize(invented[: len(english)], counted)
    assert found[1] < language.UNSURE and len(judged) > language.CLOSER * sure
