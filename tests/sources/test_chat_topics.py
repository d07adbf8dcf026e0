"""Topics of a Telegram forum, followed over a whole export: held, walked, in parts, in an account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from curation.source import Dropped, File, Input, Record
from curation.sources import SOURCES, splitting
from curation.sources.chats import files, json_pieces, telegram_topics
from tests.sources.material import COMPRESSORS, prose, write

NUMBER = 2000
ROOTS = (5, 6, 900)


def forum(number: int = NUMBER) -> dict[str, Any]:
    """Every third message answers a topic's first message, every third the message three before it."""

    def said(i: int) -> dict[str, Any]:
        about = {"id": i, "type": "message", "date": "", "date_unixtime": str(1614592800 + 60 * i), "from": f"Name {i % 4}"}
        if i in ROOTS:
            return {**about, "type": "service", "actor": "Name 1", "action": "topic_created", "title": f"T{i}", "text": ""}
        text = f'word{i} "action": "topic_created" {prose(20, i)}'
        roots = [root for root in ROOTS if root < i]
        if i % 3 == 0 or not roots:
            return {**about, "text": text}
        answered = roots[i // 3 % len(roots)] if i % 3 == 1 else i - 3
        return {**about, "reply_to_message_id": answered, "text": text}

    return {"name": "Forum", "type": "private_supergroup", "id": 77, "messages": [said(i) for i in range(1, number)]}


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "PART_BYTES", 1 << 16)
    monkeypatch.setattr(json_pieces, "MESSAGES_AT_ONCE", 50)


def read(file: File, *, in_parts: bool = False) -> list[Record | Dropped]:
    source, config = SOURCES["chat"], SOURCES["chat"].Config()
    parts = source.splittable(file, config) if in_parts else [None]
    return [row for part in parts for row in source.read(Input(file.path, (file,), part), config)]


def topics(rows: list[Record | Dropped]) -> dict[str, str]:
    """The topic that each message is told in."""
    return dict(pair for row in rows if isinstance(row, Record) for pair in _words(row))


def _words(row: Record) -> Iterator[tuple[str, str]]:
    topic = row.work.split("77", 1)[1].strip("/").rpartition("/")[0]
    for word in row.text.split():
        if word.startswith("word") and word[4:].isdigit():
            yield word, topic


def test_topics_are_followed_over_a_walk_as_over_a_chat_that_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, "result.json", json.dumps(forum(), indent=1))
    held = topics(read(file))
    monkeypatch.setattr(files, "WHOLE_JSON_BYTES", 1 << 10)
    assert topics(read(file)) == held and set(held.values()) == {"", "5", "6", "900"}
    account = write(tmp_path, "all/result.json", json.dumps({"chats": {"about": "x", "list": [forum()]}}, indent=1))
    assert topics(read(account)) == held


@pytest.mark.parametrize("packer", ["plain", "gzip"])
def test_parts_know_the_topics_opened_before_them(tmp_path: Path, packer: str) -> None:
    file = write(tmp_path, "result.json", COMPRESSORS[packer](json.dumps(forum(), indent=1).encode()))
    held, cut = topics(read(file)), topics(read(file, in_parts=True))
    answers = {f"word{i}" for i in range(NUMBER) if i % 3 == 1}
    assert held.keys() == cut.keys() and len(SOURCES["chat"].splittable(file, SOURCES["chat"].Config())) > 4
    assert {word: cut[word] for word in answers & cut.keys()} == {word: held[word] for word in answers & held.keys()}


def test_answers_are_forgotten_and_roots_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_topics, "MAX_ANSWERS", 10)
    known = telegram_topics.Topics()
    assert known.of({"id": 1, "action": "topic_created"}) == "1"
    assert [known.of({"id": i, "reply_to_message_id": i - 1}) for i in range(2, 60)] == ["1"] * 58
    assert known.of({"id": 60, "reply_to_message_id": 3}) == "" and known.of({"id": 61, "reply_to_message_id": 1}) == "1"
    assert known.of({"id": [1], "reply_to_message_id": {}}) == known.of({"id": 62, "reply_to_message_id": [1]}) == ""


def test_messages_that_opened_a_topic_are_found_over_borders_of_blocks_and_not_in_text() -> None:
    data = json.dumps(forum(1000), indent=1).encode()
    for size in (97, 4096, 1 << 20):
        blocks = (data[at : at + size] for at in range(0, len(data), size))
        assert set(telegram_topics.opened(blocks)) == set(ROOTS)
    assert (
        list(telegram_topics.opened([b'"action": "topic_created"', b'{"id": 7, "text": "\\"action\\": \\"topic_created\\""}']))
        == []
    )
