"""The step `deduplicate`: who is dropped, for whom, and that nothing but the documents decides it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.dedup.config import Config
from curation.dedup.step import Limits, deduplicate
from curation.document import document_id
from tests.dedup.corpus import Doc, engine, verdicts, write_segment

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "lmnrst"]


def prose(seed: int, length: int = 300) -> str:
    chosen = random.Random(seed)
    return " ".join(chosen.choice(WORDS) for _ in range(length))


def edited(text: str, *places: int) -> str:
    """The text with other words at `places`: each changes five shingles."""
    words = text.split()
    for place in places:
        words[place] = f"{place:03d}"  # as long as the word before
    return " ".join(words)


def word_jaccard(left: str, right: str) -> float:
    sets = [{tuple(words[i : i + 5]) for i in range(len(words) - 4)} for words in (left.lower().split(), right.lower().split())]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def run(tmp_path: Path, docs: list[Doc], pins: Path | None = None, **settings: Any) -> list[dict[str, Any]]:
    segment = write_segment(tmp_path, docs)
    out = tmp_path / "out"
    out.mkdir()
    deduplicate([segment], tmp_path / "previous", Config(**settings), pins, out, engine(tmp_path))
    return verdicts(out, [segment])


def reasons(rows: list[dict[str, Any]]) -> list[str | None]:
    return [row["reason"] for row in rows]


def test_exact_copies_of_one_text_leave_one(tmp_path: Path) -> None:
    rows = run(tmp_path, [Doc(prose(1)), Doc(prose(2)), Doc(prose(1)), Doc(prose(1))])
    assert sorted(map(str, reasons(rows))) == ["None", "None", "exact_duplicate", "exact_duplicate"]
    assert {(row["twin"], row["score"], row["stage"]) for row in rows if row["reason"]} == {
        (document_id("web", prose(1)), 1.0, "deduplicate")
    }


def test_near_copy_names_its_keeper_and_the_exact_similarity(tmp_path: Path) -> None:
    text = prose(1)
    copy = edited(text, 40, 200)
    rows = run(tmp_path, [Doc(copy), Doc(text + " end"), Doc(prose(2))])
    assert reasons(rows) == ["near_duplicate", None, None]
    assert rows[0]["twin"] == document_id("web", text + " end")
    assert rows[0]["score"] == pytest.approx(word_jaccard(copy, text + " end"), abs=1e-6)


def test_pair_below_the_threshold_stays(tmp_path: Path) -> None:
    text = prose(1)
    copy = edited(text, *range(5, 290, 45))
    assert 0.78 < word_jaccard(text, copy) < 0.8
    assert reasons(run(tmp_path, [Doc(text), Doc(copy)])) == [None, None]


def test_pair_at_a_lower_threshold_goes(tmp_path: Path) -> None:
    text = prose(1)
    rows = run(tmp_path, [Doc(text + " end"), Doc(edited(text, *range(5, 290, 45)))], threshold=0.75)
    assert reasons(rows) == [None, "near_duplicate"]


def chain() -> list[str]:
    """A - B - C: neighbours are near-duplicates, the ends are not; A is the longest, C the shortest."""
    middle = prose(1)
    return [edited(middle, 10, 40, 70, 100) + " end", middle, " ".join(edited(middle, 160, 190, 220, 250).split()[:-1])]


def test_chain_keeps_the_end_that_is_no_copy_of_a_kept_one(tmp_path: Path) -> None:
    first, middle, last = chain()
    assert word_jaccard(first, middle) > 0.8 < word_jaccard(middle, last)
    assert word_jaccard(first, last) < 0.8
    rows = run(tmp_path, [Doc(last), Doc(first), Doc(middle)])
    assert reasons(rows) == [None, None, "near_duplicate"]
    assert rows[2]["twin"] == document_id("web", first)


def test_chain_whose_head_is_deleted_lets_its_twin_come_back(tmp_path: Path) -> None:
    first, middle, last = chain()
    rows = run(tmp_path, [Doc(last), Doc(first, reason="takedown"), Doc(middle)])
    assert reasons(rows) == ["near_duplicate", "takedown", None]
    assert rows[0]["twin"] == document_id("web", middle)
    assert rows[1]["stage"] == "select"


def test_chapter_inside_a_book_is_contained(tmp_path: Path) -> None:
    book = prose(1, 6000)
    chapter = " ".join(book.split()[2000:2600])
    rows = run(tmp_path, [Doc(chapter), Doc(book), Doc(prose(3, 600))])
    assert reasons(rows) == ["contained", None, None]
    assert rows[0]["twin"] == document_id("web", book)
    assert rows[0]["score"] == pytest.approx(1.0)


def test_chapter_with_as_much_new_text_stays(tmp_path: Path) -> None:
    book = prose(1, 6000)
    chapter = " ".join(book.split()[2000:2600]) + " " + prose(9, 300)
    assert reasons(run(tmp_path, [Doc(chapter), Doc(book)])) == [None, None]


def test_mail_that_a_reply_quotes_is_contained(tmp_path: Path) -> None:
    mail = prose(1, 200)
    lines = [" ".join(mail.split()[start : start + 10]) for start in range(0, 200, 10)]
    reply = prose(2, 150) + "\n\nOn Monday somebody wrote:\n> " + "\n> ".join(lines)
    rows = run(tmp_path, [Doc(mail), Doc(reply)])
    assert reasons(rows) == ["contained", None]
    assert rows[0]["twin"] == document_id("web", reply)


def test_older_revision_that_the_page_has_outgrown_is_contained(tmp_path: Path) -> None:
    old = prose(1, 300)
    page = old + " " + prose(2, 200)
    assert word_jaccard(old, page) < 0.8
    rows = run(tmp_path, [Doc(page, "page", revised=2023), Doc(old, "page", "old", revised=2019)])
    assert reasons(rows) == [None, "contained"]
    assert rows[1]["score"] == pytest.approx(1.0)


def test_newest_revision_of_a_work_is_kept_though_shorter(tmp_path: Path) -> None:
    text = prose(1)
    docs = [
        Doc(text + " more and more", "page", revised=2020),
        Doc(text, "page", revised=2023),
        Doc(text + " more", "page", revised=2021),
    ]
    assert reasons(run(tmp_path, docs)) == ["near_duplicate", None, "near_duplicate"]


def test_pinned_eval_document_is_kept_before_any_other(tmp_path: Path) -> None:
    text = prose(1)
    docs = [Doc(text + " longer", "train-work"), Doc(text, "eval-work")]
    pins = tmp_path / "pins"
    pins.mkdir()
    pq.write_table(pa.table({"id": pa.array([None], pa.string()), "work": ["eval-work"]}), pins / "eval.parquet")
    assert reasons(run(tmp_path, docs, pins)) == ["near_duplicate", None]


def test_texts_without_words_are_never_near_duplicates(tmp_path: Path) -> None:
    assert reasons(run(tmp_path, [Doc("!!!"), Doc("???"), Doc("...!")])) == [None, None, None]


def corpus() -> list[Doc]:
    """Clusters of copies, a long run of one band, chapters, and distinct texts."""
    docs = [
        Doc(edited(prose(cluster), *range(7 * copy % 20, 300, 150)), f"w{cluster}", f"{cluster}/{copy}")
        for cluster in range(6)
        for copy in range(7)
    ]
    docs += [Doc(f"{prose(50)} tail{number}", origin=f"tail/{number}") for number in range(45)]
    docs += [Doc(prose(90, 3000), origin="book"), Doc(" ".join(prose(90, 3000).split()[100:400]), origin="chapter")]
    return docs + [
        Doc(prose(100 + number), origin=f"own/{number}", reason="short" if number % 5 == 0 else None) for number in range(20)
    ]


def decide(tmp_path: Path, docs: list[Doc], parts: int, limits: Limits | None = None, workers: int = 1) -> dict[str, Any]:
    segments = [write_segment(tmp_path, docs[part::parts]) for part in range(parts)]
    out = tmp_path / "out"
    out.mkdir()
    deduplicate(segments, tmp_path / "previous", Config(), None, out, engine(tmp_path, workers), limits)
    placed = [doc for part in range(parts) for doc in docs[part::parts]]
    return {
        doc.origin: (row["reason"], row["twin"], row["score"]) for doc, row in zip(placed, verdicts(out, segments), strict=True)
    }


def test_result_depends_on_nothing_but_the_documents(tmp_path: Path) -> None:
    docs = corpus()
    expected = decide(tmp_path / "one", docs, parts=1)
    shuffled = random.Random(7).sample(docs, len(docs))
    assert decide(tmp_path / "many", shuffled, parts=5, limits=Limits(partition_rows=10, bin_shingles=1000)) == expected
    assert decide(tmp_path / "workers", shuffled, parts=3, limits=Limits(few_rows=0), workers=2) == expected
    found = [reason for reason, _, _ in expected.values()]
    assert found.count("near_duplicate") >= 44 + 6 and found.count("contained") == 1 and found.count("short") == 4


def test_every_drop_names_a_kept_document_it_verifies_against(tmp_path: Path) -> None:
    docs = corpus()
    result = decide(tmp_path, docs, parts=4)
    text_of = {document_id("web", doc.text): doc.text for doc in docs}
    kept = {document_id("web", doc.text) for doc in docs if result[doc.origin][0] is None}
    for doc in docs:
        reason, twin, score = result[doc.origin]
        if reason == "near_duplicate":
            assert twin in kept
            assert score == pytest.approx(word_jaccard(doc.text, text_of[twin]), abs=1e-6) and score >= 0.8


def test_segments_without_rows_get_empty_verdicts(tmp_path: Path) -> None:
    segments = [write_segment(tmp_path, []), write_segment(tmp_path, [Doc(prose(1), reason="short")], source="wiki")]
    (tmp_path / "out").mkdir()
    summary = deduplicate(segments, tmp_path / "previous", Config(), None, tmp_path / "out", engine(tmp_path))
    assert reasons(verdicts(tmp_path / "out", segments)) == ["short"]
    assert summary["documents"] == 0
    assert deduplicate([], tmp_path / "previous", Config(), None, tmp_path / "out", engine(tmp_path))["documents"] == 0


def test_short_mail_that_one_reply_quotes_is_contained_where_a_sampled_gram_is_in_common(tmp_path: Path) -> None:
    """Of sixty mails of 70 words, nearly nine in ten have a sampled 13-gram: those are found, and nothing else is dropped."""
    mails = [prose(40_000 + number, 70) for number in range(60)]
    docs = [Doc(mail, f"mail-{number}") for number, mail in enumerate(mails)]
    docs += [Doc(f"{prose(50_000 + number, 300)} {mail}", f"reply-{number}") for number, mail in enumerate(mails)]
    found = reasons(run(tmp_path, docs))
    assert found[:60].count("contained") >= 45 and set(found[60:]) == {None}
