"""Exports of a whole account that are too large to be read at once, or cut short: no chat of them is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from curation.sources import chat
from curation.sources.chats import files, json_pieces, json_walk
from tests.sources.reading import num_messages, read_all, write


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "WHOLE_JSON_BYTES", 4000)
    monkeypatch.setattr(json_pieces, "MESSAGES_AT_ONCE", 7)


def account(count: int = 40) -> str:
    def said(chat_number: int, i: int) -> dict[str, Any]:
        return {"id": i, "type": "message", "date_unixtime": str(1614592800 + i), "from": f"P{chat_number}", "text": f"w{i} ]}}"}

    chats = [
        {"name": f"C{n}", "type": "personal_chat", "id": n, "messages": [said(n, i) for i in range(count)]} for n in range(1, 4)
    ]
    contacts = [{"first_name": "Ada", "phone_number": "00"} for _ in range(2000)]
    return json.dumps({"about": "x", "contacts": {"list": contacts}, "chats": {"about": "y", "list": chats}}, indent=1)


def test_account_larger_than_is_read_whole_gives_every_message_of_every_chat(tmp_path: Path) -> None:
    records, drops = read_all(chat, write(tmp_path, {"result.json": account()}))
    assert num_messages(records, drops) == 120 and not drops
    assert len({record.origin for record in records}) == len(records)
    assert [record.text.partition(":")[0] for record in records] == ["P1", "P2", "P3"]


def test_account_cut_short_keeps_all_before_the_cut(tmp_path: Path) -> None:
    text = account()
    cut = text.index('"w20 ', text.index('"C3"'))
    records, drops = read_all(chat, write(tmp_path, {"result.json": text[:cut]}))
    assert num_messages(records, []) == 100
    assert [drop.reason for drop in drops] == ["truncated"]


def test_large_messenger_chat_gives_each_message_a_place_of_its_own(tmp_path: Path) -> None:
    said = [{"sender_name": "Ada", "timestamp_ms": 1614592800000 + i, "content": "hello" * (i % 2)} for i in range(200)]
    dump = {"participants": [{"name": "Ada"}], "messages": said, "title": "x"}
    records, drops = read_all(chat, write(tmp_path, {"message_1.json": json.dumps(dump, indent=1)}))
    assert num_messages(records, drops) == 200
    origins = [record.origin for record in records] + [drop.origin for drop in drops]
    assert len(set(origins)) == len(origins)


def test_hangouts_larger_than_is_read_whole_keeps_the_names_of_its_people(tmp_path: Path) -> None:
    def conversation(number: int) -> dict[str, Any]:
        people = [{"id": {"gaia_id": f"{number}"}, "fallback_name": f"Person {number}"}]
        about = {"conversation_id": {"id": f"C{number}"}, "conversation": {"participant_data": people}}
        segment = {"type": "TEXT", "text": "hello"}
        events = [
            {
                "sender_id": {"gaia_id": f"{number}"},
                "timestamp": str(1614592800000000 + i),
                "chat_message": {"message_content": {"segment": [segment]}},
            }
            for i in range(30)
        ]
        return {"conversation": about, "events": events}

    dump = {"conversations": [conversation(n) for n in range(1, 4)]}
    records, drops = read_all(chat, write(tmp_path, {"Hangouts.json": json.dumps(dump)}))
    assert num_messages(records, drops) == 90 and not drops
    assert [record.text.partition(":")[0] for record in records] == ["Person 1", "Person 2", "Person 3"]
    assert len({record.origin for record in records}) == 3


def test_discord_history_larger_than_is_read_whole_is_that_of_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = {"5": {"name": "ada"}, "6": {"name": "bo"}}
    known = {f"{n}": {"server": 0, "name": f"c{n}"} for n in range(3)}
    meta = {"users": users, "userindex": ["5", "6"], "servers": [{"name": "Salt"}], "channels": known}
    rows = {f"{i}": {"u": i % 2, "t": 1614592800000 + 1000 * i, "m": f"word {i}" * (i % 9 > 0)} for i in range(50)}
    dump = json.dumps({"meta": meta, "data": {f"{n}": rows for n in range(3)}})
    walked = read_all(chat, write(tmp_path / "a", {"dht.json": dump}))
    monkeypatch.setattr(files, "WHOLE_JSON_BYTES", 32 << 20)
    assert walked == read_all(chat, write(tmp_path / "b", {"dht.json": dump})) and len(walked[0]) == 3
    assert num_messages(*walked) == 150


def test_members_around_the_messages_are_held_up_to_a_record_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_walk, "MAX_RECORD_BYTES", 2000)
    dump = {f"key{i}": "x" * 100 for i in range(60)} | {"messages": []}
    records, drops = read_all(chat, write(tmp_path, {"m.json": json.dumps(dump, indent=1)}))
    assert not records and [drop.reason for drop in drops] == ["record_too_large"]


def test_long_list_of_conversations_gives_each_a_place_of_its_own(tmp_path: Path) -> None:
    talks = [{"conversations": [{"from": "human", "value": f"q{i} " * 9}, {"from": "gpt", "value": "a" * 80}]} for i in range(40)]
    records, drops = read_all(chat, write(tmp_path, {"set.json": json.dumps(talks, indent=1)}))
    assert not drops and len({record.origin for record in records}) == len({record.work for record in records}) == 40
