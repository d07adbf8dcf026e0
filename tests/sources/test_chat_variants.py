"""Chat programs' less common dialects: what each writes, and what must come out of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from curation.sources import chat
from curation.sources.chats import irc, whatsapp
from tests.sources.reading import num_messages, read_all, turns, write

LOGS = {
    "eggdrop": (
        "[10:00] --- Mon Jan  1 2024\n[10:00] bo (~bo@host) joined #chan.\n[10:01] <ada> hello there\n[10:02] <bo> hi ada\n"
        "[10:03] Action: bo waves\n[10:04] bo (~bo@host) left irc: Quit\n[10:05] #chan: mode change '+o bo' by ada!a@h\n"
        "[10:05] Nick change: carl -> carla\n[10:06] Topic changed on #chan by ada!a@h: new\n[10:09] carl (c@h) got netsplit.\n"
    ),
    "hexchat": (
        "**** BEGIN LOGGING AT Mon Jan  1 10:00:00 2024\n\nJan 01 10:00:00 *\tNow talking on #chan\n"
        "Jan 01 10:00:00 *\tTopic for #chan is: welcome\nJan 01 10:01:00 <ada>\thello there\nJan 01 10:02:00 <bo>\thi ada\n"
        "Jan 01 10:03:00 *\tbo waves\nJan 01 10:05:00 -NickServ-\tThis nickname is registered.\n"
    ),
    "konversation": (
        "[Monday 01 January 2024] [10:00:00 CET] Join\tbo (~bo@host) has joined this channel.\n"
        "[Monday 01 January 2024] [10:01:00 CET] <ada>\thello there\n[Monday 01 January 2024] [10:02:00 CET] <bo>\thi ada\n"
        "[Monday 01 January 2024] [10:03:00 CET] *\tbo waves\n"
    ),
    "textual": (
        "[2024-01-01T11:00:00+0100] bo (~bo@host) joined the channel\n[2024-01-01T11:01:00+0100] <ada> hello there\n"
        "[2024-01-01T11:02:00+0100] <bo> hi ada\n[2024-01-01T11:03:00+0100] • bo: waves\n"
        "[2024-01-01T11:04:00+0100] ada set the topic\n"
    ),
    "pidgin": (
        "Conversation with #chan at Mon 01 Jan 2024 10:00:00 AM CET on ada@irc.example (irc)\n"
        "(10:00:00 AM) The topic for #chan is: welcome\n(10:00:10 AM) bo [~bo@host] entered the room.\n"
        "(10:01:00 AM) ada: hello there\n(10:02:00 AM) bo: hi ada\n(10:03:00 AM) ***bo waves\n"
        "(10:04:00 AM) bo left the room (quit: Leaving).\n"
    ),
    "quassel": (
        "[2024-01-01 10:00:00] --> bo (~bo@host) has joined #chan\n[2024-01-01 10:01:00] <ada> hello there\n"
        "[2024-01-01 10:02:00] <bo> hi ada\n[2024-01-01 10:03:00] -*- bo waves\n"
        "[2024-01-01 10:05:05] <-> carl is now known as carla\n"
    ),
    "bip": (
        "01-01-2024 10:00:00 -!- bo!~bo@host has joined #chan\n01-01-2024 10:01:00 < ada!~a@h: hello there\n"
        "01-01-2024 10:02:00 > bo: hi ada\n01-01-2024 10:03:00 * bo waves\n"
    ),
    "epoch": ("1704103200 -!- carl has joined\n1704103260 <ada> hello there\n1704103320 <bo> hi ada\n1704103380 * bo waves\n"),
}


@pytest.mark.parametrize("client", sorted(LOGS))
def test_irc_log_of_a_rarer_client_gives_talk_actions_and_nothing_of_the_program(client: str) -> None:
    assert irc.is_log(LOGS[client])
    found = irc.messages(LOGS[client], None)
    assert [(m.author, m.text) for m in found if not m.reason] == [("ada", "hello there"), ("bo", "hi ada"), ("bo", "waves")]
    assert len(found) == len([line for line in LOGS[client].split("\n") if line.strip()])
    assert {m.reason for m in found} <= {"", "join", "service"}
    hello = next(m for m in found if m.text == "hello there")
    assert hello.time == datetime(2024, 1, 1, 10, 1, tzinfo=UTC)


def test_irc_log_without_any_time_is_known_by_its_marks_and_nicks() -> None:
    said = "<ada> hello\n<bo> hi\n* bo waves\n"
    text = f"--> bo (~b@h) has joined #x\n{said}--- ada gives channel operator status to bo\n<-- bo has quit\n"
    assert irc.is_log(text)
    assert [m.reason for m in irc.messages(text, None)] == ["join", "", "", "", "service", "join"]


def test_pidgin_message_of_several_lines_stays_one() -> None:
    text = "Conversation with bo at 2024-01-01 10:00:00 on ada (jabber)\n(10:01:00) Ada Lo: one\ntwo\n(10:02:00) Bo Re: three\n"
    assert [(m.author, m.text) for m in irc.messages(text, None) if not m.reason] == [("Ada Lo", "one\ntwo"), ("Bo Re", "three")]


STAMPS = {
    "zh": "2023/12/31 下午9:06 - ",
    "zh-ios": "[2023/12/31 下午9:06:00] ",
    "ko": "2023. 12. 31. 오후 9:06 - ",
    "bg": "31.12.23 г., 21:06 ч. - ",
    "hi": "31/12/23, 9:06 अपराह्न - ",
    "es": "31/12/23, 9:06\u202fp.\u202fm. - ",
    "fr": "31/12/2023 à 21:06 - ",
    "ar": "٣١\u200f/١٢\u200f/٢٠٢٣، ٩:٠٦ م - ",
    "fa": "۱۴۰۲/۱۰/۱۰،\u200f ۲۱:۰۶ - ",
    "th": "31/12/2566 21:06 - ",
    "da": "31.12.2023 21.06 - ",
}


@pytest.mark.parametrize("locale", sorted(STAMPS))
def test_whatsapp_stamp_of_any_locale_names_the_same_minute(locale: str) -> None:
    text = f"{STAMPS[locale]}Ada: one\n{STAMPS[locale]}Bo: two\n"
    assert whatsapp.is_chat(text)
    assert [(m.author, m.text, m.time) for m in whatsapp.messages(text)] == [
        ("Ada", "one", datetime(2023, 12, 31, 21, 6, tzinfo=UTC)),
        ("Bo", "two", datetime(2023, 12, 31, 21, 6, tzinfo=UTC)),
    ]


@pytest.mark.parametrize(
    ("body", "text", "reason"),
    [
        ('Ada Lo created group "Trip: 2024"', "", "service"),
        ("Ada: null", "", "media"),
        ("Ada: Missed voice call", "", "media"),
        ("Ada: location: https://maps.example/?q=1,2", "", "media"),
        ("Ada: Waiting for this message. This may take a while.", "", "encrypted"),
        ("Ada: IMG-20240101-WA0001.jpg (file attached)\nlook at this", "look at this", ""),
        ("Ada: see you <This message was edited>", "see you", ""),
        ("Ada: null and void", "null and void", ""),
    ],
)
def test_whatsapp_lines_of_the_program_are_no_talk(body: str, text: str, reason: str) -> None:
    found = whatsapp.messages(f"1/13/24, 10:00 AM - {body}\n")
    assert [(m.text, m.reason) for m in found] == [(text, reason)]


@pytest.mark.parametrize(
    ("body", "text", "reason"),
    [
        ("Ada: \u200eimage omitted", "", "media"),
        ("Ada: report.pdf • \u200e3 pages \u200edocument omitted", "", "media"),
        ("Ada: \u200evideo omitted\na caption", "a caption", ""),
        ("Ada: see you \u200e<This message was edited>", "see you", ""),
        ("Ada: hi \u2068@Bo\u2069 there", "hi @Bo there", ""),
        (f"Family: \u200eMessages are {'end-to-end ' * 12}encrypted.", "", "service"),
    ],
)
def test_whatsapp_direction_mark_of_ios_begins_what_nobody_wrote(body: str, text: str, reason: str) -> None:
    found = whatsapp.messages(f"\u200e[13/01/2024, 10:00:00] {body}\n[13/01/2024, 10:01:00] Bo: yes\n")
    assert [(m.text.strip(), m.reason) for m in found] == [(text, reason), ("yes", "")]


ELEMENT = (
    "Mon, Jan 1, 2024, 10:00:00 AM - Ada joined the room\nMon, Jan 1, 2024, 10:01:00 AM - Ada: hello\nsecond line\n"
    'Mon, Jan 1, 2024, 1:02:00 PM - Bo: <Ada "hello"> hi there\nMon, Jan 1, 2024, 1:03:00 PM - * Bo waves\n'
    "Mon, Jan 1, 2024, 1:04:00 PM - Bo sent an image. (Media omitted)\n"
)


def _tile(name: str, body: str) -> str:
    profile = (
        f'<div class="mx_DisambiguatedProfile"><span class="mx_DisambiguatedProfile_displayName">{name}</span></div>' * bool(name)
    )
    stamp = '<span class="mx_MessageTimestamp" title="Mon, Jan 1 2024 10:01:00">10:01</span>'
    return f'<div class="mx_Export_EventWrapper"><li class="mx_EventTile">{profile}{stamp}{body}</li></div>'


def _said(words: str) -> str:
    return f'<div class="mx_MTextBody mx_EventTile_content"><span class="mx_EventTile_body">{words}</span></div>'


def test_element_text_and_page_give_names_days_and_actions(tmp_path: Path) -> None:
    page = "<!DOCTYPE html><html><body><ol>" + _tile("Ada", _said("hello<br>second line")) + _tile("", _said("more")) + _tile(
        "Bo", '<div class="mx_ReplyChain">' + _said("hello") + "</div>" + _said("hi")
    ) + _tile("Bo", '<img src="a.png">') + "</ol></body></html>"  # fmt: skip
    records, drops = read_all(chat, write(tmp_path, {"a.txt": ELEMENT, "b/messages.html": page}))
    assert {record.text for record in records} == {
        "Ada: hello\nsecond line",
        "Bo: hi there\nBo: waves",
        "Ada: hello\nsecond line\nAda: more\nBo: hi",
    }
    assert sorted(drop.reason for drop in drops) == ["media", "media", "service"]
    assert {record.revised.date() for record in records if record.revised} == {date(2024, 1, 1)}


def _events(tmp_path: Path, content: Any, name: str = "x.json") -> tuple[list[str], list[str], int]:
    text = content if isinstance(content, str) else json.dumps(content)
    records, drops = read_all(chat, write(tmp_path, {name: text}))
    return [record.text for record in records], sorted(drop.reason for drop in drops), num_messages(records, drops)


def test_slack_bots_by_user_and_words_in_blocks_alone(tmp_path: Path) -> None:
    def said(number: int, **more: Any) -> dict[str, Any]:
        return {"type": "message", "ts": f"170410000{number}.000100", "text": "", **more}

    words = [
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "in blocks"}]}]}
    ]
    day = [
        said(0, user="U1", text="hello"),
        said(1, user="UB", text="beep"),
        said(2, user="USLACKBOT", text="Reminder"),
        said(3, user="U1", blocks=words),
        said(4, subtype="message_changed", message={"text": "new"}),
    ]
    users = [
        {"id": "U1", "name": "ada", "profile": {}},
        {"id": "UB", "name": "botty", "is_bot": True, "profile": {"real_name": "Botty"}},
    ]
    records, drops = read_all(
        chat, write(tmp_path, {"users.json": json.dumps(users), "general/2024-01-01.json": json.dumps(day)})
    )
    assert [record.text for record in records] == ["ada: hello\nada: in blocks"]
    assert sorted(drop.reason for drop in drops) == ["bot", "bot", "edit", "metadata"]
    assert not any("\0" in name for event in (*records, *drops) for name in event.speakers)


def test_discord_other_json_keeps_types_mentions_and_own_data(tmp_path: Path) -> None:
    def said(number: int, kind: int, content: str, **author: Any) -> dict[str, Any]:
        person = {"id": str(number), "username": f"user{number}", **author}
        when = f"2024-01-01T10:0{number}:00+00:00"
        mentions = [{"id": "1", "username": "ada"}]
        return {
            "id": f"m{number}",
            "type": kind,
            "content": content,
            "channel_id": "5",
            "author": person,
            "timestamp": when,
            "mentions": mentions,
        }

    listed = [said(1, 0, "hello"), said(2, 7, ""), said(3, 0, "beep", bot=True), said(4, 19, "hi <@1>", global_name="Bo")]
    assert _events(tmp_path / "a", listed) == (["user1: hello\nBo: hi @ada"], ["bot", "join"], 4)
    own = [{"ID": 1, "Timestamp": "2024-01-01 10:00:00", "Contents": "mine", "Attachments": ""}]
    assert _events(tmp_path / "b", own)[:2] == (["mine"], [])
    assert _events(tmp_path / "c", "ID,Timestamp,Contents,Attachments\n1,2024-01-01 10:00:00,mine,\n", "m.csv")[:2] == (
        ["mine"],
        [],
    )
    assert _events(tmp_path / "d", {"id": "5", "type": 0, "name": "general"})[1] == ["metadata"]


def test_messenger_lines_of_the_program_are_no_talk_in_any_language(tmp_path: Path) -> None:
    def said(number: int, text: str, **more: Any) -> dict[str, Any]:
        return {
            "sender_name": "Ada Lo",
            "timestamp_ms": 1704100000000 + number,
            "content": text.encode().decode("latin-1"),
            **more,
        }

    lines = [
        said(0, "Ça va?"), said(1, "Ada Lo named the group X."), said(2, "Ada Lo a nommé le groupe X."),
        said(3, "Ada Lo sent an attachment.", share={"link": "x"}), said(4, "A réagi ❤ à votre message "),
        said(5, "Ada Lo is what they call me"),
    ]  # fmt: skip
    dump = {"participants": [{"name": "Ada Lo"}, {"name": "Bo"}], "messages": lines, "thread_path": "inbox/x"}
    texts, reasons, count = _events(tmp_path, dump, "message_1.json")
    assert texts == ["Ada Lo: Ça va?\nAda Lo: Ada Lo is what they call me"]
    assert (reasons, count) == (["media", "reaction", "service", "service"], 6)


def test_telegram_empty_chat_is_empty_and_a_bot_is_a_bot(tmp_path: Path) -> None:
    assert _events(tmp_path / "a", {"name": "X", "type": "personal_chat", "id": 1, "messages": []})[1] == ["empty"]

    def said(who: int, text: str) -> dict[str, Any]:
        return {
            "id": who,
            "type": "message",
            "date": "2024-01-01T10:00:00",
            "from": f"p{who}",
            "from_id": f"user{who}",
            "text": text,
        }

    chats = {
        "chats": {"list": [{"name": "B", "type": "bot_chat", "id": 7, "messages": [said(7, "I can help"), said(8, "do so")]}]}
    }
    assert _events(tmp_path / "b", chats) == (["p8: do so"], ["bot"], 2)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"instruction": "do", "context": "with this", "response": "done"}, [("user", "do\n\nwith this"), ("assistant", "done")]),
        ({"log": [{"text": "hi", "metadata": {}}, {"text": "ho", "metadata": {}}]}, [("user", "hi"), ("assistant", "ho")]),
        (
            {"turns": [{"speaker": "USER", "utterance": "hi"}, {"speaker": "SYSTEM", "utterance": "ho"}]},
            [("user", "hi"), ("assistant", "ho")],
        ),
        (
            {"prompt": "p", "chosen": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "ho"}]},
            [("user", "hi"), ("assistant", "ho")],
        ),
        (
            {"chosen": "\n\nHuman: hi\n\nAssistant: ho", "rejected": "\n\nHuman: hi\n\nAssistant: no"},
            [("user", "hi"), ("assistant", "ho")],
        ),
    ],
    ids=["context", "log", "system-answers", "chosen-list", "chosen-text"],
)
def test_dialogue_set_of_another_shape_becomes_turns(row: dict[str, Any], said: list[tuple[str, str]], tmp_path: Path) -> None:
    records, drops = read_all(chat, write(tmp_path, {"x.jsonl": f"{json.dumps(row)}\n{json.dumps(row)}\n"}))
    assert [turns(record) for record in records] == [said, said] and not drops


def test_dialogue_with_a_list_of_speakers_keeps_their_names(tmp_path: Path) -> None:
    row = {"dialogue": ["hi", "ho"], "speakers": ["Ada", "Bo"]}
    assert _events(tmp_path, [row, row])[0] == ["Ada: hi\nBo: ho"] * 2
