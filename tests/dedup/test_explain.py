"""What `explain` says of a duplicate, and that a deleted head of a chain lets its twins come back, through whole runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from curation import cli, pipeline
from curation.explain import explain
from curation.recipe import load
from curation.takedown import take_down
from tests.end_to_end.conftest import prose

RECIPE = """
[run]
name = "copies"
workspace = "ws"

[[sources]]
name = "books"
kind = "books"
paths = ["dumps"]

[tokenizer]
config = "small.toml"

[execution]
workers = 1
"""


def put(folder: Path, texts: dict[str, str]) -> Path:
    (folder / "dumps").mkdir(parents=True)
    for name, text in texts.items():
        (folder / "dumps" / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / "small.toml").write_text('vocab_size = 400\npretokenizer = "gpt-2"\n')
    (folder / "recipe.toml").write_text(RECIPE)
    return folder / "recipe.toml"


def run(recipe: Path) -> Path:
    return Path(pipeline.run(load(recipe))["path"])


def ledger(release: Path) -> dict[str, dict[str, Any]]:
    return {row["origin"].split(".txt")[0]: row for row in ds.dataset(release / "ledger").to_table().to_pylist()}


def test_explain_shows_where_a_near_copy_differs_from_its_keeper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = prose(1)
    copy = text.replace("that day", "that secret evening", 1)
    recipe = put(tmp_path, {"kept": text + "\n\nThe end of it.", "copy": copy, "other": prose(2), "third": prose(3)})
    run(recipe)
    assert cli.main(["explain", "copy.txt", "--workspace", str(tmp_path / "ws")]) == 0
    shown = capsys.readouterr().out
    assert "near_duplicate" in shown and "kept.txt" in shown
    assert "+ secret evening" in shown and "- day" in shown and "- The end of it." in shown
    assert shown.count("\n  - ") == 2
    assert cli.main(["explain", "other.txt", "--workspace", str(tmp_path / "ws")]) == 0
    assert "differs" not in capsys.readouterr().out


def test_explain_shows_which_words_of_a_test_question_a_document_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = "Which of the four ships that left the harbour before noon carried the copper for the new bridge in the north?"
    texts = {f"other-{number}": prose(number) for number in range(2, 6)}
    recipe = put(tmp_path, {"quiz": prose(1) + f"\n\n{question}\n\n" + prose(9, 5), **texts})
    (tmp_path / "exam.jsonl").write_text(json.dumps({"question": question}))
    recipe.write_text(recipe.read_text() + '\n[split]\ntest_sets = ["exam.jsonl"]\n')
    run(recipe)
    assert cli.main(["explain", "quiz.txt", "--workspace", str(tmp_path / "ws")]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "in_test_set" in shown and "exam.jsonl:1" in shown
    assert "carried the copper for the new bridge in the north" in shown


def chain() -> dict[str, str]:
    """A, B and C: neighbours are near copies, the ends are not; A is the longest, C the shortest."""
    middle = prose(1)
    return {"a": _changed(middle, 5, "lantern") + "\n\nThe end of it.", "b": middle, "c": _changed(middle, 45, "oh")}


def _changed(text: str, first: int, word: str) -> str:
    """Every eightieth word from `first` on becomes `word`; paragraphs stay."""
    words = re.split(r"(\s+)", text)
    words[2 * first :: 160] = [word] * len(words[2 * first :: 160])
    return "".join(words)


@pytest.mark.parametrize("way", ["takedown", "dump"])
def test_chain_whose_head_is_deleted_lets_its_twin_come_back(tmp_path: Path, way: str) -> None:
    recipe = put(tmp_path, {**chain(), **{f"other-{number}": prose(number) for number in range(2, 8)}})
    before = ledger(run(recipe))
    assert {name: before[name]["reason"] for name in "abc"} == {"a": None, "b": "near_duplicate", "c": None}
    assert before["b"]["twin"] == before["a"]["id"]
    if way == "takedown":
        take_down(tmp_path / "ws", before["a"]["id"])
    else:
        (tmp_path / "dumps" / "a.txt").unlink()
    after = ledger(run(recipe))
    assert (after["b"]["reason"], after["c"]["reason"], after["c"]["twin"]) == (None, "near_duplicate", before["b"]["id"])
    rows = explain(tmp_path / "ws", max((tmp_path / "ws/releases").iterdir(), key=lambda path: path.stat().st_mtime_ns), "c.txt")
    assert rows[0]["twin_origin"].startswith("b.txt")
