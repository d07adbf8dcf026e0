"""Dialogues with the marks of a model's template, as text files of many and as texts in rows: roles kept, marks gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curation.sources import chat, segments, splitting
from tests.sources import material
from tests.sources.reading import num_messages, read_all, turns, write

ONE = [("system", "Be brief."), ("user", "What is salt?\n\nSay it twice."), ("assistant", "A mineral.")]
TEMPLATES = {
    "chatml": ("<|im_start|>{}\n{}<|im_end|>\n", "", ""),
    "llama3": ("<|start_header_id|>{}<|end_header_id|>\n\n{}<|eot_id|>", "<|begin_of_text|>", "\n"),
    "gemma": ("<start_of_turn>{}\n{}<end_of_turn>\n", "<bos>", "\n"),
    "zephyr": ("<|{}|>\n{}</s>\n", "", ""),
    "phi": ("<|{}|>\n{}<|end|>\n", "", "<|endoftext|>"),
}


def written(template: str, talk: list[tuple[str, str]]) -> str:
    turn, before, after = TEMPLATES[template]
    return before + "".join(turn.format(role, text) for role, text in talk) + after


MARKED = {
    name: written(name, ONE) + written(name, [ONE[0], ("user", "And sugar?"), ("assistant", "Sweet.")]) for name in TEMPLATES
}
MARKED["llama2"] = (
    "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nWhat is salt?\n\nSay it twice. [/INST] A mineral. </s>\n"
    "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nAnd sugar? [/INST] Sweet. </s>"
)


@pytest.mark.parametrize("form", MARKED)
def test_text_with_marks_is_its_conversations_in_roles(tmp_path: Path, form: str) -> None:
    records, drops = read_all(chat, write(tmp_path / "a", {"set.txt": MARKED[form]}))
    assert [turns(record) for record in records] == [ONE, [ONE[0], ("user", "And sugar?"), ("assistant", "Sweet.")]]
    assert not drops and num_messages(records, drops) == 6 and len({record.work for record in records}) == 2
    rows = [{"text": MARKED[form]}, {"text": written("chatml", ONE)}]
    records, drops = read_all(chat, write(tmp_path / "b", {"set.jsonl": "".join(json.dumps(row) + "\n" for row in rows)}))
    assert not drops and [len(turns(record)) for record in records] == [6, 3]


def test_answers_that_follow_each_other_stay_together_and_empty_turns_are_counted(tmp_path: Path) -> None:
    text = "<s>[INST] a question [/INST] an answer </s><s>[INST] one more [/INST] another </s>"
    records, _ = read_all(chat, write(tmp_path / "a", {"x.txt": text}))
    assert [turns(record) for record in records] == [
        [("user", "a question"), ("assistant", "an answer"), ("user", "one more"), ("assistant", "another")]
    ]
    text = (
        "<|im_start|>user name=ada\na question<|im_end|>\nwhat is this?\n<|im_start|>assistant\nan answer<|im_end|>\n"
        "<|im_start|>user\n"
    )
    records, drops = read_all(chat, write(tmp_path / "b", {"x.txt": text}))
    assert [turns(record) for record in records] == [[("user", "a question"), ("assistant", "an answer")]]
    assert [drop.reason for drop in drops] == ["broken_record", "empty"]


def test_long_file_of_dialogues_loses_no_turn_at_its_borders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 1 << 14)
    monkeypatch.setattr(segments, "SEARCH_BYTES", 1 << 10)
    monkeypatch.setattr(splitting, "PART_BYTES", 1 << 16)
    talks = [
        written("chatml", [("system", "s"), ("user", f"q{i}\n\n" + material.prose(40, i)), ("assistant", f"a{i}")])
        for i in range(900)
    ]
    file = material.write(tmp_path, "set.txt", "".join(talks))
    whole = material.read_all("chat", [file])
    assert material.read_by_parts("chat", file, 1 << 16) == whole
    assert all(f"q{i}\n" in " ".join(material.texts(whole)) for i in range(0, 900, 50))
    assert sum(row.text.count(material.prose(12, 5)[:30]) > 0 for row in whole if hasattr(row, "text")) > 0
    assert not [row for row in whole if not hasattr(row, "text")]
