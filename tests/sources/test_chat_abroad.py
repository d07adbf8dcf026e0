"""Chats of people who read no English: what clients of IRC say in their language, months of stamps in theirs."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from curation.sources import chat
from curation.sources.chats import irc_abroad, spoken_dates
from curation.sources.chats.irc import messages
from tests.sources.reading import read_all, write

COMES_AND_GOES = {
    "de": ["hat den Server verlassen (Ping timeout)", "heißt jetzt bo", "(b@host) hat #x betreten", "ist dem Kanal beigetreten"],
    "fr": ["a quitté (Quit: bye)", "s'appelle maintenant bo", "(b@host) a rejoint #x", "a quitté le salon #x (au revoir)"],
    "es": ["ha salido (Quit)", "ahora es conocido como bo", "ha entrado en #x", "ha abandonado el canal"],
    "it": ["è uscito (Quit)", "è ora conosciuto come bo", "è entrata in #x"],
    "pt": ["saiu (Quit: tchau)", "agora é conhecido como bo", "entrou em #x", "saiu"],
    "ru": ["вышел (Quit: пока)", "теперь известен как bo", "зашёл на #x", "вышла из сети"],
    "uk": ["вийшов (Quit)", "тепер відомий як bo", "зайшла на #x"],
    "pl": ["wyszedł (Quit: pa)", "jest teraz znany jako bo", "dołączył do #x", "opuściła kanał"],
    "nl": ["heeft #x verlaten (dag)", "is nu bekend als bo"],
    "sv": ["har lämnat servern (Quit)", "är nu känd som bo"],
    "fi": ["poistui (Quit)", "on nyt nimeltään bo", "liittyi kanavalle #x"],
    "cs": ["odešel (Quit)", "je nyní znám jako bo"],
    "tr": ["ayrıldı (Quit)"],
}
RULES = ["gibt ada Operator-Status", "donne le statut d'opérateur à bo", "устанавливает режим +o", "ändert das Thema zu: x"]
ACTIONS = [
    "lacht (laut)", "hat den Kuchen gegessen", "gibt bo einen Keks", "a quitté son travail hier", "saiu do banho",
    "est parti manger une pomme", "è uscito di testa ieri sera", "вышел покурить", "wyszedł z siebie",
    "lähti kauppaan heti aamulla",    "da un abrazo a bo", "heeft honger", "har lämnat tillbaka boken", "zmienia pieluchę",
]  # fmt: skip


@pytest.mark.parametrize("language", COMES_AND_GOES)
def test_who_comes_goes_or_changes_the_name_says_nothing(language: str) -> None:
    for line in COMES_AND_GOES[language]:
        for mark in ("Mar 01 10:03:00 *\t", "[10:03] * "):
            text = f"{mark}ada {line}\n"
            assert [(found.reason, found.text) for found in messages(text, None)] == [("join", "")], line


@pytest.mark.parametrize("line", RULES)
def test_modes_and_topics_are_of_the_server(line: str) -> None:
    assert [found.reason for found in messages(f"Mar 01 10:03:00 *\tChanServ {line}\n", None)] == ["service"]


@pytest.mark.parametrize("line", ACTIONS)
def test_what_people_do_stays(line: str) -> None:
    assert [(found.author, found.text, found.reason) for found in messages(f"Mar 01 10:03:00 *\tada {line}\n", None)] == [
        ("ada", line, "")
    ]


def test_words_behind_three_nicks_with_a_reason_in_brackets_are_the_clients_in_any_language(tmp_path: Path) -> None:
    lines = ["Mar 01 10:00:00 <ada>\tsalam", "Mar 01 10:01:00 <bo>\tsalam ada", "Mar 01 10:02:00 *\tada çay içir (isti)"]
    lines += [f"Mar 01 10:0{3 + number}:00 *\t{nick} serverdən çıxdı (Quit: sağ ol)" for number, nick in enumerate("abc")]
    records, drops = read_all(chat, write(tmp_path, {"2021-03-01.log": "\n".join(lines) + "\n"}))
    assert records[0].text == "ada: salam\nbo: salam ada\nada: çay içir (isti)"
    assert [drop.reason for drop in drops] == ["join"] * 3
    assert irc_abroad.phrases("*\ta x y (z)\n*\ta x y (z)\n*\tb x y (z)\n") == frozenset()


LANGUAGES = str.split(
    "af am ar az az_Cyrl be bg bn bs bs_Cyrl ca cs cy da de de_AT el en es et eu fa fi fil fr gl ha he hi hr hu hy id is it ka "
    "kk kn ky lb lt lv mk ml mr ms mt my nb ne nl nn or pa pl pt ro ru si sk sl so sq sr sr_Latn sv sw ta te tg tk tr tt uk ur "
    "uz uz_Cyrl vi ja ko zh"
)
HIDDEN = {"ca": "ag.", "ha": "Sat"}  # as short as other words, as a Saturday


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_are_told_in_the_words_that_cldr_writes_dates_in(language: str) -> None:
    dates = pytest.importorskip("babel.dates")
    for width in ("full", "long", "medium"):
        for day in (date(2023, month, number) for month in range(1, 13) for number in (4, 13, 22, 27)):
            text = dates.format_date(day, width, locale=language)
            found = spoken_dates.moment(f"{text} 10:11:12")
            is_numeric = re.search(r"[^\W\d_]{2}", text) is None
            is_hidden = HIDDEN.get(language, "-") in text
            assert is_numeric or is_hidden or (found is not None and found.date() == day), text


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("ponedjeljak, 5. lipnja 2023. 10:11", 6), ("5. lip 2023. 10:11", 6), ("5. srp 2023. 10:11", 7),
        ("5. listopada 2023. u 10:11", 10), ("5 listopada 2023 10:11", 11), ("5. listopadu 2023 10:11", 11),
        ("5. srpna 2023 10:11", 8),
        ("5. srpnja 2023 10:11", 7), ("5 lip 2023 10:11", 7), ("5. lis 2023. 10:11", 10), ("5 lis 2023 10:11", 11),
        ("Dydd Mawrth, 5 Ebrill 2023 10:11", 4), ("Dec 5 2023 Sat 10:11", 12), ("5. oktobar 2023. 10:11", 10),
    ],
)  # fmt: skip
def test_months_spelled_alike_are_told_by_the_manner_of_their_language(text: str, month: int) -> None:
    found = spoken_dates.moment(text)
    assert found is not None and (found.month, found.day) == (month, 5)
