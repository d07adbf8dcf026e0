"""The step `split`: whole works, shares, pins, and no leak."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.document import document_id
from curation.errors import ContractError
from curation.segment import Segment
from curation.split import Limits, split
from curation.split_config import Config
from curation.splitting.residual import check_overlap
from tests.dedup.corpus import Doc, engine, verdicts, write_segment
from tests.dedup.test_step import prose


def run(
    folder: Path,
    segments: Sequence[Segment],
    pins: Path | None = None,
    limits: Limits | None = None,
    workers: int = 1,
    **settings: Any,
) -> Path:
    out = folder / f"out-{len(list(folder.glob('out-*')))}"
    out.mkdir(parents=True)
    split(segments, folder / "previous", Config(**settings), pins, out, engine(folder, workers), limits)
    return out


def pinned(out: Path) -> Path:
    """The release's `pins` folder that a split leaves behind."""
    folder = out / "pins"
    folder.mkdir()
    (folder / "eval.parquet").write_bytes((out / "pins.parquet").read_bytes())
    return folder


def by_origin(out: Path, segments: Sequence[Segment], docs: Sequence[Doc]) -> dict[str, dict[str, Any]]:
    return {doc.origin: row for doc, row in zip(docs, verdicts(out, segments), strict=True)}


def grams(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[place : place + 13]) for place in range(len(words) - 12)}


def max_overlap(docs: Sequence[Doc], rows: Sequence[dict[str, Any]]) -> float:
    held = {gram for doc, row in zip(docs, rows, strict=True) if row["split"] == "eval" for gram in grams(doc.text)}
    train = [grams(doc.text) for doc, row in zip(docs, rows, strict=True) if row["split"] == "train"]
    return max((len(own & held) / len(own) for own in train if own), default=0.0)


def web(count: int, first: int = 0, lang: str = "en") -> list[Doc]:
    numbers = range(first, first + count)
    return [Doc(prose(1000 + number, 120), f"site/{number}", f"page-{number}", lang=lang) for number in numbers]


def test_every_kept_document_is_train_or_eval_and_dropped_ones_neither(tmp_path: Path) -> None:
    docs = [*web(300), Doc(prose(5), origin="gone", reason="short")]
    rows = verdicts(run(tmp_path, [segment := write_segment(tmp_path, docs)], eval_fraction=0.05), [segment])
    splits = [row["split"] for row in rows]
    assert splits[-1] is None and rows[-1]["reason"] == "short"
    assert set(splits[:-1]) == {"train", "eval"}
    assert 0.04 <= splits.count("eval") / 300 <= 0.06


def test_works_stay_whole(tmp_path: Path) -> None:
    docs = [Doc(prose(number, 80), f"thread/{number % 40}", f"mail-{number}") for number in range(400)]
    rows = verdicts(run(tmp_path, [segment := write_segment(tmp_path, docs)], eval_fraction=0.1), [segment])
    sides = {doc.work: {row["split"] for doc, row in zip(docs, rows, strict=True)} for doc in docs}
    of_work: dict[str, set[str]] = {}
    for doc, row in zip(docs, rows, strict=True):
        of_work.setdefault(doc.work, set()).add(row["split"])
    assert all(len(side) == 1 for side in of_work.values()) and len(sides) == 40
    assert 2 <= sum(side == {"eval"} for side in of_work.values()) <= 5


def test_every_source_and_language_gives_its_share(tmp_path: Path) -> None:
    english, persian = web(200), web(100, first=200, lang="fa")
    mail = [Doc(prose(5000 + number, 60), f"mail/{number}", f"mail-{number}") for number in range(100)]
    segments = [write_segment(tmp_path, english + persian), write_segment(tmp_path, mail, source="mail", kind="chat")]
    rows = verdicts(run(tmp_path, segments, eval_fraction=0.05), segments)
    counts = [sum(row["split"] == "eval" for row in part) for part in (rows[:200], rows[200:300], rows[300:])]
    assert [round(count / total, 2) for count, total in zip(counts, (200, 100, 100), strict=True)] == [0.05, 0.05, 0.05]


@pytest.mark.parametrize("count, expected", [(1, 0), (2, 1), (5, 1)])
def test_tiny_corpus_has_one_eval_document_if_it_has_two_works(tmp_path: Path, count: int, expected: int) -> None:
    rows = verdicts(run(tmp_path, [segment := write_segment(tmp_path, web(count))]), [segment])
    assert [row["split"] for row in rows].count("eval") == expected
    assert [row["split"] for row in rows].count("train") == count - expected


