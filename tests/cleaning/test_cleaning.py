"""Cleaning: what goes, what must stay, and that doing it twice changes nothing."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.cleaning import Config, build, clean_text
from curation.document import Record, to_batches
from curation.stage import Place


def clean(text: str, kind: str = "web", **settings: bool) -> str:
    return clean_text(text, kind, Config(**settings))


@pytest.mark.parametrize(
    ("whole", "codepage"),
    [
        ("Сегодня хорошая погода", "latin-1"),
        ("Zażółć gęślą jaźń", "cp1252"),
        ("The café wasn’t open", "cp1250"),
        ("Der Fluß führt Hochwasser – endlich", "mac_roman"),
    ],
)
def test_clean_mojibake_is_turned_back(whole: str, codepage: str) -> None:
    assert clean(f"A sound line.\n{whole.encode().decode(codepage)}\nÀ la fin.") == f"A sound line.\n{whole}\nÀ la fin."


def test_clean_windows_punctuation_read_as_latin1_is_turned_back() -> None:
    assert clean("\x93quoted\x94 \x96 text") == "“quoted” – text"


@pytest.mark.parametrize(
    "text",
    [
        "Grüße aus Köln, señor Ñandú; l’été à Noël — ÉCOLE",
        "Он сказал: «Нет…» — и ушёл. Ёлка № 5 ®",
        "می‌خواهم کتاب‌ها را بخوانم",
        "ÃO é uma terminação; VERÃO e NÃO",
        "क्‍ष और क्‌ष",
        "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 👍🏽",
        "زبانِ عربي وكتاب",
    ],
)
def test_clean_sound_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("\ufeffstart\x00 mid\u200bdle co\u00adop\u2060er", "start middle cooper"),
        ("a\u202ebc\u202c d\u2066e\u2069 \u200ff", "abc de f"),
        ("\x1b[31mred\x1b[0m text", "red text"),
        ("a\u200c\u200cb\u200dc", "abc"),
        ("می\u200c\u200cرود \u200cو\u200c", "می\u200cرود و"),
        ("hid\ufe01\ufe02\ufe03den\U000e0041\U000e0042", "hidden"),
        ("e\u0301", "é"),
        ("one  two\u00a0three \n\n\n\nfour\t\n", "one two three\n\nfour"),
        ("    a   1\n    b   2    3", "a 1\n    b   2    3"),
    ],
)
def test_clean_invisible_and_blank_characters_go(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_clean_arabic_letters_change_only_where_asked() -> None:
    assert clean("كتابي") == "كتابي"
    assert clean("كتابي", unify_arabic=True) == "کتابی"


def test_clean_turn_marks_stay_in_conversations_only() -> None:
    assert clean("\x1euser\x1fhi", kind="chat") == "\x1euser\x1fhi"
    assert clean("\x1euser\x1fhi", kind="books") == "userhi"


def test_clean_code_keeps_indentation_and_inner_blanks() -> None:
    assert clean("    def f():  \n\treturn  1\n", kind="code") == "    def f():\n\treturn  1"


def test_clean_batch_drops_rows_left_empty_with_their_origin() -> None:
    records = [("k", Record("a#1", "\u200b \n", work="a")), ("k", Record("a#2", "text", work="a"))]
    (batch,) = to_batches(records)
    outcome = build(Config(), Place("s", "web"))(batch)
    assert outcome.kept.column("text").to_pylist() == ["text"]
    assert outcome.dropped.to_pylist() == [{"input": "k", "origin": "a#1", "work": "a", "reason": "empty"}]
    assert outcome.kept.schema.field("text").type == pa.string()


AWKWARD = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("\x1b[mÃÂâ€™\x85\x93\u200c\u200d\u00ad\ufeff\u202e\ufe0f\U000e0041\U000e007f\U0001f3f4 \t\n\r\u3000م्क❤"),
    ),
    max_size=60,
)


@given(AWKWARD, st.sampled_from(["web", "code", "chat"]))
def test_clean_twice_changes_nothing_more(text: str, kind: str) -> None:
    once = clean(text, kind, repair_mojibake=False)
    assert clean(once, kind, repair_mojibake=False) == once


@given(AWKWARD)
def test_clean_any_text_with_repair_gives_valid_text(text: str) -> None:
    clean(text).encode()


def test_clean_huge_line_of_blanks_takes_linear_time() -> None:
    assert clean("a" + " " * 2_000_000 + "b") == "a b"
    assert clean("a" + " \t" * 1_000_000 + "\nb") == "a\nb"
