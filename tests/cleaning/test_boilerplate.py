"""Lines that repeat throughout an input leave it, but for once; nothing else does, however the rows are cut into batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.cleaning import boilerplate
from curation.document import ROLE_END, TURN

FOOTER = "You receive this because you signed up on our pages."
SCHEMA = pa.schema([("input", pa.string()), ("text", pa.string()), ("view", pa.string())])

Row = tuple[str, str, str | None]


def body(number: int) -> str:
    return f"What letter {number} says stands in no other, and it is long enough to matter to whoever counts its characters."


def cut(rows: Iterable[Row], size: int) -> list[pa.RecordBatch]:
    every = list(rows)
    chunks = [every[start : start + size] for start in range(0, len(every), size)]
    return [pa.RecordBatch.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in chunk], SCHEMA) for chunk in chunks]


def passed(rows: Iterable[Row], spool: Path, size: int = 7) -> tuple[list[Row], Counter[str]]:
    lost: Counter[str] = Counter()
    found: list[Row] = []
    for batch, chars in boilerplate.without_boilerplate(iter(cut(rows, size)), spool):
        lost.update(chars)
        found += [tuple(row.values()) for row in batch.to_pylist()]
    assert not spool.exists()
    return found, +lost


def letters(count: int, key: str = "list") -> list[Row]:
    return [(key, f"{body(number)}\n\n{FOOTER}", None) for number in range(count)]


def test_line_of_every_document_stays_in_the_first_and_is_counted(tmp_path: Path) -> None:
    found, lost = passed(letters(30), tmp_path / "spool")
    assert [text for _, text, _ in found] == [f"{body(0)}\n\n{FOOTER}", *(body(number) for number in range(1, 30))]
    assert lost == {"list": 29 * (len(FOOTER) + 2)}


def test_line_of_few_documents_stays(tmp_path: Path) -> None:
    few, rare = letters(9), [*letters(10), *(("list", body(number), None) for number in range(10, 250))]
    assert passed(few, tmp_path / "spool") == (few, Counter())
    assert passed(rare, tmp_path / "spool") == (rare, Counter())


def test_copies_of_one_document_stay_whole(tmp_path: Path) -> None:
    rows: list[Row] = [("list", f"{body(1)}\n{body(2)}", None)] * 20
    assert passed(rows, tmp_path / "spool") == (rows, Counter())


def test_another_input_changes_nothing(tmp_path: Path) -> None:
    alone, _ = passed(letters(30), tmp_path / "spool")
    others = [*letters(4, "a"), *letters(30), *letters(6, "z")]
    found, lost = passed(others, tmp_path / "spool")
    assert [row for row in found if row[0] == "list"] == alone
    assert [row for row in found if row[0] != "list"] == [row for row in others if row[0] != "list"]
    assert set(lost) == {"list"}


def test_input_larger_than_the_memory_for_it_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*letters(4, "a"), *letters(60), *letters(30, "z")]
    expected = passed(rows, tmp_path / "spool")
    monkeypatch.setattr(boilerplate, "SPOOL_BYTES", 2000)
    assert passed(rows, tmp_path / "spool") == expected


def test_counting_forgets_lines_seen_once_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = passed(letters(60), tmp_path / "spool")
    monkeypatch.setattr(boilerplate, "MAX_LINES", 20)
    assert passed(letters(60), tmp_path / "spool") == expected


def test_lines_that_differ_in_what_was_replaced_are_the_same_line(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("list", f"{body(n)}\nAsk {n}{n}@example.org if you want to leave", f"{body(n)}\nAsk EMAIL if you want to leave")
        for n in range(20)
    ]
    found, _ = passed(rows, tmp_path / "spool")
    assert found[0] == rows[0]
    assert found[1:] == [("list", body(n), body(n)) for n in range(1, 20)]


def test_marks_of_turns_stay(tmp_path: Path) -> None:
    greeting = f"{TURN}assistant{ROLE_END}How may I help you on this fine day?"
    rows: list[Row] = [("list", f"{greeting}\n{body(n)}", None) for n in range(20)]
    assert passed(rows, tmp_path / "spool") == (rows, Counter())


@given(st.data())
def test_batches_however_cut_give_the_same_rows(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    spool = tmp_path_factory.getbasetemp() / "spool"
    lines = st.lists(st.sampled_from([FOOTER, body(1), body(2), "short", ""]), max_size=4).map("\n".join)
    sizes = data.draw(st.lists(st.integers(1, 30), min_size=1, max_size=4))
    rows: list[Row] = [(str(key), data.draw(lines), None) for key, size in enumerate(sizes) for _ in range(size)]
    assert passed(rows, spool, data.draw(st.integers(1, 50))) == passed(rows, spool, 1000)