def test_split_depends_on_nothing_but_the_documents(tmp_path: Path) -> None:
    docs = web(150)
    docs += [Doc(docs[0].text + " " + prose(7000 + number, 60), f"copy/{number}", f"copy-{number}") for number in range(6)]
    expected = by_origin(run(tmp_path / "one", one := [write_segment(tmp_path / "one", docs)], eval_fraction=0.1), one, docs)
    shuffled = random.Random(3).sample(docs, len(docs))
    for name, parts, limits, workers in (("parts", 4, Limits(partition_grams=50), 1), ("workers", 3, Limits(few_rows=0), 2)):
        segments = [write_segment(tmp_path / name, shuffled[part::parts]) for part in range(parts)]
        placed = [doc for part in range(parts) for doc in shuffled[part::parts]]
        assert by_origin(run(tmp_path / name, segments, None, limits, workers, eval_fraction=0.1), segments, placed) == expected


def test_pins_of_two_runs_are_the_same_bytes_and_settle(tmp_path: Path) -> None:
    docs = web(200)
    segments = [write_segment(tmp_path, docs[part::3]) for part in range(3)]
    first = run(tmp_path, segments, eval_fraction=0.05)
    again = run(tmp_path, segments[::-1], pinned(first), eval_fraction=0.05)
    assert (first / "pins.parquet").read_bytes() == (again / "pins.parquet").read_bytes()


def test_eval_stays_eval_when_the_corpus_grows_and_texts_are_cleaned_anew(tmp_path: Path) -> None:
    docs = web(200)
    first = run(tmp_path, old := [write_segment(tmp_path, docs)], eval_fraction=0.05)
    before = {doc.work for doc, row in zip(docs, verdicts(first, old), strict=True) if row["split"] == "eval"}
    cleaned = [Doc(doc.text + " cleaned otherwise", doc.work, doc.origin) for doc in docs] + web(300, first=500)
    out = run(tmp_path, new := [write_segment(tmp_path, cleaned)], pinned(first), eval_fraction=0.05)
    after = {doc.work for doc, row in zip(cleaned, verdicts(out, new), strict=True) if row["split"] == "eval"}
    assert before < after
    assert 20 <= len(after) <= 30


def test_smaller_share_takes_nothing_back_from_eval(tmp_path: Path) -> None:
    segments = [write_segment(tmp_path, web(200))]
    first = run(tmp_path, segments, eval_fraction=0.1)
    again = run(tmp_path, segments, pinned(first), eval_fraction=0.01)
    assert [row["split"] for row in verdicts(first, segments)] == [row["split"] for row in verdicts(again, segments)]


def eval_of(first: Path, segments: Sequence[Segment], docs: Sequence[Doc]) -> Doc:
    return next(doc for doc, row in zip(docs, verdicts(first, segments), strict=True) if row["split"] == "eval")


def test_longer_new_copy_of_a_pinned_eval_document_does_not_enter_train(tmp_path: Path) -> None:
    docs = web(100)
    first = run(tmp_path, old := [write_segment(tmp_path, docs)], eval_fraction=0.03)
    seen = eval_of(first, old, docs)
    longer = Doc(seen.text + " " + prose(9999, 1500), "other/site", "longer")
    quoting = Doc(prose(9998, 100) + " " + " ".join(seen.text.split()[:60]), "other/quote", "quoting")
    out = run(tmp_path, new := [write_segment(tmp_path, [*docs, longer, quoting])], pinned(first), eval_fraction=0.03)
    rows = by_origin(out, new, [*docs, longer, quoting])
    assert rows["longer"]["reason"] == rows["quoting"]["reason"] == "near_eval"
    assert rows["longer"]["twin"] == document_id("web", seen.text) and rows["longer"]["score"] == pytest.approx(1.0)
    assert rows["quoting"]["score"] >= 0.2 and rows["quoting"]["stage"] == "split"


def test_copy_of_a_vanished_eval_document_does_not_enter_train(tmp_path: Path) -> None:
    docs = [Doc(prose(1000 + number, 700), f"site/{number}", f"page-{number}") for number in range(60)]
    first = run(tmp_path, old := [write_segment(tmp_path, docs)], eval_fraction=0.1)
    seen = eval_of(first, old, docs)
    rest = [doc for doc in docs if doc is not seen] + [Doc("new title " + seen.text, "mirror", "mirror")]
    pins = pinned(first)
    out = run(tmp_path, new := [write_segment(tmp_path, rest)], pins, eval_fraction=0.05)
    row = by_origin(out, new, rest)["mirror"]
    assert (row["reason"], row["twin"]) == ("near_eval", document_id("web", seen.text))
    again = run(tmp_path, new, pinned(out), eval_fraction=0.05)
    assert document_id("web", seen.text) in pq.read_table(again / "pins.parquet")["id"].to_pylist()


