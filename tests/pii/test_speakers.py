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


@pytest.mark.parametrize(
    ("text", "speaker", "mention"),
    [
        ("that is all\n\n-- \nthomas\n", "Thomas Lind", "thomas"),
        ("that is all\n\nregards,\nwill", "Will Penrose", "will"),
        ("zed: oats, look at this", "oats", "oats"),
        ("as Bill had noted above", "Bill Penrose", "Bill"),
        ("see jane.penrose and jane_penrose", "Jane Penrose", "jane_penrose"),
        ("Hello, says Hedda", "hedda vik", "Hedda"),
        ("I think snektra is right", "Snektra", "snektra"),
        ("> Robin> what is this", "Robin Vik", "Robin"),
        ("Peter Vik is out\n", "peter.vik at stat.zh.ch", "Peter Vik"),
    ],
)
def test_speakers_name_in_another_spelling_or_place_is_found(text, speaker, mention):
    assert (mention, speaker) in found(text, speaker)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("patches sent via mail, and via chat", "via"),
        ("the bill is due and a bill is paid: Bill of sale", "Bill Penrose"),
        ("a host of stat.ethz.ch answers stat questions", "maechler at stat.ethz.ch"),
        ("all graves in the graves of Graves", "Spencer Graves"),
        ("new things and new words", "dana-new-m"),
    ],
)
def test_speakers_words_that_a_text_writes_small_stay(text, speaker):
    assert found(text, speaker) == []
