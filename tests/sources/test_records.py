"""Tables of any form as documents, whole and by parts, sound and broken."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.source import Dropped, Input, Record
from curation.sources import books, boundedlines, jsonrows, segments, splitting, web
from curation.sources.records import read_row
from tests.sources.material import COMPRESSORS, prose, read_one, texts, write

ROWS = [{"id": f"doc-{i}", "text": prose(60 + i, i), "url": f"https://example.org/{i}/page"} for i in range(30)]


def as_jsonl(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def as_array(rows: list[dict[str, Any]]) -> bytes:
    return json.dumps(rows, indent=1).encode()


def as_concatenated(rows: list[dict[str, Any]]) -> bytes:
    return "\n".join(json.dumps(row, indent=2) for row in rows).encode()


def as_csv(rows: list[dict[str, Any]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_parquet(rows: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out, row_group_size=7)
    return out.getvalue()


FORMS: dict[str, Callable[[list[dict[str, Any]]], bytes]] = {
    "jsonl": as_jsonl, "array": as_array, "concatenated": as_concatenated, "csv": as_csv, "parquet": as_parquet,
    "tsv": lambda rows: as_csv(rows, "\t"), "utf-16 jsonl": lambda rows: as_jsonl(rows).decode().encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["books", "papers", "web"])
def test_records_any_form_gives_the_same_texts_for_every_kind(tmp_path: Path, form: str, kind: str) -> None:
    name = "rows.tsv" if form == "tsv" else "rows.csv" if form == "csv" else "rows"
    found = read_one(kind, tmp_path, name, FORMS[form](ROWS))
    assert texts(found) == [row["text"] for row in ROWS]
    assert len({row.origin for row in found}) == len(ROWS)
    assert {row.work for row in found if isinstance(row, Record)} == {
        row["id"] if len(row["id"]) > 12 else f"{name}#{row['id']}" for row in ROWS
    }


def test_records_multiline_csv_field_with_quotes_is_one_text(tmp_path: Path) -> None:
    rows = [
        {"title": "a", "body": 'He said "wait",\nand waited for the tide to turn at noon.'},
        {"title": "b", "body": prose(30)},
    ]
    assert texts(read_one("web", tmp_path, "a.csv", as_csv(rows))) == [row["body"] for row in rows]


def test_records_column_named_in_the_recipe_wins(tmp_path: Path) -> None:
    rows = [{"text": "the wrong one of two columns", "wanted": prose(20)}]
    assert texts(read_one("web", tmp_path, "a.jsonl", as_jsonl(rows), text_column="wanted")) == [prose(20)]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"Content": "Body text"}, "Body text"),
        ({"raw_content": "Body", "title": "T"}, "Body"),
        ({"body_text": [{"section": "A", "text": "One."}, {"text": "Too"}], "abstract": "Brief."}, "Brief.\n\nA\n\nOne.\n\nToo"),
        ({"paragraphs": ["One.", "", "Two."]}, "One.\n\nTwo."),
        ({"meta": {"n": 1}, "data": {"text": "Nested text"}}, "Nested text"),
        ({"strange": "The longest string counts where no name helps.", "n": 5}, "The longest string counts where no name helps."),
    ],
)  # fmt: skip
def test_read_row_text_is_found_where_data_sets_keep_it(row: dict[str, Any], text: str) -> None:
    found = read_row(row)
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    "row", [{"a": 1, "b": "short"}, {"text": ""}, {"text": None}, 5, None, [], {"sepal": 5.1, "species": "setosa"}]
)
def test_read_row_without_text_is_none(row: Any) -> None:
    assert read_row(row) is None


def test_read_row_date_and_licence_come_along() -> None:
    row = read_row({"text": "x y z", "updated_at": "2021-03-04T05:06:07Z", "license": "MIT", "doi": "10.1000/182"})
    assert row is not None
    assert row.revised is not None
    assert (row.revised.isoformat(), row.license, row.work) == ("2021-03-04T05:06:07+00:00", "MIT", "10.1000/182")


def test_records_broken_lines_are_dropped_one_by_one(tmp_path: Path) -> None:
    data = (
        as_jsonl(ROWS[:1])
        + b'{"text": "cut\n'
        + b"\xff\xfe{\n"
        + as_jsonl(ROWS[1:2])
        + b"[" * 100_000
        + b"\n"
        + as_jsonl(ROWS[2:3])
    )
    first, second, third = (row["text"] for row in ROWS[:3])
    broken = "dropped: broken_record"
    assert texts(read_one("web", tmp_path, "a.jsonl", data)) == [first, broken, broken, second, broken, third]


def test_records_truncated_array_gives_what_is_whole(tmp_path: Path) -> None:
    data = as_array(ROWS)
    assert texts(read_one("web", tmp_path, "a.json", data[: len(data) - 20])) == [
        *(row["text"] for row in ROWS[:-1]),
        "dropped: broken_record",
    ]


def test_records_element_over_the_limit_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundedlines, "MAX_RECORD_BYTES", 1000)
    data = as_jsonl([ROWS[0], {"text": "long " * 1000}, ROWS[1]])
    assert texts(read_one("web", tmp_path, "a.jsonl", data)) == [ROWS[0]["text"], "dropped: record_too_large", ROWS[1]["text"]]


def test_records_encrypted_or_damaged_parquet_is_quarantined(tmp_path: Path) -> None:
    data = as_parquet(ROWS)
    assert texts(read_one("web", tmp_path, "a.parquet", data[:-300] + bytes(292) + data[-8:])) == ["dropped: unreadable"]
    assert texts(read_one("web", tmp_path, "b.parquet", b"PARE" + data[4:])) == ["dropped: encrypted"]


def test_records_long_row_goes_on_in_numbered_pieces(tmp_path: Path) -> None:
    found = read_one("web", tmp_path, "a.jsonl", as_jsonl([{"text": prose(3000)}]), max_document_bytes=4096)
    assert [row.origin for row in found][:2] == ["a.jsonl#byte 0", "a.jsonl#byte 0/2"]
    assert " ".join(texts(found)).split() == prose(3000).split()


@pytest.mark.parametrize("packer", COMPRESSORS)
@pytest.mark.parametrize("form", ["jsonl", "text", "parquet"])
def test_parts_of_a_large_file_add_up_to_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packer: str, form: str
) -> None:
    monkeypatch.setattr(splitting, "PART_BYTES", 1 << 16)
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 1 << 14)
    monkeypatch.setattr(segments, "SEARCH_BYTES", 1 << 12)
    rows = [{"text": prose(100 + i % 90, i)} for i in range(500)]
    text = "\n\n".join(row["text"] for row in rows)
    data = {"parquet": as_parquet(rows), "jsonl": as_jsonl(rows), "text": text.encode()}[form]
    source = books if form == "text" else web
    file = write(tmp_path, "big", COMPRESSORS[packer](data))
    parts = source.splittable(file, source.Config())
    if form == "parquet" and packer != "plain":
        assert parts == []
        return
    whole = list(source.read(Input("big", (file,)), source.Config()))
    found = [row for part in parts for row in source.read(Input("big", (file,), part), source.Config())]
    assert len(parts) > 3
    assert found == whole
    assert " ".join(texts(found)).split() == text.split()


def test_splittable_archive_and_small_file_are_read_whole(tmp_path: Path) -> None:
    assert books.splittable(write(tmp_path, "a.txt", prose(100)), books.Config()) == []
    assert jsonrows.is_json_lines(b'{"a": 1}\n{"a": 2}\n')
    assert not jsonrows.is_json_lines(b'[{"a": 1},\n{"a": 2}]\n')


def test_records_same_file_read_twice_gives_the_same_rows(tmp_path: Path) -> None:
    first = read_one("web", tmp_path, "a.jsonl", as_jsonl(ROWS))
    assert first == read_one("web", tmp_path, "a.jsonl", as_jsonl(ROWS))
    assert not [row for row in first if isinstance(row, Dropped)]
