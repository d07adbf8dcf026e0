"""Chats in parts that hold whole conversations: all parts together give the documents of one reading, in order."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from curation.source import Dropped, File, Input, Record
from curation.sources import SOURCES, splitting
from curation.sources.chats import accounts, files
from tests.sources.material import COMPRESSORS, prose, write

PART = 1 << 16
CHATS = 60


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "PART_BYTES", PART)
    monkeypatch.setattr(accounts, "MESSAGES_AT_ONCE", 20)


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
    assert not parts or [row for part in parts for row in part] == held


def test_account_cut_short_keeps_what_stands_before_and_says_so_once(tmp_path: Path) -> None:
    data = json.dumps(account(), indent=1).encode()
    file = write(tmp_path, "result.json", data[: len(data) * 3 // 4 + 40])
    whole, parts = whole_and_parts(file)
    rows = [row for part in parts for row in part]
    for found in (whole, rows):
        assert [row.reason for row in found if isinstance(row, Dropped) and row.reason == "truncated"] == ["truncated"]
    assert [row for row in rows if isinstance(row, Record)] == [row for row in whole if isinstance(row, Record)]
