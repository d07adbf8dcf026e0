"""What repeats throughout one dump leaves its documents before they are scored, and the ledger's accounts say how much."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from curation import manifest
from tests.end_to_end.conftest import LETTERS, prose, run

FOOTER = "You receive this message because you signed up for it on our pages."


def released(folder: Path, cleaning: str = "", **dumps: str) -> dict[str, Any]:
    (folder / "dumps").mkdir(parents=True)
    for name, text in dumps.items():
        (folder / "dumps" / f"{name}.jsonl").write_text(text)
    (folder / "small.toml").write_text('vocab_size = 400\npretokenizer = "gpt-2"\n')
    (folder / "recipe.toml").write_text(LETTERS + cleaning)
    summary = run(folder / "recipe.toml")
    return manifest.read(Path(summary["path"]))


def letters(first: int, count: int) -> str:
    texts = [f"{prose(number, 8)}\n\n{FOOTER}" for number in range(first, first + count)]
    return "".join(json.dumps({"text": text}) + "\n" for text in texts)


def test_footer_of_a_dump_is_removed_but_for_once_and_counted(tmp_path: Path) -> None:
    tally = released(tmp_path, one=letters(0, 30))["sources"]["letters"]
    assert tally["in"] == 30
    assert tally["removed"]["boilerplate"] == 29 * (len(FOOTER) + 2)


def test_footer_stays_where_the_recipe_says_so(tmp_path: Path) -> None:
    tally = released(tmp_path, "[cleaning]\nboilerplate = false\n", one=letters(0, 30))["sources"]["letters"]
    assert "boilerplate" not in tally["removed"]


def test_second_dump_removes_nothing_from_the_first(tmp_path: Path) -> None:
    alone = released(tmp_path / "alone", one=letters(0, 9))["sources"]["letters"]
    both = released(tmp_path / "both", one=letters(0, 9), two=letters(100, 9))["sources"]["letters"]
    assert alone["removed"] == both["removed"] == {}
