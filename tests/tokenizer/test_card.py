"""The report card against sums done by hand, and its picture."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from curation.pii import Config as Policy
from curation.tokenizers.card import Passage, report_card
from curation.tokenizers.card_page import fragment
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.forbidden import train_clean
from curation.tokenizers.tokens import entity_tokens, why_strange
from curation.tokenizers.train import train
from tests.tokenizer.conftest import own_texts, small

PASSAGES = [
    Passage("books", "pl", "Stary most zamknięto jesienią.\n"),
    Passage("books", "en", "The old bridge was closed in autumn."),
    Passage("chat", "en", "It is closed, the bridge 2024!"),
    Passage("chat", "en", "日本"),
]


@pytest.fixture(scope="module")
def card(llama3: Path) -> dict[str, Any]:
    return report_card(Encoder.load(llama3), PASSAGES, small(), [Passage("books", "en", text) for text in own_texts()])


def test_report_card_measures_add_up_to_what_the_encoder_gives(card: dict[str, Any], llama3: Path) -> None:
    encoder = Encoder.load(llama3)
    chat = [passage.text for passage in PASSAGES if passage.source == "chat"]
    tokens = [encoder.encode(text).tolist() for text in chat]
    count = sum(map(len, tokens))
    row = next(row for row in card["strata"] if (row["source"], row["lang"]) == ("chat", "en"))
    assert (row["passages"], row["tokens"], row["words"]) == (2, count, 7)
    assert row["bytes_per_token"] == pytest.approx(sum(len(text.encode()) for text in chat) / count, abs=1e-4)
    assert row["chars_per_token"] == pytest.approx(sum(map(len, chat)) / count, abs=1e-4)
    assert row["tokens_per_word"] == pytest.approx(count / 7, abs=1e-4)
    assert encoder.vocabulary.token_bytes is not None
    single = sum(len(encoder.vocabulary.token_bytes[number]) == 1 for ids in tokens for number in ids)
    assert row["single_byte_share"] == pytest.approx(single / count, abs=1e-4)
    assert (
        card["total"]["tokens"] == sum(row["tokens"] for row in card["strata"]) == sum(row["tokens"] for row in card["languages"])
    )


def test_report_card_parallel_text_is_weighed_against_english(card: dict[str, Any], llama3: Path) -> None:
    from curation.tokenizers.parallel import read_parallel

    encoder, rows = Encoder.load(llama3), read_parallel(None)
    polish, english = (sum(len(encoder.encode(row[lang])) for row in rows) for lang in ("pl", "en"))
    found = {row["lang"]: row for row in card["parallel"]}
    assert found["pl"]["ratio"] == pytest.approx(polish / english, abs=1e-4)
    assert found["pl"]["fair"] is (polish / english <= 1.5)
    assert found["de"]["fair"] is None  # no German among the passages: nothing is promised for it


def test_report_card_unused_tokens_are_those_no_text_used(llama3: Path) -> None:
    encoder = Encoder.load(llama3)
    card = report_card(encoder, PASSAGES, small())
    used = {number for passage in PASSAGES for number in encoder.encode(passage.text).tolist()}
    learned = {number for token, number in encoder.vocabulary.ranks.items() if len(token) > 1}
    assert card["unused"]["count"] == len(learned - used)
    assert {row["id"] for row in card["unused"]["examples"]} <= learned - used


def test_report_card_stands_another_tokenizer_beside_ours(llama3: Path, tmp_path: Path) -> None:
    train(["nothing but a little English, a bridge"], small(), tmp_path / "little")
    card = report_card(Encoder.load(llama3), PASSAGES, small(compare=(str(tmp_path / "little"),)))
    other = Encoder.load(tmp_path / "little")
    text = PASSAGES[0].text
    assert card["compare"][0]["name"] == "little"
    assert card["compare"][0]["bytes_per_token"]["pl"] == pytest.approx(len(text.encode()) / len(other.encode(text)), abs=1e-4)


def test_entity_tokens_personal_data_learned_by_a_careless_tokenizer_is_found(tmp_path: Path) -> None:
    # gpt-2's splits keep long numbers whole, so a card number that stands there often enough becomes a token.
    train(
        ["pay to 4111111111111111 now\n" * 50, "numbers such as 1234567 are fine\n" * 50], small(pretokenizer="gpt-2"), tmp_path
    )
    words = Encoder.load(tmp_path).vocabulary
    assert "4111111111111111" in {words.text(row["id"]).strip() for row in entity_tokens(words, Policy())}


def test_train_clean_leaves_out_what_would_become_a_token_with_personal_data(tmp_path: Path) -> None:
    texts = ["pay to 4111111111111111 now\n" * 50, "write to nobody at all\n" * 50, "1234567 is fine\n" * 50]
    summary = train_clean(lambda: texts, small(pretokenizer="gpt-2"), Policy(), tmp_path)
    words = Encoder.load(tmp_path).vocabulary
    assert summary["left_out"] >= 1
    assert entity_tokens(words, Policy()) == []
    assert not any("4111" in words.text(number) for number in words.ranks.values())


def test_entity_tokens_of_an_ordinary_tokenizer_are_none(card: dict[str, Any]) -> None:
    assert card["entities"] == []


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (" bridge", []),
        ("мост", []),
        ("aд", ["mixed scripts"]),
        ("\x07bell", ["control or unassigned characters"]),
        ("----------", ["one sign repeated"]),
        ("\n\n", []),
        ("о\\xd0", []),
    ],
)
def test_why_strange_names_what_does_not_belong_together(token: str, expected: list[str]) -> None:
    assert why_strange(token) == expected


def test_fragment_is_well_formed_and_escapes_tokens(card: dict[str, Any]) -> None:
    hostile = json.loads(json.dumps(card))
    hostile["longest"] = [{"id": 1, "token": "<script>alert(1)</script>", "count": 0}]
    hostile["strata"][0]["source"] = '"><img src=x>'
    page = fragment(hostile)
    assert "<script" not in page
    assert "<img" not in page
    Checker().feed(page)
    assert page.count("<svg") == 2


class Checker(HTMLParser):
    """Every tag that opens is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
