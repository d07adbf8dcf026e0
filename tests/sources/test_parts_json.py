"""One long JSON list in parts: every message once, whatever program wrote it; what cannot be told apart is not cut."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from curation.source import Dropped, File, Input, Part, Record
from curation.sources import SOURCES, jsonborders, splitting
from curation.sources.jsonborders import learned
from tests.sources.material import COMPRESSORS, make_zip, prose, write

PART = 1 << 16
PACKERS = {**COMPRESSORS, "zip": lambda data: make_zip({"folder/only one": data})}
NUMBER = 3000


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "PART_BYTES", PART)


def day(i: int) -> str:
    return (datetime(2021, 3, 1) + timedelta(minutes=i)).isoformat()


def telegram(i: int) -> dict[str, Any]:
    kind = {"type": "service", "actor": "Vera"} if i % 50 == 7 else {"type": "message", "from": f"Name {i % 5}"}
    entity = [{"type": "bold", "text": "bold "}, {"type": "plain", "text": "and plain"}]
    text = f'word{i} {prose(12, i)} "}},{{" \\ tail' if i % 3 else [entity[0], f"word{i} {prose(12, i)}"]
    return {"id": i, **kind, "date": day(i), "text": "" if i % 50 == 7 else text, "text_entities": entity * (i % 2)}


def discord(i: int) -> dict[str, Any]:
    author = {"id": str(i % 5), "username": f"name{i % 5}", "discriminator": "0"}
    seen = [{"emoji": {"id": None, "name": "x"}, "count": 2}] * (i % 4)
    return {"id": str(i), "content": f"word{i} {prose(12, i)}", "timestamp": day(i), "author": author, "reactions": seen}


FORMS: dict[str, Callable[[], str]] = {
    "telegram": lambda: json.dumps(
        {"name": "Chat", "type": "personal_chat", "id": 7, "messages": [telegram(i) for i in range(NUMBER)]}, indent=1
    ),
    "list of one line": lambda: json.dumps([discord(i) for i in range(NUMBER)], separators=(",", ":")),
    "list of lines": lambda: "[\n" + ",\n".join(json.dumps(discord(i), ensure_ascii=False) for i in range(NUMBER)) + "\n]\n",
    "indented list": lambda: "\ufeff" + json.dumps([discord(i) for i in range(NUMBER)], indent=4).replace("\n", "\r\n"),
}


def read(kind: str, file: File) -> tuple[list[Record | Dropped], list[list[Record | Dropped]]]:
    source, whole = SOURCES[kind], Input(file.path, (file,))
    config = source.Config()
    cut = [list(source.read(Input(file.path, (file,), part), config)) for part in source.splittable(file, config)]
    return list(source.read(whole, config)), cut


def words(rows: list[Record | Dropped]) -> list[str]:
    texts = " ".join(row.text for row in rows if isinstance(row, Record))
    return [word for word in texts.split() if word.startswith("word") and word[4:].isdigit()]


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("form", FORMS)
def test_parts_of_a_list_of_messages_hold_each_once_and_in_order(tmp_path: Path, packer: str, form: str) -> None:
    whole, parts = read("chat", write(tmp_path, "result.json", PACKERS[packer](FORMS[form]().encode())))
    rows = [row for part in parts for row in part]
    assert len(parts) >= 4 and sum(bool(part) for part in parts) >= 4
    assert words(rows) == words(whole) and len(words(rows)) > 0.9 * NUMBER
    dropped = [[row for row in found if isinstance(row, Dropped)] for found in (rows, whole)]
    assert dropped[0] == dropped[1] and len({row.origin for row in rows}) == len(rows)


@pytest.mark.parametrize("kind", ["books", "web", "papers"])
def test_parts_of_a_list_of_texts_are_those_of_the_whole(tmp_path: Path, kind: str) -> None:
    rows = [{"id": i, "text": f"{prose(120, i)}\n\n{prose(80, i + 1)}", "meta": {"n": i}} for i in range(400)]
    whole, parts = read(kind, write(tmp_path, "texts.json", json.dumps(rows, indent=2).encode()))
    assert len(parts) >= 4 and [row for part in parts for row in part] == whole
    assert sum(isinstance(row, Record) for row in whole) == 400


def test_list_cut_short_says_so_once_and_keeps_what_stands_before(tmp_path: Path) -> None:
    data = FORMS["telegram"]().encode()
    rows = [row for part in read("chat", write(tmp_path, "result.json", data[: len(data) * 3 // 4]))[1] for row in part]
    assert [row.reason for row in rows if isinstance(row, Dropped) and row.reason == "truncated"] == ["truncated"]
    assert 0.6 * NUMBER < len(words(rows)) < 0.8 * NUMBER


def test_damage_inside_a_list_costs_the_rest_of_its_part_only(tmp_path: Path) -> None:
    data = bytearray(FORMS["list of lines"]().encode())
    middle = data.index(b'"content"', len(data) // 2)
    data[middle : middle + 9] = b"\x00" * 9
    rows = [row for part in read("chat", write(tmp_path, "messages.json", bytes(data)))[1] for row in part]
    assert 0.7 * NUMBER < len(words(rows)) < NUMBER
    assert any(isinstance(row, Dropped) and row.reason == "truncated" for row in rows)


def test_list_whose_records_hold_lists_of_their_kind_is_read_whole(tmp_path: Path) -> None:
    def thread(i: int) -> dict[str, Any]:
        return {**discord(i), "replies": [{**discord(10_000 * j + i), "replies": []} for j in (1, 2)]}

    data = json.dumps([thread(i) for i in range(NUMBER)], separators=(",", ":")).encode()
    assert learned(data[: 64 << 10], 0) is None
    assert read("chat", write(tmp_path, "threads.json", data))[1] == []


def test_borders_are_learned_only_where_records_are_written_alike() -> None:
    alike = b'[{"a":1,"b":2},{"a":3,"b":4},{"a":5,"b":6},{"a":7,"b":8}]'
    assert learned(alike, 0) is not None
    assert learned(alike.replace(b"},", b"} ,", 1), 0) is None
    assert learned(alike.replace(b'{"a":3', b'{"c":3'), 0) is None
    assert learned(b"[1,2,3,4,5]", 0) is None


def test_parts_behind_the_last_border_are_searched_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonborders, "BLOCK_BYTES", 1 << 12)
    rows = [{"id": i, "text": prose(20, i)} for i in range(600)] + [{"id": i, "body": prose(20, i)} for i in range(2000)]
    data = json.dumps(rows, indent=1).encode()
    borders = learned(data[: 64 << 10], 0)
    assert borders is not None
    cut = [borders.cut(io.BytesIO(data), Part(start, start + PART))[0] for start in range(0, len(data), PART)]
    blocks = [list(part) for part in cut]
    assert b"".join(block for part in blocks for block in part) == data[1:] and len(blocks) > 3
    assert max(len(block) for part in blocks for block in part) <= 3 << 12


def test_large_export_that_ends_with_its_object_is_not_called_truncated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.sources.chats.files.WHOLE_JSON_BYTES", 1 << 10)
    whole, _ = read("chat", write(tmp_path, "result.json", FORMS["telegram"]().encode()))
    assert not [row for row in whole if isinstance(row, Dropped) and row.reason == "truncated"]
