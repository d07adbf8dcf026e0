"""The bundled sample, through the whole job, held against its answer key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from curation import pipeline
from curation.recipe import adjusted, load
from curation.verify import verify
from tests.written import contents

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
ANSWERS = json.loads((SAMPLE / "answers.json").read_text(encoding="utf-8"))
FAMILIES = {
    "quality": {"quality"}, "toxicity": {"toxicity"}, "language": {"language"},
}  # fmt: skip


class Result:
    """A finished run of the sample: its summary, its ledger, the text of every stored document by id."""

    def __init__(self, summary: dict[str, Any]) -> None:
        self.summary = summary
        self.release = Path(summary["path"])
        self.workspace = self.release.parent.parent
        self.ledger = [row for path in sorted(self.release.glob("ledger/*.parquet")) for row in pq.read_table(path).to_pylist()]
        self.texts: dict[str, str] = {}
        for path in sorted(self.workspace.glob("segments/*/documents-*.parquet")):
            table = pq.read_table(path, columns=["id", "text"])
            self.texts.update(zip(table["id"].to_pylist(), table["text"].to_pylist(), strict=True))
        self.kept = [row for row in self.ledger if row["verdict"] == "kept"]

    def kept_texts(self, source: str | None = None) -> list[str]:
        return [self.texts[row["id"]] for row in self.kept if source in (None, row["source"])]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    recipe = load(SAMPLE / "recipe.toml")
    moved = recipe.model_copy(update={"run": recipe.run.model_copy(update={"workspace": str(tmp_path_factory.mktemp("sample"))})})
    return Result(pipeline.run(adjusted(moved, workers=2)))


def holds(texts: list[str], phrase: str) -> int:
    """In how many texts a phrase stands, whatever white space lies between its words."""
    wanted = " ".join(phrase.split())
    return sum(wanted in " ".join(text.split()) for text in texts)


def test_sample_makes_a_release_that_verifies(result: Result) -> None:
    verify(result.release)
    names = {path.name for path in result.release.iterdir()}
    assert {"manifest.json", "train", "eval", "tokenizer", "chat", "ledger", "pins", "README.md", "report.html"} <= names


def test_sample_keeps_what_the_answer_key_says_at_least(result: Result) -> None:
    from collections import Counter

    table = {}
    for path in sorted(result.workspace.glob("segments/*/documents-*.parquet")):
        columns = pq.read_table(path, columns=["id", "source", "lang"])
        table.update({row["id"]: (row["source"], row["lang"]) for row in columns.to_pylist()})
    counts = Counter(table[row["id"]] for row in result.kept)
    for source, languages in ANSWERS["min_kept_documents"].items():
        for lang, least in languages.items():
            found = sum(count for (name, which), count in counts.items() if name == source and (which == lang or lang == "code"))
            assert found >= least, (source, lang)


@pytest.mark.parametrize("case", [case for case in ANSWERS["cases"] if case["probes"]], ids=lambda case: case["id"])
def test_sample_case_ends_as_planted(result: Result, case: dict[str, Any]) -> None:
    found = [holds(result.kept_texts(), probe) for probe in case["probes"]]
    if case["expect"] == "kept":
        assert all(found)
    elif "duplicate" in case["family"][0]:
        assert found == [1] * len(found)
    else:
        assert not any(found)


@pytest.mark.parametrize("case", [case for case in ANSWERS["cases"] if not case["probes"]], ids=lambda case: case["id"])
def test_sample_file_without_text_stands_in_the_ledger_with_its_reason(result: Result, case: dict[str, Any]) -> None:
    name = Path(case["place"] or case["file"]).name
    rows = [row for row in result.ledger if name in row["origin"] and row["verdict"] != "kept"]
    assert {row["reason"] for row in rows} & set(case["family"])


@pytest.mark.parametrize("source", sorted({entry["source"] for entry in ANSWERS["must_survive"]}))
def test_sample_genuine_text_survives(result: Result, source: str) -> None:
    texts = result.kept_texts(source)
    lost = [
        (entry["why"], entry["text"])
        for entry in ANSWERS["must_survive"]
        if entry["source"] == source and not holds(texts, entry["text"])
    ]
    assert lost == []


def test_sample_boilerplate_and_markup_vanish(result: Result) -> None:
    left = [
        (entry["why"], entry["text"])
        for entry in ANSWERS["must_vanish"]
        if holds(result.kept_texts(entry["source"]), entry["text"])
    ]
    assert left == []


def test_sample_canaries_stand_in_no_byte_that_the_run_wrote(result: Result) -> None:
    """Text, file names, titles, subjects, channels. The one exception is inputs.json, which maps digests to real paths."""
    values = {entry["value"].encode() for entry in ANSWERS["canaries"]}
    found: set[tuple[str, bytes]] = set()
    for path in sorted(path for path in result.workspace.rglob("*") if path.is_file() and path.name != "inputs.json"):
        for content in contents(path):
            found |= {(path.name, value) for value in values if value in content}
    texts = "\n".join([*result.texts.values(), *(row["origin"] + " " + (row["work"] or "") for row in result.ledger)]).encode()
    found |= {("columns", value) for value in values if value in texts}
    assert found == set()


def test_sample_every_file_stands_in_the_ledger(result: Result) -> None:
    counted = result.summary["files"]
    assert counted == sum(1 for path in (SAMPLE / "dumps").rglob("*") if path.is_file())
    assert result.summary["documents"]["in"] == len(result.ledger)
    assert all(row["origin"] for row in result.ledger)


def test_sample_conversations_with_roles_are_released_in_both_splits(result: Result) -> None:
    lines = [
        json.loads(line) for path in result.release.glob("chat/*.jsonl") for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert lines
    assert {message["role"] for line in lines for message in line["messages"]} <= {"system", "user", "assistant", "tool"}
