"""WhatsApp and IRC: lines of text in many dialects."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from curation.sources import chat
from curation.sources.chats import irc, whatsapp
from tests.sources.reading import num_messages, read_all, write

ANDROID_US = (
    "3/1/21, 10:00 AM - Messages and calls are end-to-end encrypted.\n"
    "3/1/21, 10:01 AM - Ada: First\nsecond line\n3/14/21, 9:02 PM - Bo: <Media omitted>\n"
    "3/14/21, 9:03 PM - Bo: Last\n"
)
ANDROID_DE = (
    "01.03.21, 10:01 - Ada: Erstens\n14.03.21, 21:03 - Bo: Zuletzt\n14.03.21, 21:04 - Bo: Diese Nachricht wurde gelöscht.\n"
)
IOS = (
    "\u200e[01/03/2021, 10:01:02] Ada: Premier\n"
    "\u200e[01/03/2021, 10:02:00] Bo: \u200eimage absente\n[14/03/2021, 21:03:00] Bo: Dernier\n"
)
IOS_HALVES = "[2021-03-01, 10:01:02\u202fAM] Ada: One\n[2021-03-01, 9:03:00\u202fPM] Bo: Two\n"


@pytest.mark.parametrize(
    ("text", "said", "reasons"),
    [
        (ANDROID_US, [("Ada", "First\nsecond line", 10), ("Bo", "Last", 21)], ["media", "service"]),
        (ANDROID_DE, [("Ada", "Erstens", 10), ("Bo", "Zuletzt", 21)], ["deleted"]),
        (IOS, [("Ada", "Premier", 10), ("Bo", "Dernier", 21)], ["media"]),
        (IOS_HALVES, [("Ada", "One", 10), ("Bo", "Two", 21)], []),
    ],
    ids=["android-us", "android-de", "ios-fr", "ios-iso-halves"],
)
def test_whatsapp_chat_of_any_locale_gives_names_texts_and_hours(
    text: str, said: list[tuple[str, str, int]], reasons: list[str]
) -> None:
    assert whatsapp.is_chat(text)
    found = whatsapp.messages(text)
    assert [(m.author, m.text, m.time.hour if m.time else None) for m in found if not m.reason] == said
    assert sorted(m.reason for m in found if m.reason) == reasons
    assert {m.time.date() for m in found if m.time and m.author == "Ada"} == {date(2021, 3, 1)}


def test_whatsapp_ambiguous_dates_take_the_order_that_only_grows() -> None:
    days = ["1/2/21", "2/2/21", "3/2/21"]
    found = whatsapp.messages("".join(f"{day}, 10:00 - Ada: x{day}\n" for day in days))
    assert [m.time.month for m in found if m.time] == [2, 2, 2]


IRC = {
    "irssi": (
        "--- Log opened Mon Mar 01 09:00:00 2021\n10:00 -!- bo [b@host] has joined #x\n"
        "10:01 <@ada> hello there\n10:02 < bo> hi ada\n10:03  * ada waves\n"
    ),
    "weechat": (
        "2021-03-01 10:00:00\t-->\tbo (b@host) has joined #x\n"
        "2021-03-01 10:01:00\tada\thello there\n2021-03-01 10:02:00\tbo\thi ada\n"
        "2021-03-01 10:03:00\t *\tada waves\n"
    ),
    "znc": "[10:00:00] *** Joins: bo (b@host)\n[10:01:00] <ada> hello there\n[10:02:00] <bo> hi ada\n[10:03:00] * ada waves\n",
    "hexchat": (
        "**** BEGIN LOGGING AT Mon Mar  1 09:00:00 2021\n"
        "Mar 01 10:00:00 *\tbo (b@host) has joined\nMar 01 10:01:00 <ada>\thello there\n"
        "Mar 01 10:02:00 <bo>\thi ada\nMar 01 10:03:00 *\tada waves\n"
    ),
    "limnoria": (
        "2021-03-01T10:00:00  *** bo <b@host> has joined #x\n"
        "2021-03-01T10:01:00  <ada> hello there\n2021-03-01T10:02:00  <bo> hi ada\n"
        "2021-03-01T10:03:00  * ada waves\n"
    ),
}


@pytest.mark.parametrize("client", sorted(IRC))
def test_irc_log_of_each_client_gives_the_same_talk(client: str) -> None:
    assert irc.is_log(IRC[client])
    found = irc.messages(IRC[client], date(2021, 3, 1))
    said = [(m.author, m.text) for m in found if not m.reason]
    assert said[:2] == [("ada", "hello there"), ("bo", "hi ada")]
    assert found[-1].author == "ada" or found[-1].reason == "service"
    assert "join" in [m.reason for m in found]
    hello = next(m for m in found if m.text == "hello there")
    assert hello.time == datetime(2021, 3, 1, 10, 1, tzinfo=UTC)


def test_irc_clock_that_runs_backwards_begins_a_new_day() -> None:
    found = irc.messages("[23:59:00] <ada> late\n[00:01:00] <bo> early\n", date(2021, 3, 1))
    assert [m.time.day for m in found if m.time] == [1, 2]


def test_irc_daily_files_are_one_conversation_over_midnight(tmp_path: Path) -> None:
    files = {
        "x/2021-03-01.log": "[23:50] <ada> is anyone here\n[23:55] <bo> me\n",
        "x/2021-03-02.log": "[00:05] <ada> good\n[00:06] <bo> night\n",
    }
    records, drops = read_all(chat, write(tmp_path, files))
    assert [record.text.count("\n") for record in records] == [3]
    assert num_messages(records, drops) == 4


def test_irc_log_named_after_a_person_hands_them_on_with_every_line(tmp_path: Path) -> None:
    log = "[10:00] <ada> hello\n[10:01] * Bo_ has joined\n[10:02] <Bo_> hi\n[10:03] <carl> who is there\n"
    records, drops = read_all(
        chat, write(tmp_path, {"bo_.log": log, "carol.log": "[10:00] <ada> hello\n[10:01] * x has joined\n"})
    )
    events = [event for event in (*records, *drops) if event.origin.startswith("bo_")]
    assert len(events) == 2
    assert all("Bo_" in event.speakers for event in events)
    assert not any("Bo_" in event.speakers for event in (*records, *drops) if event.origin.startswith("carol"))


def test_irc_conversations_end_at_a_long_pause(tmp_path: Path) -> None:
    log = "[10:00] <ada> one two\n[10:05] <bo> three four\n[18:00] <ada> five six\n[18:05] <bo> seven\n"
    records, _ = read_all(chat, write(tmp_path, {"2021-03-01.txt": log}), max_pause_minutes=60)
    assert [record.text for record in records] == ["ada: one two\nbo: three four", "ada: five six\nbo: seven"]
    assert next(record.work for record in records) == [record.work for record in records][1]
    assert [record.ordinal for record in records] == [0, 1]


def test_chat_prose_is_no_chat(tmp_path: Path) -> None:
    records, drops = read_all(chat, write(tmp_path, {"letter.txt": "Dear all,\n\nnothing here is a log.\nRegards: none.\n"}))
    assert not records and [drop.reason for drop in drops] == ["unknown_format"]
