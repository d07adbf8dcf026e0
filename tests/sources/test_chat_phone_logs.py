"""Text that telephones, meetings and messengers save: LINE, KakaoTalk, Zoom, sigtop, iMessage, Discord by copy; servers' JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from curation.sources import chat
from curation.sources.chats import phone_logs
from tests.sources.reading import num_messages, read_all, write

LOGS = {
    "line": "[LINE] Chat history with Ada\nSaved on: 2021/03/05 10:00\n\n2021/03/01(Mon)\n10:01\tAda Lo\thello\n"
    '10:02\tBo\t"two\nlines"\n10:03\tBo\t[Photo]\n10:04\tCarl joined the group.\n',
    "line-ja": "[LINE] Adaとのトーク履歴\n保存日時：2021/03/05 10:00\n\n2021/03/01(月)\n午前10:01\tAda Lo\thello\n"
    "午前10:02\tBo\ttwo\nlines\n午前10:03\tBo\t[スタンプ]\n午前10:04\tCarlが参加しました。\n",
    "kakao": "Ada 님과 카카오톡 대화\n저장한 날짜 : 2021-03-05 10:00:00\n\n"
    "--------------- 2021년 3월 1일 월요일 ---------------\n"
    "[Ada Lo] [오전 10:01] hello\n[Bo] [오전 10:02] two\nlines\n[Bo] [오전 10:03] 사진\nCarl님이 들어왔습니다.\n",
    "kakao-phone": "Ada 님과 카카오톡 대화\n저장한 날짜 : 2021년 3월 5일 오전 10:00\n\n2021년 3월 1일 오전 10:01\n"
    "2021년 3월 1일 오전 10:01, Ada Lo : hello\n2021년 3월 1일 오전 10:02, Bo : two\nlines\n"
    "2021년 3월 1일 오전 10:03, Bo : 이모티콘\nCarl님이 나갔습니다.\n",
}


@pytest.mark.parametrize("program", sorted(LOGS))
def test_telephone_log_gives_days_names_and_what_is_no_talk(program: str) -> None:
    assert phone_logs.is_log(LOGS[program])
    found = phone_logs.messages(LOGS[program], None)
    times = [datetime(2021, 3, 1, 10, minute, tzinfo=UTC) for minute in (1, 2)]
    assert [(m.author, m.text) for m in found if not m.reason] == [("Ada Lo", "hello"), ("Bo", "two\nlines")]
    assert [m.time for m in found if not m.reason] == times
    assert [m.reason for m in found if m.reason] == ["media", "join"]


OTHERS = {
    "zoom": (
        "2021-03-01 10.00.00 Call/chat.txt",
        "10:01:02 From Ada Lo to Everyone:\n\thello\n10:02:03 From Bo to Everyone:\n\thi\n",
    ),
    "zoom-old": ("2021-03-01 10.00.00 Call/chat.txt", "10:01:02\t From  Ada Lo : hello\n10:02:03\t From  Bo : hi\n"),
    "sigtop": (
        "a.txt",
        "Conversation: Ada Lo (+100)\n\nFrom: Ada Lo (+100)\nType: incoming\nSent: Mon, 01 Mar 2021 10:01:00 +0000\n"
        "Received: Mon, 01 Mar 2021 10:01:01 +0000\n\nhello\n\nFrom: Bo\nType: outgoing\n"
        "Sent: Mon, 01 Mar 2021 10:02:00 +0000\n\nhi\n\n",
    ),
    "imessage": (
        "a.txt",
        "Mar 01, 2021 10:01:02 AM (Read by you after 1 second)\nAda Lo\nhello\nTapbacks:\nLoved by Bo\n\n"
        "Mar 01, 2021 10:02:02 AM\nBo\nhi\n\n",
    ),
    "discord-copy": ("a.txt", "Ada Lo — 03/01/2021 10:01 AM\nhello\nBo — 03/01/2021 10:02 AM\nhi\n"),
    "skype": ("a.txt", "[3/1/2021 10:01:00 AM] Ada Lo: hello\n[3/1/2021 10:02:00 AM | Edited 10:03:00 AM] Bo: hi\n"),
}


@pytest.mark.parametrize("program", sorted(OTHERS))
def test_talk_saved_as_text_by_a_meeting_or_a_copy_is_read(program: str, tmp_path: Path) -> None:
    name, text = OTHERS[program]
    records, drops = read_all(chat, write(tmp_path, {name: text}))
    assert [record.text for record in records] == ["Ada Lo: hello\nBo: hi"] and not drops
    revised = records[0].revised
    assert revised is not None and (revised.hour, revised.minute) == (10, 2)
    assert program != "sigtop" or "+100" in records[0].speakers


SERVERS: dict[str, Any] = {
    "rocket": {"messages": [
        {"rid": "r", "msg": "hello", "ts": "2021-03-01T10:01:00.000Z", "u": {"_id": "1", "username": "ada", "name": "Ada Lo"}},
        {"rid": "r", "msg": "hi", "ts": {"$date": "2021-03-01T10:02:00.000Z"}, "u": {"_id": "2", "username": "Bo"}},
        {"rid": "r", "t": "uj", "msg": "carl", "ts": "2021-03-01T10:03:00.000Z", "u": {"_id": "3", "username": "carl"}},
    ]},
    "gitter": [
        {"id": "a", "text": "hello", "sent": "2021-03-01T10:01:00.000Z",
         "fromUser": {"username": "ada", "displayName": "Ada Lo"}},
        {"id": "b", "text": "hi", "sent": "2021-03-01T10:02:00.000Z", "fromUser": {"username": "Bo"}},
    ],
    "zulip": {"messages": [
        {"id": 1, "sender_full_name": "Ada Lo", "sender_email": "a@x.example", "content": "<p>hello</p>", "timestamp": 1614592860,
         "subject": "t", "display_recipient": "s"},
        {"id": 2, "sender_full_name": "Bo", "sender_email": "b@x.example", "content": "hi", "timestamp": 1614592920,
         "subject": "t", "display_recipient": "s"},
    ]},
}  # fmt: skip


@pytest.mark.parametrize("server", sorted(SERVERS))
def test_messages_of_a_server_have_names_and_no_roles(server: str, tmp_path: Path) -> None:
    records, drops = read_all(chat, write(tmp_path, {"m.json": json.dumps(SERVERS[server])}))
    assert [record.text for record in records] == ["Ada Lo: hello\nBo: hi"]
    assert [drop.reason for drop in drops] == ["join"] * (server == "rocket")
    assert records[0].revised == datetime(2021, 3, 1, 10, 2, tzinfo=UTC)


def test_slackdump_keeps_the_answers_inside_of_what_they_answer(tmp_path: Path) -> None:
    root = {"type": "message", "ts": "1614600001.000100", "user": "U1", "text": "hello", "thread_ts": "1614600001.000100"}
    answer = {"type": "message", "ts": "1614600002.000100", "user": "U2", "text": "hi", "thread_ts": "1614600001.000100"}
    dump = {"channel_id": "C1", "name": "x", "messages": [{**root, "reply_count": 1, "slackdumpThreadReplies": [answer]}]}
    records, drops = read_all(chat, write(tmp_path, {"C1.json": json.dumps(dump)}))
    assert [record.text for record in records] == ["U1: hello\nU2: hi"] and num_messages(records, drops) == 2


def test_telegram_forum_is_told_apart_by_its_topics(tmp_path: Path) -> None:
    def said(number: int, text: str, answers: int = 0) -> dict[str, Any]:
        more = {"reply_to_message_id": answers} if answers else {}
        return {
            "id": number,
            "type": "message",
            "date": "x",
            "date_unixtime": str(1614592800 + number),
            "from": "Ada",
            "text": text,
            **more,
        }

    opened = {
        "id": 1,
        "type": "service",
        "action": "topic_created",
        "date": "x",
        "date_unixtime": "1614592801",
        "actor": "Ada",
        "text": "",
    }
    rows = [opened, said(2, "in it", 1), said(3, "elsewhere"), said(4, "still in it", 2), said(5, "elsewhere too", 3)]
    dump = {"name": "G", "type": "private_supergroup", "id": 9, "messages": rows}
    records, drops = read_all(chat, write(tmp_path, {"result.json": json.dumps(dump)}))
    assert sorted(record.text for record in records) == ["Ada: elsewhere\nAda: elsewhere too", "Ada: in it\nAda: still in it"]
    assert num_messages(records, drops) == 5


def test_rocket_answer_stands_with_what_it_answers(tmp_path: Path) -> None:
    def said(number: int, text: str, thread: str = "") -> dict[str, Any]:
        more = {"tmid": thread} if thread else {}
        stamp = f"2021-03-01T10:0{number}:00.000Z"
        return {"_id": f"m{number}", "rid": "r", "msg": text, "ts": stamp, "u": {"username": "ada"}, **more}

    rows = [said(1, "a question"), said(2, "aside"), said(3, "an answer", "m1")]
    records, _ = read_all(chat, write(tmp_path, {"m.json": json.dumps(rows)}))
    assert sorted(record.text for record in records) == ["ada: a question\nada: an answer", "ada: aside"]


def test_matrix_thread_holds_the_message_that_opened_it(tmp_path: Path) -> None:
    def said(number: int, text: str, thread: str = "") -> dict[str, Any]:
        content: dict[str, Any] = {"msgtype": "m.text", "body": text}
        if thread:
            content["m.relates_to"] = {"rel_type": "m.thread", "event_id": thread}
        stamp = 1614592800000 + number
        return {
            "type": "m.room.message",
            "sender": "@a:x",
            "origin_server_ts": stamp,
            "event_id": f"$e{number}",
            "content": content,
        }

    dump = {"room_name": "R", "messages": [said(1, "a question"), said(2, "aside"), said(3, "an answer", "$e1")]}
    records, _ = read_all(chat, write(tmp_path, {"e.json": json.dumps(dump)}))
    assert sorted(record.text for record in records) == ["@a:x: a question\n@a:x: an answer", "@a:x: aside"]
