"""Corpora small enough to run whole many times: a dozen documents in several languages, one export, one archive."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from curation import pipeline
from curation.recipe import Recipe, load

# One source of JSON lines in `dumps`; further tables may follow.
LETTERS = """
[run]
name = "letters"
workspace = "ws"
[[sources]]
name = "letters"
kind = "web"
paths = ["dumps"]
[tokenizer]
config = "small.toml"
[execution]
workers = 1
"""

WORDS = [
    "harbour",
    "lantern",
    "quiet",
    "north",
    "bridge",
    "copper",
    "winter",
    "market",
    "signal",
    "engine",
    "letter",
    "garden",
    "stone",
    "river",
    "morning",
    "compass",
]

RECIPE = """
[run]
name = "tiny"
workspace = "ws"

[[sources]]
name = "books"
kind = "books"
paths = ["dumps/books"]

[[sources]]
name = "talks"
kind = "chat"
paths = ["dumps/chat"]

[[sources]]
name = "tools"
kind = "code"
paths = ["dumps/code"]

[split]
eval_fraction = 0.2

[tokenizer]
config = "small.toml"

[execution]
workers = 1
"""

TOKENIZER = 'vocab_size = 400\npretokenizer = "gpt-2"\n'


def prose(seed: int, sentences: int = 40) -> str:
    """Text that no filter objects to and that shares no five words in a row with another seed's."""
    rng = random.Random(seed)
    lines = []
    for _ in range(sentences):
        words = [rng.choice(WORDS) for _ in range(rng.randint(7, 14))]
        lines.append(
            f"The {words[0]} of the {words[1]} is with {' and the '.join(words[2:5])}, and it was {' '.join(words[5:])} that day."
        )
    return "\n\n".join(" ".join(lines[start : start + 5]) for start in range(0, len(lines), 5))


def write_dumps(folder: Path, order: Callable[[list[Any]], list[Any]] = list) -> None:
    """The dumps; `order` decides in which order the files come to be."""
    books = {f"book-{number}.txt": prose(number) for number in range(8)}
    books["copy-of-2.txt"] = books["book-2.txt"]
    books["nearly-3.txt"] = books["book-3.txt"] + "\n\nOne more line stands at the end of this copy."
    books["empty.txt"] = ""
    talks = [
        {"messages": [{"role": "user", "content": prose(100 + n, 4)}, {"role": "assistant", "content": prose(200 + n, 6)}]}
        for n in range(6)
    ]
    actions: list[Callable[[], object]] = [
        lambda name=name, text=text: _put(folder / "books" / name, text) for name, text in books.items()
    ]
    actions.append(lambda: _put(folder / "chat" / "talks.jsonl", "".join(json.dumps(talk) + "\n" for talk in talks)))
    actions.append(lambda: _archive(folder / "code" / "tools.zip"))
    for action in order(actions):
        action()


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _archive(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    functions = [
        f'def count_{word}(items):\n    """Count the {word} items."""\n    return sum(item.{word} for item in items)'
        for word in WORDS[:9]
    ]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("tools/count.py"), "\n\n\n".join(functions) + "\n")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return make_corpus(tmp_path)


def make_corpus(folder: Path, order: Callable[[list[Any]], list[Any]] = list) -> Path:
    """A folder with dumps and a recipe; returns the recipe's path."""
    folder.mkdir(parents=True, exist_ok=True)
    write_dumps(folder / "dumps", order)
    (folder / "small.toml").write_text(TOKENIZER)
    (folder / "recipe.toml").write_text(RECIPE)
    return folder / "recipe.toml"


def run(recipe: Path, **options: Any) -> dict[str, Any]:
    return pipeline.run(load(recipe), **options)


def edited(recipe: Path, table: str, values: dict[str, Any]) -> Recipe:
    """The recipe with some keys of one table changed."""
    loaded = load(recipe)
    raw = {**loaded.model_dump(mode="json"), "folder": loaded.folder}
    return Recipe.model_validate({**raw, table: {**raw[table], **values}})


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def release_tree(summary: dict[str, Any]) -> dict[str, bytes]:
    return tree(Path(summary["path"]))