def test_document_that_others_quote_is_not_chosen(tmp_path: Path) -> None:
    docs = web(40)
    quoting = [Doc(docs[number].text + " " + prose(3000 + number, 40), f"q/{number}", f"quote-{number}") for number in range(30)]
    segment = write_segment(tmp_path, docs + quoting)
    rows = verdicts(run(tmp_path, [segment], eval_fraction=0.1, max_share=0.2), [segment])
    chosen = [number for number, row in enumerate(rows) if row["split"] == "eval"]
    assert chosen and all(30 <= number < 40 for number in chosen)
    assert not any(row["reason"] for row in rows)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_train_document_overlaps_eval_more_than_the_bound(tmp_path: Path, seed: int) -> None:
    chosen = random.Random(seed)
    passages = [prose(8000 + number, 40) for number in range(30)]
    texts = [" ".join([prose(9000 + number, 60), *chosen.sample(passages, 2)]) for number in range(300)]
    docs = [Doc(text, f"w/{number}", f"{number}") for number, text in enumerate(texts)]
    rows = verdicts(run(tmp_path, [segment := write_segment(tmp_path, docs)], eval_fraction=0.05, seed=seed), [segment])
    assert max_overlap(docs, rows) < 0.2
    assert any(row["split"] == "eval" for row in rows)


def test_split_that_leaves_too_much_overlap_is_refused(tmp_path: Path) -> None:
    docs = web(60)
    first = run(tmp_path, old := [write_segment(tmp_path, docs)], eval_fraction=0.05)
    seen = eval_of(first, old, docs)
    docs += [Doc(prose(9998, 100) + " " + " ".join(seen.text.split()[:60]), "other/quote", "quoting")]
    out = run(tmp_path, new := [write_segment(tmp_path, docs)], pinned(first), eval_fraction=0.05)
    few = {"few_rows": 1000, "partition_grams": 1000}
    assert check_overlap(new, out, 0.1, engine(tmp_path), **few) == pytest.approx(max_overlap(docs, verdicts(out, new)), abs=1e-9)
    path = out / f"{new[0].fingerprint}.parquet"
    table = pq.read_table(path)
    sides = [split or "train" for split in table["split"].to_pylist()]
    pq.write_table(table.set_column(table.schema.get_field_index("split"), "split", pa.array(sides)), path)
    with pytest.raises(ContractError, match="overlaps eval"):
        check_overlap(new, out, 0.1, engine(tmp_path), **few)


def test_eval_stays_eval_when_its_file_is_moved(tmp_path: Path) -> None:
    docs = web(100)
    first = run(tmp_path, old := [write_segment(tmp_path, docs)], eval_fraction=0.05)
    moved = [Doc(doc.text, f"moved/{doc.work}", f"moved-{doc.origin}") for doc in docs]
    out = run(tmp_path, new := [write_segment(tmp_path, moved)], pinned(first), eval_fraction=0.05)
    assert [row["split"] for row in verdicts(first, old)] == [row["split"] for row in verdicts(out, new)]


def test_changed_text_of_a_moved_eval_document_does_not_enter_train(tmp_path: Path) -> None:
    docs = [Doc(prose(1000 + number, 700), f"site/{number}", f"page-{number}") for number in range(60)]
    first = run(tmp_path, old := [write_segment(tmp_path, docs)], eval_fraction=0.1)
    changed = [Doc(doc.text + " cleaned otherwise", f"moved/{doc.work}", f"moved-{doc.origin}") for doc in docs]
    out = run(tmp_path, new := [write_segment(tmp_path, changed)], pinned(first), eval_fraction=0.05)
    for before, after in zip(verdicts(first, old), verdicts(out, new), strict=True):
        assert before["split"] == "train" or after["split"] == "eval" or after["reason"] == "near_eval"


