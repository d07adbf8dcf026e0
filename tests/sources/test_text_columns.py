"""Tables with a text column and plain text, for the kinds whose own formats are others: chat, code, wiki."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.source import Dropped
from curation.sources import chat, code, wiki
from tests.sources.material import make_zip, prose
from tests.sources.reading import num_messages, read_all, turns, write

Rows = list[dict[str, Any]]


def as_csv(rows: Rows) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_parquet(rows: Rows) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


FORMS: dict[str, Callable[[Rows], bytes]] = {
    "rows.jsonl": lambda rows: "".join(json.dumps(row) + "\n" for row in rows).encode(),
    "rows.jsonl.gz": lambda rows: gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()),
    "rows.json": lambda rows: json.dumps(rows, indent=2).encode(),
    "rows.csv": as_csv,
    "rows.parquet": as_parquet,
}
DIALOGUES = [
    "Ada: Did the boat come in?\nBo: Not yet.\nAda: Then we wait.\nBo: We do.",
    "A story told by one person alone, without a name before it.",
]


@pytest.mark.parametrize("form", FORMS)
def test_chat_rows_with_a_text_column_are_conversations_of_their_own(tmp_path: Path, form: str) -> None:
    rows = [{"id": f"d{i}", "text": text} for i, text in enumerate(DIALOGUES)]
    records, drops = read_all(chat, write(tmp_path, {form: FORMS[form](rows)}))
    assert [record.text for record in records] == DIALOGUES and not drops
    assert records[0].speakers == ("Ada", "Bo") and records[1].speakers == ()
    assert [record.work.rpartition("/")[2] for record in records] == ["d0", "d1"]
    assert len({record.origin for record in records}) == 2


@pytest.mark.parametrize("form", FORMS)
def test_chat_column_named_in_the_recipe_wins(tmp_path: Path, form: str) -> None:
    rows = [{"text": "not this one", "Wanted": text} for text in DIALOGUES]
    records, _ = read_all(chat, write(tmp_path, {form: FORMS[form](rows)}), text_column="Wanted")
    assert [record.text for record in records] == DIALOGUES


def test_chat_text_in_roles_becomes_turns(tmp_path: Path) -> None:
    rows = [{"text": "User: What is a quay?\nAssistant: A place where boats land.\n\nIt is built of stone."}]
    records, _ = read_all(chat, write(tmp_path, {"a.csv": as_csv(rows)}))
    assert turns(records[0]) == [("user", "What is a quay?"), ("assistant", "A place where boats land.\n\nIt is built of stone.")]


@pytest.mark.parametrize("form", ["rows.csv", "rows.parquet"])
def test_chat_table_of_author_date_and_content_is_a_channel(tmp_path: Path, form: str) -> None:
    rows = [
        {
            "AuthorID": "11",
            "Author": "ada",
            "Date": "2021-03-04T10:00:00.0000000+00:00",
            "Content": "one, two",
            "Attachments": "",
        },
        {
            "AuthorID": "12",
            "Author": "bo",
            "Date": "2021-03-04T10:01:00.0000000+00:00",
            "Content": "three\nfour",
            "Attachments": "",
        },
        {"AuthorID": "11", "Author": "ada", "Date": "2021-03-04T10:02:00.0000000+00:00", "Content": "", "Attachments": "a.png"},
        {"AuthorID": "12", "Author": "bo", "Date": "2021-03-05T10:00:00.0000000+00:00", "Content": "next day", "Attachments": ""},
    ]
    records, drops = read_all(chat, write(tmp_path, {form: FORMS[form](rows)}))
    assert [record.text for record in records] == ["ada: one, two\nbo: three\nfour", "bo: next day"]
    assert [set(record.speakers) for record in records] == [{"ada", "bo"}, {"bo"}]
    assert [drop.reason for drop in drops] == ["media"]
    assert num_messages(records, drops) == len(rows)


def test_chat_table_with_twelve_hour_dates_is_cut_at_pauses(tmp_path: Path) -> None:
    times = ["25-Dec-23 11:50 AM", "25-Dec-23 12:10 PM", "25-Dec-23 07:45 PM"]
    rows = [{"Author": "ada", "Date": time, "Content": f"number {i}"} for i, time in enumerate(times)]
    records, _ = read_all(chat, write(tmp_path, {"a.csv": as_csv(rows)}))
    assert [record.text for record in records] == ["ada: number 0\nada: number 1", "ada: number 2"]


def test_chat_long_table_gives_every_message_an_origin_of_its_own(tmp_path: Path) -> None:
    rows = [
        {"author": f"user{i % 7}", "date": f"2021-03-{1 + i // 600:02d}T10:00:00Z", "content": f"word {i}"} for i in range(11_000)
    ]
    records, drops = read_all(chat, write(tmp_path, {"a.csv": as_csv(rows)}), max_conversation_chars=40)
    assert len({record.origin for record in records}) == len(records)
    assert num_messages(records, drops) == 11_000


def test_chat_parquet_with_lists_of_messages_keeps_the_roles(tmp_path: Path) -> None:
    rows = [{"messages": [{"role": "user", "content": "Hello there"}, {"role": "assistant", "content": "Good day"}]}] * 2
    records, _ = read_all(chat, write(tmp_path, {"a.parquet": as_parquet(rows)}))
    assert [turns(record) for record in records] == [[("user", "Hello there"), ("assistant", "Good day")]] * 2


def test_chat_pairs_of_question_and_answer_in_a_csv_are_conversations(tmp_path: Path) -> None:
    rows = [{"prompt": "Is it late?", "response": "It is, a little."}, {"prompt": "Why so?", "response": "The tide."}]
    records, _ = read_all(chat, write(tmp_path, {"a.csv": as_csv(rows)}))
    assert [turns(record)[1][1] for record in records] == ["It is, a little.", "The tide."]


def test_chat_row_of_megabytes_goes_on_in_further_conversations(tmp_path: Path) -> None:
    text = " ".join(f"word{number}" for number in range(300_000))
    records, _ = read_all(chat, write(tmp_path, {"a.jsonl": json.dumps({"id": "long", "text": text}) + "\n"}))
    assert " ".join(record.text.replace("\n", " ") for record in records) == text
    assert max(len(record.text) for record in records) < 100_000
    assert {record.work.rpartition("/")[2] for record in records} == {"long"}


def test_chat_transcript_in_plain_text_knows_its_speakers(tmp_path: Path) -> None:
    text = "Minutes of an evening\n\n" + "\n".join(f"{name}: words number {i}" for i, name in enumerate(["Ada L.", "Bo"] * 4))
    records, drops = read_all(chat, write(tmp_path, {"evening.txt": text}))
    assert [record.text for record in records] == [text.replace("\n\n", "\n")]
    assert records[0].speakers == ("Ada L.", "Bo") and not drops


@pytest.mark.parametrize(
    "text",
    [
        "Host: example.org\nAccept: text\nDate: today\n\nbody of a letter\nwith words\n",
        "INFO: start\nWARNING: slow\nINFO: stop\nWARNING: slow\nINFO: end\n",
        "Apple: a fruit.\nBoat: it floats.\nCrane: a bird.\n",
    ],
)
def test_chat_lists_and_logs_with_colons_are_no_transcripts(tmp_path: Path, text: str) -> None:
    records, drops = read_all(chat, write(tmp_path, {"a.txt": text}))
    assert not records and [drop.reason for drop in drops] == ["unknown_format"]


def test_chat_rows_without_any_text_stay_unknown(tmp_path: Path) -> None:
    records, drops = read_all(chat, write(tmp_path, {"a.jsonl": '{"n": 1}\n{"n": 2}\n', "b.json": '{"version": 3}'}))
    assert not records and {drop.reason for drop in drops} == {"unknown_format"}


PYTHON = "def harbour(tide):\n    if tide > 3:\n        return 'open'\n    return 'closed'\n"
FILES = [
    {"content": PYTHON, "path": "src/harbour.py", "lang": "Python", "license": "MIT", "repo_name": "ada/quay"},
    {"content": "int tide(void) { return 3; }\n\nint main(void) { return tide(); }\n", "path": "tide.c", "lang": "C",
     "license": "", "repo_name": "bo/tide"},
    {"content": "a,b\n1,2\n", "path": "data/rows.csv", "lang": "CSV", "license": "MIT", "repo_name": "bo/tide"},
    {"content": "", "path": "empty.py", "lang": "Python", "license": "MIT", "repo_name": "bo/tide"},
]  # fmt: skip


@pytest.mark.parametrize("form", [name for name in FORMS if name != "rows.json"])
def test_code_rows_with_content_and_path_are_files_of_their_repositories(tmp_path: Path, form: str) -> None:
    records, drops = read_all(code, write(tmp_path, {f"data/{form}": FORMS[form](FILES)}))
    assert [record.text for record in records] == [row["content"] for row in FILES[:2]]
    assert [(record.lang, record.license, record.work) for record in records] == [
        ("python", "MIT", "ada/quay"), ("c", "", "bo/tide"),
    ]  # fmt: skip
    assert [drop.reason for drop in drops] == ["data", "empty"]


def test_code_row_with_several_licences_is_under_all_of_them(tmp_path: Path) -> None:
    rows = [{"content": PYTHON, "max_stars_repo_path": "a.py", "max_stars_repo_licenses": ["MIT", "Apache-2.0"]}]
    records, _ = read_all(code, write(tmp_path, {"a.jsonl": FORMS["rows.jsonl"](rows)}))
    assert [record.license for record in records] == ["MIT AND Apache-2.0"]


def test_code_licence_in_the_head_of_a_row_comes_first(tmp_path: Path) -> None:
    rows = [{"content": "# SPDX-License-Identifier: ISC\n" + PYTHON, "path": "a.py", "license": "MIT"}]
    records, _ = read_all(code, write(tmp_path, {"a.jsonl": FORMS["rows.jsonl"](rows)}))
    assert [record.license for record in records] == ["ISC"]


def test_code_column_named_in_the_recipe_is_read(tmp_path: Path) -> None:
    rows = [{"body": PYTHON, "n": 1}]
    folder = write(tmp_path, {"a.jsonl": FORMS["rows.jsonl"](rows)})
    assert [drop.reason for drop in read_all(code, folder)[1]] == ["data"]
    records, _ = read_all(code, folder, text_column="body")
    assert [record.text for record in records] == [PYTHON]


@pytest.mark.parametrize("packed", [False, True])
def test_code_tables_of_a_repository_stay_data(tmp_path: Path, packed: bool) -> None:
    files: dict[str, str | bytes] = {
        "repo/README.md": "# Quay\n\nA harbour in words.\n",
        "repo/fixtures/rows.jsonl": FORMS["rows.jsonl"](FILES),
        "repo/fixtures/rows.csv": as_csv(FILES),
        "repo/quay.py": PYTHON,
    }
    records, drops = read_all(code, write(tmp_path, {"repo.zip": make_zip(files)} if packed else files))
    assert {record.text for record in records} == {files["repo/README.md"], PYTHON}
    assert [drop.reason for drop in drops] == ["data", "data"]


def test_code_row_of_a_notebook_is_its_cells(tmp_path: Path) -> None:
    notebook = {
        "cells": [{"cell_type": "code", "source": ["tide = 3\n", "print(tide)"], "outputs": []}],
        "nbformat": 4,
        "metadata": {},
    }
    rows = [{"content": json.dumps(notebook), "path": "a.ipynb", "lang": "Jupyter Notebook"}]
    records, _ = read_all(code, write(tmp_path, {"a.jsonl": FORMS["rows.jsonl"](rows)}))
    assert "tide = 3" in records[0].text and "cells" not in records[0].text


def test_wiki_plain_text_is_a_document(tmp_path: Path) -> None:
    text = prose(80) + "\n\n" + prose(60, 9)
    records, drops = read_all(wiki, write(tmp_path, {"page.txt": text}))
    assert [(record.text, record.origin) for record in records] == [(text, "page.txt")] and not drops


def test_wiki_pages_as_wikiextractor_writes_them_are_read_one_by_one(tmp_path: Path) -> None:
    pages = "".join(
        f'<doc id="{i}" url="https://xx.wikipedia.org/wiki?curid={i}" title="Tide &amp; quay {i}">\n'
        f"Tide {i}\n\n{prose(30, i)}\n\n</doc>\n"
        for i in range(3)
    )
    folder = write(
        tmp_path,
        {"AA/wiki_00": pages, "AA/wiki_01": '<doc id="9" url="u" title="Empty">\n\n</doc>\n<doc id="10" title="Cut">\nte'},
    )
    records, drops = read_all(wiki, folder)
    assert [record.origin for record in records] == [f"AA/wiki_00#Tide & quay {i}" for i in range(3)]
    assert records[1].text == f"Tide 1\n\n{prose(30, 1)}" and records[1].work == "https://xx.wikipedia.org/wiki?curid=1"
    assert [(type(drop), drop.reason) for drop in drops] == [(Dropped, "empty"), (Dropped, "truncated")]
