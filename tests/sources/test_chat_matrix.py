"""What a Matrix server answers (`/messages`, `/sync`, lists of events), kept as files: rooms apart, names from the state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from curation.sources import chat
from curation.sources.chats import answers, files, json_pieces
from tests.sources.reading import num_messages, read_all, write

STAMP = 1614592800000


def event(number: int, kind: str = "m.room.message", room: str = "", sender: str = "ada", **content: Any) -> dict[str, Any]:
    about = {"event_id": f"$e{number}", "sender": f"@{sender}:x.org", "origin_server_ts": STAMP + 1000 * number, "type": kind}
    return {**about, "content": content, **({"room_id": room} if room else {})}


def said(number: int, body: str, sender: str = "ada", room: str = "") -> dict[str, Any]:
    return event(number, sender=sender, room=room, msgtype="m.text", body=body)


def member(number: int, sender: str, name: str) -> dict[str, Any]:
    return {**event(number, "m.room.member", sender=sender, membership="join", displayname=name), "state_key": f"@{sender}:x.org"}


def room(*timeline: dict[str, Any]) -> dict[str, Any]:
    state = [member(0, "ada", "Ada Lo"), event(0, "m.room.create")]
    return {"state": {"events": state}, "timeline": {"events": list(timeline), "limited": True, "prev_batch": "t1"}, "unread": {}}


SYNC = {
    "next_batch": "s1",
    "account_data": {"events": []},
    "presence": {"events": [{"type": "m.presence", "sender": "@ada:x.org", "content": {"presence": "online"}}]},
    "rooms": {
        "join": {
            "!one:x.org": room(said(1, "hello"), member(2, "bo", "Bo"), said(3, "hi", "bo"), event(4, "m.reaction", sender="bo")),
            "!two:x.org": room(said(1, "elsewhere"), event(2, "m.room.encrypted", ciphertext="x")),
        },
        "leave": {"!three:x.org": {"timeline": {"events": [said(5, "bye")]}}},
        "invite": {"!four:x.org": {"invite_state": {"events": []}}},
    },
}
CHUNK = {"start": "t2", "end": "t1", "chunk": [said(3, "hi", "bo", "!one:x.org"), said(1, "hello", "ada", "!one:x.org")],
         "state": [member(0, "ada", "Ada Lo"), member(0, "bo", "Bo")]}  # fmt: skip


def texts(folder: Path, name: str, data: str) -> tuple[list[str], list[str], int]:
    records, drops = read_all(chat, write(folder, {name: data}))
    origins = [record.origin for record in records] + [drop.origin for drop in drops]
    assert len(set(origins)) == len(origins) and all(record.revised for record in records)
    return [record.text for record in records], sorted(drop.reason for drop in drops), num_messages(records, drops)


@pytest.mark.parametrize("is_large", [False, True])
def test_sync_gives_a_conversation_a_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_large: bool) -> None:
    if is_large:
        monkeypatch.setattr(files, "WHOLE_JSON_BYTES", 1 << 9)
        monkeypatch.setattr(json_pieces, "MESSAGES_AT_ONCE", 3)
    found, reasons, number = texts(tmp_path, "sync.json", json.dumps(SYNC, indent=1))
    assert found == ["Ada Lo: hello\nBo: hi", "Ada Lo: elsewhere", "@ada:x.org: bye"]
    assert reasons == ["encrypted", "join", "reaction"] and number == 7


def test_messages_of_a_room_are_turned_round_and_named_by_the_state_beside_them(tmp_path: Path) -> None:
    assert texts(tmp_path, "messages.json", json.dumps(CHUNK)) == (["Ada Lo: hello\nBo: hi"], [], 2)


def test_answers_one_a_line_are_one_conversation_a_room(tmp_path: Path) -> None:
    later = {**CHUNK, "chunk": [said(9, "later", "bo", "!one:x.org")]}
    lines = f"{json.dumps(CHUNK)}\n{json.dumps(later)}\n{{broken\n"
    assert texts(tmp_path / "a", "messages.jsonl", lines) == (["Ada Lo: hello\nBo: hi\nBo: later"], ["broken_record"], 4)
    assert texts(tmp_path / "b", "sync.jsonl", f"{json.dumps(SYNC)}\n{json.dumps({**SYNC, 'rooms': {}})}\n")[2] == 7


def test_events_one_a_line_are_told_apart_by_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [said(i, f"word {i}", ("ada", "bo")[i % 2], f"!r{i % 3}:x.org") for i in range(30)]
    found, reasons, number = texts(tmp_path / "a", "events.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))
    assert len(found) == 3 and number == 30 and not reasons
    assert found[0].startswith("@ada:x.org: word 0\n@bo:x.org: word 3\n")
    monkeypatch.setattr(answers, "MESSAGES_AT_ONCE", 7)
    one = [{**row, "room_id": "!r:x.org"} for row in rows]
    assert len(texts(tmp_path / "b", "events.jsonl", "".join(f"{json.dumps(row)}\n" for row in one))[0]) == 1
    assert len(texts(tmp_path / "c", "events.json", json.dumps(one))[0]) == 1