def test_pins_hold_work_id_and_signature_of_every_eval_document(tmp_path: Path) -> None:
    docs = web(100)
    out = run(tmp_path, segments := [write_segment(tmp_path, docs)], eval_fraction=0.05)
    is_eval = [row["split"] == "eval" for row in verdicts(out, segments)]
    signatures = pq.read_table(segments[0].table("signatures"), columns=["signature"])["signature"].to_pylist()
    found = {
        (doc.work, document_id("web", doc.text), signature)
        for doc, signature, chosen in zip(docs, signatures, is_eval, strict=True)
        if chosen
    }
    pins = pq.read_table(out / "pins.parquet").to_pylist()
    assert found and {(row["work"], row["id"], row["signature"]) for row in pins} == found


def test_small_stratum_gives_the_minimum(tmp_path: Path) -> None:
    docs = [*web(300), *web(12, first=400, lang="fa")]
    rows = verdicts(run(tmp_path, [segment := write_segment(tmp_path, docs)], eval_fraction=0.01, min_documents=3), [segment])
    assert [row["split"] for row in rows[300:]].count("eval") == 3


def test_documents_that_contain_a_test_question_are_dropped_with_evidence(tmp_path: Path) -> None:
    question = "If a train leaves the station at nine and travels at sixty miles an hour when does it arrive in the next town"
    short = "What is the capital city of Burkina Faso today?"
    test_set = tmp_path / "exam.jsonl"
    lines = ({"id": 7, "question": question, "answer": "noon"}, {"q": [short, "too short"]})
    test_set.write_text("\n".join(map(json.dumps, lines)))
    docs = [Doc(prose(1) + f"\n{question.upper()}?\n" + prose(2), origin="long"), Doc(f"quiz: {short}", origin="short"), *web(50)]
    out = run(tmp_path, segments := [write_segment(tmp_path, docs)], test_sets=(str(test_set),))
    rows = by_origin(out, segments, docs)
    assert (rows["long"]["reason"], rows["long"]["score"], rows["short"]["reason"]) == ("in_test_set", 1.0, "in_test_set")
    assert rows["long"]["twin"].startswith(
        "exam.jsonl:1: If a train leaves the station at nine and travels at sixty miles | a train"
    )
    assert (
        rows["short"]["twin"]
        == "exam.jsonl:2: What is the capital city of Burkina Faso | is the capital city of Burkina Faso today"
    )
    assert sum(row["reason"] == "in_test_set" for row in rows.values()) == 2
    evidence = pq.read_table(out / "test_sets.parquet").to_pylist()
    assert {row["id"] for row in evidence} == {rows["long"]["id"], rows["short"]["id"]}
    assert "at sixty miles an hour when does it arrive in the next town" in str([row["ngrams"] for row in evidence])


def test_question_text_that_many_documents_share_is_no_evidence(tmp_path: Path) -> None:
    boilerplate = "Read the passage below with care and choose the one best answer to each of the questions that follow it"
    test_set = tmp_path / "exam.jsonl"
    test_set.write_text(json.dumps({"question": boilerplate}))
    docs = [Doc(f"{boilerplate} {prose(number)}", origin=str(number)) for number in range(30)]
    out = run(tmp_path, segments := [write_segment(tmp_path, docs)], test_sets=(str(test_set),), max_common=20)
    assert not [row for row in verdicts(out, segments) if row["reason"] == "in_test_set"]


def test_segments_without_rows_get_empty_verdicts(tmp_path: Path) -> None:
    segments = [write_segment(tmp_path, []), write_segment(tmp_path, [Doc(prose(1), reason="short")], source="wiki")]
    out = run(tmp_path, segments)
    assert [row["split"] for row in verdicts(out, segments)] == [None]
    assert pq.read_table(out / "pins.parquet").num_rows == 0


@pytest.mark.parametrize(
    "question",
    [
        "हर व्यक्ति को जन्म से ही स्वतंत्रता और समानता के अधिकार मिलते हैं और सबको मिलकर रहना चाहिए",
        "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心。",
    ],
)
def test_evidence_of_a_question_is_its_words_in_any_script(tmp_path: Path, question: str) -> None:
    file = tmp_path / "asked.jsonl"
    file.write_text(json.dumps({"question": question}), encoding="utf-8")
    docs = [*web(5), Doc(f"{prose(1, 30)} {question} {prose(2, 30)}", "asked", "asked")]
    out = run(tmp_path, segments := [write_segment(tmp_path, docs)], test_sets=(str(file),))
    assert by_origin(out, segments, docs)["asked"]["reason"] == "in_test_set"
    (found,) = pq.read_table(out / "test_sets.parquet").to_pylist()
    assert found["ngrams"]
    for gram in found["ngrams"]:
        words = gram.split()
        assert len(words) == 13 and "".join(words) in "".join(char for char in question if char not in " ，。")
