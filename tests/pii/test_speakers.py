"""Mentions of the people of a conversation: found, also inflected; words that are also names stay words."""

import pytest

from curation.pii.speakers import find_speakers


def found(text, *speakers, language="en"):
    return [(text[mention.start : mention.end], mention.speaker) for mention in find_speakers(text, speakers, language)]


def test_speakers_full_name_part_and_handle_mean_the_same_person():
    text = "Zofia Nowak: hi\nadam_k: thanks Zofia, zofia nowak! @adam_k"
    speakers = {speaker for _, speaker in found(text, "Zofia Nowak", "adam_k")}
    assert speakers == {"Zofia Nowak", "adam_k"}
    assert len(found(text, "Zofia Nowak", "adam_k")) == 5


@pytest.mark.parametrize(
    ("speaker", "form", "language"),
    [
        ("Tomek", "Tomka", "pl"),
        ("Tomek", "Tomkowi", "pl"),
        ("Anna Kowalska", "Annie", "pl"),
        ("Monika", "Monice", "pl"),
        ("Marta", "Marcie", "pl"),
        ("Jan Kowalski", "Kowalskiego", "pl"),
        ("Jerzy", "Jerzego", "pl"),
        ("Андрей", "Андрею", "ru"),
        ("Ольга Иванова", "Ольгой", "ru"),
        ("Сергей Петров", "Петрову", "ru"),
        ("Игорь", "Игоря", "ru"),
        ("Достоевский", "Достоевскому", "ru"),
    ],
)
def test_speakers_inflected_name_is_found(speaker, form, language):
    assert found(f"... {form} ...", speaker, language=language) == [(form, speaker)]


@pytest.mark.parametrize(
    "text",
    ["I will mark the page as root.", "Will it work? Mark my words.", "the root of a tree", "Marka samochodu i markować"],
)
def test_speakers_words_that_are_names_stay_without_a_mention(text):
    assert found(text, "Will", "Mark", "root", language="en") == []


@pytest.mark.parametrize("text", ["Will: hello", "thanks Will", "@Will look", "Will wrote that", "<Will> hello", "hi, Will!"])
def test_speakers_words_that_are_names_go_where_they_are_mentioned(text):
    assert found(text, "Will") == [("Will", "Will")]


def test_speakers_part_of_a_longer_word_stays():
    assert found("Annapolis, adam_k2 and Zofiówka", "Anna", "adam_k", "Zofia") == []


def test_speakers_numbers_and_empty_names_are_nobody():
    assert found("2024 12 - !", "2024", "", "-", "12 34") == []


def test_speakers_persian_name_is_found():
    assert found("سلام مهدی جان", "مهدی") == [("مهدی", "مهدی")]
