"""A large file inside an archive is read from inside by the parts of the archive, which give what one reading gives."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.errors import InputError
from curation.source import Dropped, File, Input, Part, Record
from curation.sources import SOURCES, insides, segments, splitting
from tests.sources.material import prose, write
from tests.sources.test_parts import as_7z, as_csv, as_export, as_posts, as_tar, as_warc
from tests.sources.test_parts_chats import account

PART = 1 << 16


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "PART_BYTES", PART)
    monkeypatch.setattr(insides, "PART_BYTES", PART)
    monkeypatch.setattr(segments, "SEGMENT_BYTES", PART // 4)
    monkeypatch.setattr(segments, "SEARCH_BYTES", 1 << 12)


def as_zip(files: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


PACKERS: dict[str, Callable[[dict[str, str | bytes]], bytes]] = {
    "zip": as_zip,
    "stored zip": lambda files: as_zip(files, zipfile.ZIP_STORED),
    "tar": as_tar,
    "tar.gz": lambda files: gzip.compress(as_tar(files)),
    "7z": as_7z,
    "pax": lambda files: as_tar(files, tarfile.PAX_FORMAT),
}


def as_mbox(number: int = 300) -> str:
    return "".join(
        f"From a@example.org Thu May  6 10:{i % 60:02d}:00 2021\nFrom: Name {i % 7} <a{i % 7}@example.org>\n"
        f"Date: Thu, 06 May 2021 10:{i % 60:02d}:00 +0000\nSubject: Subject {i}\nMessage-ID: <{i}@example.org>\n\n"
        f"word{i} {prose(120, i)}\n\n"
        for i in range(number)
    )


def as_lines(number: int = 300) -> str:
    return "".join(json.dumps({"id": i, "text": f"{prose(130, i)}"}) + "\n" for i in range(number))


def as_message_table(number: int = 400) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["date", "author", "content"])
    for i in range(number):  # every message a conversation of its own
        moment = datetime(2021, 5, 1) + timedelta(days=i)
        rows.writerow([f"{moment:%Y-%m-%d %H:%M:%S}", f"Name {i % 7}", f"word{i} {prose(90, i)}"])
    return out.getvalue().encode()


def as_parquet(number: int = 400) -> bytes:
    out = io.BytesIO()
    table = pa.table({"id": list(range(number)), "text": [prose(130, i) for i in range(number)]})
    pq.write_table(table, out, row_group_size=20, compression="none", use_dictionary=False)
    return out.getvalue()


LARGE: dict[str, tuple[str, str, Callable[[], str | bytes]]] = {
    "text of books": ("books", "b.txt", lambda: "\n\n".join(prose(150, i) for i in range(400))),
    "text of papers": ("papers", "b.txt", lambda: "\n\n".join(prose(150, i) for i in range(400))),
    "rows": ("web", "b.jsonl", as_lines),
    "rows of papers": ("papers", "b.jsonl", as_lines),
    "list": ("books", "b.json", lambda: json.dumps([{"id": i, "text": prose(130, i)} for i in range(300)], indent=1)),
    "posts": ("web", "b/Posts.xml", as_posts),
    "wiki": ("wiki", "b.xml", lambda: as_export(300)),
    "mbox": ("chat", "b.mbox", as_mbox),
    "account": ("chat", "b/result.json", lambda: json.dumps(account(), indent=1)),
    "csv": ("web", "b.csv", as_csv),
    "csv of books": ("books", "b.csv", as_csv),
    "table of messages": ("chat", "b.csv", as_message_table),
    "warc": ("web", "b.warc", as_warc),
    "parquet, which is not cut": ("web", "b.parquet", as_parquet),
}


def read(kind: str, file: File) -> tuple[list[Record | Dropped], list[list[Record | Dropped]]]:
    source, config = SOURCES[kind], SOURCES[kind].Config()

    def rows(part: Part | None) -> Iterator[Record | Dropped]:
        try:
            yield from source.read(Input(file.path, (file,), part), config)
        except InputError as error:
            yield Dropped(f"{file.path}#error", error.reason)

    return list(rows(None)), [list(rows(part)) for part in source.splittable(file, config)]


def small(kind: str, first: int) -> dict[str, str | bytes]:
    rows = as_mbox(4) if kind == "chat" else as_export(3).decode() if kind == "wiki" else f"{prose(70, first)}\n"
    return {f"{'ac'[first]}/{i}": rows.replace("word", f"other{first}{i}") for i in range(3)}


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("form", LARGE)
def test_parts_of_an_archive_go_on_inside_a_large_member(tmp_path: Path, packer: str, form: str) -> None:
    kind, name, make = LARGE[form]
    data = PACKERS[packer]({**small(kind, 0), name: make(), **small(kind, 1)})
    whole, parts = read(kind, write(tmp_path, "dump", data))
    assert [row for part in parts for row in part] == whole
    assert len({row.origin for row in whole}) == len(whole) > 15
    with_member = sum(any(f"!{name}" in row.origin for row in part) for part in parts)
    assert with_member == 1 if "not cut" in form else with_member >= 3


@pytest.mark.parametrize("packer", ["zip", "tar"])
def test_large_members_of_one_name_are_told_apart_in_every_part(tmp_path: Path, packer: str) -> None:
    data = PACKERS["tar"]({"a.jsonl": as_lines(200)})
    twice = io.BytesIO(data)
    with tarfile.open(fileobj=twice, mode="a") as archive:
        info = tarfile.TarInfo("a.jsonl")
        again = as_lines(250).encode()
        info.size = len(again)
        archive.addfile(info, io.BytesIO(again))
    whole, parts = read("web", write(tmp_path, "dump.tar", twice.getvalue()))
    assert [row for part in parts for row in part] == whole
    assert sum("a.jsonl~2#" in row.origin for row in whole) == 250 and len(parts) > 3


def test_damage_inside_a_large_member_is_told_by_place(tmp_path: Path) -> None:
    data = bytearray(as_zip({"a.txt": prose(60), "b.jsonl": as_lines(600)}))
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    whole, parts = read("web", write(tmp_path, "dump.zip", bytes(data)))
    rows = [row for part in parts for row in part]
    damage = [row for row in rows if isinstance(row, Dropped) and row.reason in ("corrupt_archive", "truncated")]
    assert damage and len({row.origin for row in rows}) == len(rows)
    assert {row.origin for row in rows if isinstance(row, Record)} <= {row.origin for row in whole}


def test_tar_cut_inside_a_large_member_is_told_once(tmp_path: Path) -> None:
    file = write(tmp_path, "dump.tar", as_tar({"a.txt": prose(60), "b.jsonl": as_lines(2000)})[:-90_000])
    whole, parts = read("web", file)
    rows = [row for part in parts for row in part]
    assert [row.reason for row in rows if isinstance(row, Dropped)] == ["truncated"]
    assert {row.origin for row in rows} >= {row.origin for row in whole if isinstance(row, Record)}
    assert len({row.origin for row in rows}) == len(rows)
