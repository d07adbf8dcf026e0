"""The lengths beside a document's scores: of the text that its segment stores, and of the text as its reader gave it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from curation import pipeline
from curation.recipe import load
from curation.segment import scan
from tests.end_to_end.conftest import make_corpus, prose

INSULT = "You are a stupid fucking idiot and a worthless piece of shit. "


def stored(workspace: Path, source: str) -> list[dict[str, Any]]:
    found = []
    for folder in sorted((workspace / "segments").iterdir()):
        tables = [scan(folder / f"{name}-00000.parquet") for name in ("documents", "scores")]
        for documents, scores in zip(*tables, strict=True):
            rows = zip(documents.to_pylist(), scores.to_pylist(), strict=True)
            found += [one | other for one, other in rows if one["source"] == source]
    return found


def test_lengths_are_those_of_the_stored_text_also_where_a_toxic_passage_was_cut(tmp_path: Path) -> None:
    recipe = make_corpus(tmp_path)
    text = f"{prose(7)}\n\n{INSULT * 8}\n\n{prose(8)}"
    (tmp_path / "dumps/books/rude.txt").write_text(text)
    recipe.write_text(recipe.read_text() + '[toxicity]\npassages = "drop"\n')
    loaded = load(recipe)
    pipeline.run(loaded, until="ingest")
    rows = stored(loaded.workspace, "books")
    assert all(row["num_chars"] == len(row["text"]) and row["num_bytes"] == len(row["text"].encode()) for row in rows)
    (rude,) = (row for row in rows if "rude" in row["origin"])
    assert INSULT not in rude["text"]
    assert rude["chars_read"] == len(text)
    assert rude["chars_read"] - rude["num_chars"] >= len(INSULT) * 8


def test_chars_read_of_a_conversation_are_those_of_its_words(tmp_path: Path) -> None:
    recipe = make_corpus(tmp_path)
    turns = [{"role": "user", "content": "Is the bridge open?"}, {"role": "assistant", "content": "It is, since noon."}]
    (tmp_path / "dumps/chat/talks.jsonl").write_text(json.dumps({"messages": turns}) + "\n")
    loaded = load(recipe)
    pipeline.run(loaded, until="ingest")
    (talk,) = stored(loaded.workspace, "talks")
    assert talk["chars_read"] == sum(len(turn["content"]) for turn in turns)
    assert talk["num_chars"] == talk["chars_read"] + len("\n\n")
