"""Chats in parts that hold whole conversations: all parts together give the documents of one reading, in order."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from curation.source import Dropped, File, Input, Record
from curation.sources import SOURCES, splitting
from curation.sources.chats import files, json_pieces
from tests.sources.material import COMPRESSORS, prose, write

PART = 1 << 16
CHATS = 60


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "PART_BYTES", PART)
    monkeypatch.setattr(json_pieces, "MESSAGES_AT_ONCE", 20)


def message(i: int) -> dict[str, Any]:
    date = (datetime(2021, 3, 1) + timedelta(minutes=13 * i)).isoformat()
    text: Any = f'"}},\n   {{\n    "name" {prose(12, i)} \\' if i % 3 else [{"type": "bold", "text": f"word{i} "}, prose(15, i)]
    return {"id": i, "type": "message" if i % 9 else "service", "date": date, "from": f"Name {i % 4}", "text": text}


def chat(i: int) -> dict[str, Any]:
    number = (i * 37) % 90
    return {"name": f"Chat {i}", "type": "personal_chat", "id": 1000 + i, "messages": [message(j) for j in range(number)]}


def account(num_contacts: int = 5) -> dict[str, Any]:
    contacts = [{"first_name": f"First {i}", "last_name": "Last", "phone_number": f"00{i}"} for i in range(num_contacts)]
    chats = [chat(i) for i in range(CHATS)]
    return {
        "about": "An export.",
        "personal_information": {"user_id": 1, "bio": '"chats": {"list": [ \n   {\n    "name"'},
        "contacts": {"about": "Contacts.", "list": contacts},
        "chats": {"about": "All chats.", "list": chats[:40]},
        "left_chats": {"about": "Chats that were left.", "list": chats[40:]},
    }


def whole_and_parts(file: File, **settings: Any) -> tuple[list[Record | Dropped], list[list[Record | Dropped]]]:
    source, config = SOURCES["chat"], SOURCES["chat"].Config(**settings)
    parts = [list(source.read(Input(file.path, (file,), part), config)) for part in source.splittable(file, config)]
    return list(source.read(Input(file.path, (file,)), config)), parts


def check(file: File, min_parts: int = 4) -> list[Record | Dropped]:
    whole, parts = whole_and_parts(file)
    assert [row for part in parts for row in part] == whole
    assert sum(bool(part) for part in parts) >= min_parts
    return whole


@pytest.mark.parametrize("packer", COMPRESSORS)
@pytest.mark.parametrize("num_contacts", [5, 3000])
def test_parts_of_an_account_are_its_chats(tmp_path: Path, packer: str, num_contacts: int) -> None:
    data = json.dumps(account(num_contacts), indent=1, ensure_ascii=False).encode()
    found = check(write(tmp_path, "export/result.json", COMPRESSORS[packer](data)))
    assert {row.work.split("/")[-2] for row in found if isinstance(row, Record)} >= {str(1000 + i) for i in range(1, CHATS - 1)}
    assert len(found) > 300 and len({row.origin for row in found}) == len(found)


@pytest.mark.parametrize("indent", [1, 4, None])
def test_account_too_large_to_be_held_gives_the_documents_of_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, indent: int | None
) -> None:
    file = write(tmp_path, "export/result.json", json.dumps(account(), indent=indent) + "\n")
    held = list(SOURCES["chat"].read(Input(file.path, (file,)), SOURCES["chat"].Config()))
    monkeypatch.setattr(files, "WHOLE_JSON_BYTES", 1 << 10)
    whole, parts = whole_and_parts(file)
    assert whole == held and len(parts) > 3 * (indent is not None)
    assert indent is None or [row for part in parts for row in part] == held


@pytest.mark.parametrize("packer", COMPRESSORS)
def test_parts_of_trees_one_a_line_are_those_of_the_whole(tmp_path: Path, packer: str) -> None:
    def node(i: int, depth: int) -> dict[str, Any]:
        replies = [node(2 * i + j, depth - 1) for j in (1, 2)] if depth else []
        role = ("assistant", "prompter")[depth % 2]
        return {"message_id": f"m{i}", "text": prose(20, i), "role": role, "rank": i % 2, "replies": replies}

    trees = [{"message_tree_id": f"t{i}", "tree_state": "ready_for_export", "prompt": node(i, 3)} for i in range(200)]
    trees[50]["prompt"]["text"] = prose(40_000)
    found = check(write(tmp_path, "trees.jsonl", COMPRESSORS[packer]("\n".join(map(json.dumps, trees)).encode())))
    assert sum(isinstance(row, Record) for row in found) == 200


def test_messages_of_trees_in_rows_are_gathered_from_the_whole(tmp_path: Path) -> None:
    rows = [
        {"message_id": f"m{i}", "parent_id": None, "message_tree_id": f"t{i % 400}", "role": "prompter", "text": prose(40, i)}
        for i in range(1000)
    ]
    assert whole_and_parts(write(tmp_path, "messages.jsonl", "\n".join(map(json.dumps, rows))))[1] == []


@pytest.mark.parametrize("packer", COMPRESSORS)
def test_object_on_one_line_is_cut_at_its_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packer: str) -> None:
    monkeypatch.setattr(files, "MAX_RECORD_BYTES", 5 * PART)
    value = {**chat(1), "messages": [{**message(i), "text": f"word{i} {prose(12, i)}"} for i in range(4000)]}
    whole, parts = whole_and_parts(write(tmp_path, "result.json", COMPRESSORS[packer](json.dumps(value).encode())))
    rows = [row for part in parts for row in part]

    def words(found: list[Record | Dropped]) -> list[str]:
        return [word for row in found if isinstance(row, Record) for word in row.text.split() if word.startswith("word")]

    assert sum(bool(part) for part in parts) >= 4 and len(words(whole)) > 3500
    assert words(rows) == words(whole) and len({row.origin for row in rows}) == len(rows)
    assert [row for row in rows if isinstance(row, Dropped)] == [row for row in whole if isinstance(row, Dropped)]
    turns = [{"role": ("user", "assistant")[i % 2], "content": f"word{i} {prose(40)}"} for i in range(500)]
    row = json.dumps({"messages": turns})
    rows_of_many = whole_and_parts(write(tmp_path, "talk.jsonl", f"{row}\n" * 2))[0]
    assert len(row) > PART and len(rows_of_many) == 2 and len(words(rows_of_many)) == 1000


def hangouts(is_old: bool) -> dict[str, Any]:
    def conversation(i: int) -> dict[str, Any]:
        people = [{"id": {"gaia_id": f"{i}"}, "fallback_name": f"Person {i}"}]
        about = {"conversation_id": {"id": f"C{i}"}, "conversation": {"id": {"id": f"C{i}"}, "participant_data": people}}
        said = [
            {
                "conversation_id": {"id": f"C{i}"},
                "sender_id": {"gaia_id": f"{i}"},
                "timestamp": str(1614592800000000 + 400_000_000 * j),
                "chat_message": {"message_content": {"segment": [{"type": "TEXT", "text": f'w{j} "}}, {{" {prose(12, j)}'}]}},
            }
            for j in range((i * 37) % 90 + 1)
        ]
        old = {"conversation_id": {"id": f"C{i}"}, "conversation_state": {**about, "event": said}}
        return old if is_old else {"conversation": about, "events": said}

    return {"conversation_state" if is_old else "conversations": [conversation(i) for i in range(CHATS)]}


def skype() -> dict[str, Any]:
    def said(i: int) -> dict[str, Any]:
        when = (datetime(2021, 3, 1) - timedelta(minutes=i)).isoformat() + "Z"
        more = {"messagetype": "RichText", "from": f"8:name{i % 3}", "amsreferences": ["x"] * (i % 2)}
        return {"id": str(i), "displayName": None, "originalarrivaltime": when, **more, "content": f"w{i} {prose(90, i)}"}

    rows = [
        {"id": f"8:peer{i}", "displayName": f"Peer {i}", "version": 1, "MessageList": [said(j) for j in range(i % 20)]}
        for i in range(3 * CHATS)
    ]
    return {"userId": "8:me", "exportDate": "2021-04-01T10:00", "conversations": rows}


ACCOUNTS: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "telegram": ("result.json", account),
    "hangouts": ("Hangouts.json", lambda: hangouts(is_old=False)),
    "old-hangouts": ("Hangouts.json", lambda: hangouts(is_old=True)),
    "skype": ("messages.json", skype),
}


@pytest.mark.parametrize("layout", ["lines", "one-line", "dense"])
@pytest.mark.parametrize("form", ACCOUNTS)
def test_account_of_any_program_is_the_same_held_walked_and_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, layout: str
) -> None:
    name, make = ACCOUNTS[form]
    layouts: dict[str, dict[str, Any]] = {"lines": {"indent": 2}, "one-line": {}, "dense": {"separators": (",", ":")}}
    file = write(tmp_path, name, json.dumps(make(), **layouts[layout]))
    held = list(SOURCES["chat"].read(Input(file.path, (file,)), SOURCES["chat"].Config()))
    monkeypatch.setattr(files, "MAX_RECORD_BYTES", 2 * PART)
    monkeypatch.setattr(files, "WHOLE_JSON_BYTES", 1 << 10)
    assert len(held) >= CHATS and check(file) == held


def test_account_cut_short_keeps_what_stands_before_and_says_so_once(tmp_path: Path) -> None:
    data = json.dumps(account(), indent=1).encode()
    file = write(tmp_path, "result.json", data[: len(data) * 3 // 4 + 40])
    whole, parts = whole_and_parts(file)
    rows = [row for part in parts for row in part]
    for found in (whole, rows):
        assert [row.reason for row in found if isinstance(row, Dropped) and row.reason == "truncated"] == ["truncated"]
    assert [row for row in rows if isinstance(row, Record)] == [row for row in whole if isinstance(row, Record)]
