"""Exports in JSON of a whole account, and messages in envelopes: Hangouts, Skype and Teams, Signal, Mattermost, Instagram."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from curation.sources import chat
from tests.sources.reading import num_messages, read_all, write


def texts_and_reasons(folder: Path, name: str, content: Any) -> tuple[list[str], list[str], set[str]]:
    text = content if isinstance(content, str) else json.dumps(content)
    records, drops = read_all(chat, write(folder, {name: text}))
    speakers = {name for record in records for name in record.speakers}
    assert all(record.revised for record in records)
    assert num_messages(records, drops) == sum(map(messages_of, records)) + sum("#" in drop.origin for drop in drops)
    return [record.text for record in records], sorted(drop.reason for drop in drops), speakers


def messages_of(record: Any) -> int:
    return 1 + int(record.origin.rpartition("+")[2]) if "+" in record.origin else 1


def hangouts_event(number: int, kind: str, **more: Any) -> dict[str, Any]:
    person = {"gaia_id": str(100 + number % 2), "chat_id": str(100 + number % 2)}
    return {
        "sender_id": person,
        "timestamp": str(1614592800000000 + number),
        "event_id": f"e{number}",
        "event_type": kind,
        **more,
    }


def hangouts_said(*segments: str) -> dict[str, Any]:
    parts = [{"type": "LINE_BREAK", "text": "\n"} if each == "\n" else {"type": "TEXT", "text": each} for each in segments]
    return {"message_content": {"segment": parts}}


HANGOUTS_PEOPLE = [
    {"id": {"gaia_id": "100", "chat_id": "100"}, "fallback_name": "Ada Lo"},
    {"id": {"gaia_id": "101", "chat_id": "101"}, "fallback_name": "Bo"},
]
HANGOUTS_EVENTS = [
    hangouts_event(2, "REGULAR_CHAT_MESSAGE", chat_message=hangouts_said("hello", "\n", "there")),
    hangouts_event(3, "REGULAR_CHAT_MESSAGE", chat_message=hangouts_said("hi")),
    hangouts_event(4, "ADD_USER", membership_change={"type": "JOIN"}),
    hangouts_event(5, "HANGOUT_EVENT", hangout_event={"event_type": "START_HANGOUT"}),
    hangouts_event(6, "REGULAR_CHAT_MESSAGE", chat_message={"message_content": {"attachment": [{}]}}),
]


@pytest.mark.parametrize("is_old", [False, True])
def test_hangouts_of_either_shape_gives_names_and_lines(is_old: bool, tmp_path: Path) -> None:
    inner = {"conversation_id": {"id": "C1"}, "conversation": {"id": {"id": "C1"}, "participant_data": HANGOUTS_PEOPLE}}
    new = {"conversations": [{"conversation": inner, "events": HANGOUTS_EVENTS}]}
    state = {"conversation_id": {"id": "C1"}, "conversation": {"participant_data": HANGOUTS_PEOPLE}, "event": HANGOUTS_EVENTS}
    old = {"conversation_state": [{"conversation_id": {"id": "C1"}, "conversation_state": state}]}
    texts, reasons, speakers = texts_and_reasons(tmp_path, "Hangouts.json", old if is_old else new)
    assert texts == ["Ada Lo: hello\nthere\nBo: hi"]
    assert reasons == ["join", "media", "service"] and {"100", "Ada Lo"} <= speakers


def test_skype_export_of_an_account_is_turned_round_and_loses_its_markup(tmp_path: Path) -> None:
    def said(number: int, who: str, kind: str, content: str, **more: Any) -> dict[str, Any]:
        when = f"2021-03-01T10:0{number}:00.123Z"
        return {"id": str(number), "originalarrivaltime": when, "from": who, "messagetype": kind, "content": content, **more}

    rows = [
        said(7, "8:live:ada", "RichText", "gone", properties={"deletetime": "1"}),
        said(6, "28:bot", "RichText", "beep"),
        said(5, "8:bo", "RichText/UriObject", "<URIObject>x</URIObject>"),
        said(4, "8:bo", "ThreadActivity/AddMember", "<addmember/>"),
        said(3, "8:bo", "Event/Call", "<partlist/>"),
        said(2, "8:bo", "RichText", '<quote author="ada"><legacyquote>[1] ada: </legacyquote>hello</quote>me &amp; <b>you</b>'),
        said(1, "8:live:ada", "Text", "hello", displayName="Ada Lo"),
    ]
    dump = {"userId": "8:live:ada", "conversations": [{"id": "8:bo", "displayName": "Bo Li", "MessageList": rows}]}
    texts, reasons, speakers = texts_and_reasons(tmp_path, "messages.json", dump)
    assert texts == ["Ada Lo: hello\nBo Li: me & you"]
    assert reasons == ["bot", "deleted", "join", "media", "service"]
    assert {"8:bo", "bo", "live:ada", "Ada Lo", "Bo Li"} <= speakers


def test_teams_list_of_graph_keeps_threads_and_names_whom_it_mentions(tmp_path: Path) -> None:
    def said(number: int, name: str, content: str, **more: Any) -> dict[str, Any]:
        sender = {"user": {"displayName": name, "id": f"u{number}"}} if name else {"application": {"displayName": "Bot"}}
        body = {"contentType": "html", "content": content}
        when = f"2021-03-01T10:0{number}:00.1Z"
        return {"id": str(number), "createdDateTime": when, "messageType": "message", "from": sender, "body": body, **more}

    rows = [
        said(1, "Ada Lo", "<p>a question</p>"), said(2, "Bo", '<p>an <at id="0">Ada</at> answer</p>', replyToId="1"),
        said(3, "", "beep"), said(4, "Bo", "", messageType="systemEventMessage"), said(5, "Bo", "more", replyToId="1"),
    ]  # fmt: skip
    texts, reasons, _ = texts_and_reasons(tmp_path, "chat.json", {"@odata.context": "x", "value": rows})
    assert sorted(texts) == ["Ada Lo: a question\nBo: an Ada answer\nBo: more"] and reasons == ["bot", "service"]


def test_signal_envelopes_and_rows_give_both_sides_of_a_talk(tmp_path: Path) -> None:
    def envelope(number: int, **more: Any) -> str:
        about = {"source": "+100", "sourceNumber": "+100", "sourceName": "Ada Lo", "timestamp": 1614592800000 + number}
        return json.dumps({"envelope": {**about, **more}, "account": "+200"})

    stamp = 1614592800000
    lines = [
        envelope(1, dataMessage={"timestamp": stamp + 1, "message": "hello"}),
        envelope(2, receiptMessage={"when": stamp}),
        envelope(3, dataMessage={"timestamp": stamp + 3, "message": None, "reaction": {"emoji": "x"}}),
        envelope(4, dataMessage={"timestamp": stamp + 4, "message": None, "attachments": [{"id": "a"}]}),
        envelope(5, dataMessage={"timestamp": stamp + 5, "message": "still there?"}),
    ]
    texts, reasons, speakers = texts_and_reasons(tmp_path / "cli", "signal.jsonl", "\n".join(lines) + "\n")
    assert texts == ["Ada Lo: hello\nAda Lo: still there?"] and reasons == ["media", "reaction", "service"]
    assert "+100" in speakers

    def row(number: int, kind: str, body: str | None) -> dict[str, Any]:
        return {
            "id": f"r{number}",
            "type": kind,
            "body": body,
            "sent_at": stamp + number,
            "source": "+100",
            "conversationId": "c1",
        }

    rows = [row(1, "incoming", "hello"), row(2, "outgoing", "hi"), row(3, "keychange", None)]
    assert texts_and_reasons(tmp_path / "top", "a.json", rows)[:2] == (["+100: hello\nme: hi"], ["service"])


def test_mattermost_lines_keep_answers_with_what_they_answer(tmp_path: Path) -> None:
    def post(number: int, user: str, message: str, **more: Any) -> dict[str, Any]:
        return {"user": user, "message": message, "create_at": 1614592800000 + number, "channel": "town", "team": "t", **more}

    answered = post(2, "ada", "a question", replies=[post(3, "bo", "an answer")])
    rows = [
        {"type": "version", "version": 1},
        {"type": "user", "user": {"username": "ada", "email": "a@x.org"}},
        {"type": "post", "post": post(1, "ada", "hello")},
        {"type": "post", "post": answered},
        {"type": "post", "post": post(4, "bo", "hi")},
    ]
    texts, reasons, _ = texts_and_reasons(tmp_path, "export.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert texts == ["ada: hello\nbo: hi", "ada: a question\nbo: an answer"] and reasons == ["metadata", "metadata"]


def test_instagram_inbox_is_read_as_messengers(tmp_path: Path) -> None:
    rows = [
        {"sender_name": "bo", "timestamp_ms": 1614592803000, "content": "Liked a message"},
        {"sender_name": "bo", "timestamp_ms": 1614592802000, "share": {"link": "x"}, "content": "bo sent an attachment."},
        {"sender_name": "ada.lo", "timestamp_ms": 1614592801000, "content": "na\u00c3\u00afve?", "reactions": [{"actor": "bo"}]},
    ]
    dump = {"participants": [{"name": "ada.lo"}, {"name": "bo"}], "messages": rows, "title": "bo", "thread_path": "inbox/bo_1"}
    assert texts_and_reasons(tmp_path, "message_1.json", dump)[:2] == (["ada.lo: naïve?"], ["media", "reaction"])


def test_discord_history_names_people_and_channels_by_their_numbers(tmp_path: Path) -> None:
    meta = {
        "users": {"5": {"name": "ada"}, "6": {"name": "bo"}},
        "userindex": ["5", "6"],
        "servers": [{"name": "Salt", "type": "SERVER"}],
        "channels": {"9": {"server": 0, "name": "general"}},
    }
    rows = {
        "112": {"u": 1, "t": 1614592810000, "m": "hi <@5>"},
        "111": {"u": 0, "t": 1614592800000, "m": "hello"},
        "113": {"u": 1, "t": 1614592820000, "a": [{"url": "x"}]},
    }
    texts, reasons, speakers = texts_and_reasons(tmp_path, "dht.json", {"meta": meta, "data": {"9": rows}})
    assert texts == ["ada: hello\nbo: hi @ada"] and reasons == ["media"] and {"5", "6"} <= speakers
