"""Large files of every form in parts: all parts together give what the whole file gives, in order."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import py7zr
import pytest

from curation.source import Dropped, File, Input, Record
from curation.sources import SOURCES, archives, segments, splitting, wiki_parts
from curation.sources.web import stackrows
from tests.sources.material import COMPRESSORS, make_zip, prose, write

PART = 1 << 16
PACKERS = {**COMPRESSORS, "zip": lambda data: make_zip({"folder/only one": data})}


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "PART_BYTES", PART)
    monkeypatch.setattr(wiki_parts, "BZ2_PART_BYTES", PART // 4)
    monkeypatch.setattr(segments, "SEGMENT_BYTES", PART // 4)
    monkeypatch.setattr(segments, "SEARCH_BYTES", 1 << 12)


def whole_and_parts(source: ModuleType, file: File) -> tuple[list[Record | Dropped], list[list[Record | Dropped]]]:
    config = source.Config()
    whole = list(source.read(Input(file.path, (file,)), config))
    return whole, [list(source.read(Input(file.path, (file,), part), config)) for part in source.splittable(file, config)]


def check(kind: str, folder: Path, name: str, data: bytes, min_parts: int = 4) -> list[Record | Dropped]:
    whole, parts = whole_and_parts(SOURCES[kind], write(folder, name, data))
    assert len(parts) >= min_parts
    assert [row for part in parts for row in part] == whole
    assert sum(bool(part) for part in parts) >= min_parts
    return whole


def pages(number: int = 150) -> dict[str, str | bytes]:
    return {f"site/{i:03d}.txt": prose(300 + i, i) for i in range(number)}


def as_tar(files: dict[str, str | bytes], mode: int = tarfile.GNU_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=mode) as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def as_7z(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writef(io.BytesIO(content.encode() if isinstance(content, str) else content), name)
    return out.getvalue()


def as_csv(number: int = 400) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "title", "text"])
    for i in range(number):
        rows.writerow([i, f'A "quoted" title, {i}', f'{prose(60 + i % 40, i)}\n\n"And then", he said,\n{prose(20, i)}'])
    return out.getvalue().encode()


def as_warc(number: int = 120) -> bytes:
    records = []
    for i in range(number):
        body = f"<html><body><article><p>{prose(250, i)}</p><p>{prose(200, i + 7)}</p></article></body></html>".encode()
        http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/{i}/page\r\n"
            f"WARC-Date: 2021-03-04T05:06:07Z\r\nWARC-Record-ID: <urn:uuid:{i:032d}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        records.append(head.encode() + http + b"\r\n\r\n")
    return b"".join(records)


def as_export(number: int = 150) -> bytes:
    return (
        "<mediawiki><siteinfo><dbname>test</dbname></siteinfo>\n"
        + "".join(
            f"<page><title>Page {i}</title><ns>0</ns><id>{i}</id><revision><text>{prose(250, i)}</text></revision></page>\n"
            for i in range(number)
        )
        + "</mediawiki>\n"
    ).encode()


@pytest.mark.parametrize("packer", COMPRESSORS)
@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_parts_of_a_tar_are_its_members_in_order(tmp_path: Path, packer: str, form: int) -> None:
    files = {**pages(), f"site/{'long' * 60}.txt": prose(100), "site/ünï.txt": prose(90)}
    found = check("web", tmp_path, "dump", PACKERS[packer](as_tar(files, form)))
    assert len(found) == len(files)


@pytest.mark.parametrize("pack", [make_zip, as_7z])
def test_parts_of_a_zip_or_7z_are_its_members_in_order(tmp_path: Path, pack: Callable[[dict[str, str | bytes]], bytes]) -> None:
    assert len(check("books", tmp_path, "dump", pack(pages()))) == 150


def test_parts_of_a_tar_with_the_same_name_twice_number_it_as_the_whole_does(tmp_path: Path) -> None:
    once = io.BytesIO(as_tar(pages()))
    with tarfile.open(fileobj=once, mode="a") as archive:
        for name, text in pages().items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(str(text).encode()))
    found = check("web", tmp_path, "dump.tar", once.getvalue())
    assert sum("~2" in row.origin for row in found) == 150


def test_parts_of_a_cut_tar_give_its_members_and_one_damage(tmp_path: Path) -> None:
    file = write(tmp_path, "cut.tar", as_tar(pages())[:-20_000])
    parts = SOURCES["web"].splittable(file, SOURCES["web"].Config())
    found, damage = [], []
    for part in parts:
        try:
            for row in SOURCES["web"].read(Input("cut.tar", (file,), part), SOURCES["web"].Config()):
                found.append(row.origin)
        except archives.InputError as error:
            damage.append(error.reason)
    assert len(found) >= 130
    assert damage in (["truncated"], []) and len(set(found)) == len(found)


@pytest.mark.parametrize("packer", PACKERS)
def test_parts_of_a_csv_with_fields_over_many_lines_cut_no_row(tmp_path: Path, packer: str) -> None:
    found = check("web", tmp_path, "rows.csv", PACKERS[packer](as_csv()))
    assert len(found) == 400 and not [row for row in found if isinstance(row, Dropped)]


def test_parts_of_a_csv_with_an_endless_field_end_as_the_whole_does(tmp_path: Path) -> None:
    check("web", tmp_path, "rows.csv", as_csv() + b'9,open,"' + prose(20_000).encode(), min_parts=4)


@pytest.mark.parametrize("packer", PACKERS)
def test_parts_of_a_warc_are_its_records_with_the_same_numbers(tmp_path: Path, packer: str) -> None:
    found = check("web", tmp_path, "crawl.warc", PACKERS[packer](as_warc()))
    assert [row.origin.rpartition("#")[2] for row in found] == [f"record {i + 1}" for i in range(120)]


def as_posts(number: int = 400) -> bytes:
    rows = (f'  <row Id="{i}" Body="&lt;p&gt;{prose(90, i)} a > b &lt;row /&gt;!&lt;/p&gt;&#xA;" />' for i in range(number))
    return ('\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n<posts>\r\n' + "\r\n".join(rows) + "\r\n</posts>").encode()


@pytest.mark.parametrize("packer", PACKERS)
def test_parts_of_posts_are_their_rows(tmp_path: Path, packer: str) -> None:
    found = check("web", tmp_path, "Posts.xml", PACKERS[packer](as_posts()))
    assert len(found) == 400 and not [row for row in found if isinstance(row, Dropped)]
    assert all("a > b !" in row.text for row in found if isinstance(row, Record))


def test_parts_of_posts_cut_short_or_with_an_endless_row_say_so_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stackrows, "MAX_RECORD_BYTES", 1 << 14)
    monkeypatch.setattr(stackrows, "BLOCK_BYTES", 1 << 12)
    data = as_posts().replace(b'<row Id="200" ', b'<row Id="200" Title="' + b"long " * 30_000 + b'" ')
    found = check("web", tmp_path, "Posts.xml", data[: data.rindex(b"<row") + 60])
    assert [row.reason for row in found if isinstance(row, Dropped)] == ["record_too_large", "truncated"]
    assert len(found) == 400


@pytest.mark.parametrize("packer", PACKERS)
def test_parts_of_a_wiki_export_under_any_compression_are_its_pages(tmp_path: Path, packer: str) -> None:
    found = check("wiki", tmp_path, "wiki.xml", PACKERS[packer](as_export()))
    assert [row.origin.rpartition("#")[2] for row in found] == [f"Page {i}" for i in range(150)]


def test_parts_of_a_multistream_export_are_its_pages(tmp_path: Path) -> None:
    data = as_export(300)
    streams = [data[at : at + 8192] for at in range(0, len(data), 8192)]
    found = check("wiki", tmp_path, "w.bz2", b"".join(map(bz2.compress, streams)), min_parts=2)
    assert len(found) == 300


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("kind", ["books", "wiki", "papers", "web"])
def test_parts_of_plain_text_are_the_same_for_every_kind(tmp_path: Path, packer: str, kind: str) -> None:
    text = "\n\n".join(prose(150, i) for i in range(400))
    found = check(kind, tmp_path, "a.txt", PACKERS[packer](text.encode()))
    assert " ".join(row.text for row in found if isinstance(row, Record)).split() == text.split()


@pytest.mark.parametrize("packer", PACKERS)
def test_parts_of_conversations_one_a_line_cut_none(tmp_path: Path, packer: str) -> None:
    lines = [
        json.dumps({"messages": [{"role": "user", "content": prose(60, i)}, {"role": "assistant", "content": prose(90, i + 1)}]})
        for i in range(400)
    ]
    found = check("chat", tmp_path, "talk.jsonl", PACKERS[packer]("\n".join(lines).encode()))
    assert len(found) == 400


LOGS: dict[str, Callable[[int], str]] = {
    "irc": lambda i: f"[2021-03-{1 + i // 200:02d} {i // 60 % 24:02d}:{i % 60:02d}:00] <nick{i % 5}> {prose(14, i)}\n",
    "whatsapp": lambda i: (
        f"{1 + i // 200:02d}/03/2021, {i // 60 % 24:02d}:{i % 60:02d} - Name {i % 5}: {prose(12, i)}\n{prose(9, i)}\n"
    ),
    "transcript": lambda i: f"Speaker {i % 5}: {prose(14, i)}\n",
}


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("form", LOGS)
def test_parts_of_a_chat_log_lose_no_word(tmp_path: Path, packer: str, form: str) -> None:
    text = "".join(LOGS[form](i) for i in range(4000))
    found = check("chat", tmp_path, "log.txt", PACKERS[packer](text.encode()))
    words = " ".join(row.text for row in found if isinstance(row, Record))
    assert words.count("tide") == text.count("tide") and words.count("harbour") == text.count("harbour")
    assert len({row.origin for row in found}) == len(found)
    assert {name for row in found if isinstance(row, Record) for name in row.speakers if name} == {
        {"irc": f"nick{i}", "whatsapp": f"Name {i}", "transcript": f"Speaker {i}"}[form] for i in range(5)
    }


def test_parts_of_a_repository_know_the_licence_of_the_tree(tmp_path: Path) -> None:
    mit = (
        "Permission is hereby granted, free of charge, to any person obtaining a copy. The above copyright notice and this "
        "permission notice shall be included. MIT License"
    )
    files: dict[str, str | bytes] = {
        f"tool-1.0/src/part_{i:03d}.py": "".join(f"def step_{i}_{j}(value):\n    return value * {j}\n\n\n" for j in range(60))
        for i in range(100)
    }
    found = check(
        "code", tmp_path, "tool.tar.gz", gzip.compress(as_tar({**files, "tool-1.0/zz/LICENSE": mit, "tool-1.0/LICENSE": mit}))
    )
    assert {row.license for row in found if isinstance(row, Record)} == {"MIT"}
    assert len({row.ordinal for row in found if isinstance(row, Record)}) == 100


@pytest.mark.parametrize("pack", [as_tar, make_zip])
def test_parts_of_an_archive_with_latex_are_none_because_files_include_each_other(
    tmp_path: Path, pack: Callable[[dict[str, str | bytes]], bytes]
) -> None:
    tree = {**pages(), "main.tex": "\\documentclass{article}\\begin{document}\\input{z}\\end{document}", "z.tex": prose(60)}
    papers = SOURCES["papers"]
    assert papers.splittable(write(tmp_path, "tree", pack(tree)), papers.Config()) == []
    assert len(papers.splittable(write(tmp_path, "plain", pack(pages())), papers.Config())) > 3


@pytest.mark.parametrize("kind", ["books", "papers", "chat", "wiki", "code", "web"])
def test_parts_of_a_file_that_a_kind_does_not_read_drop_it_once(tmp_path: Path, kind: str) -> None:
    source = SOURCES[kind]
    for name, data in (("crawl.warc", as_warc()), ("numbers.log", "".join(f"{i}\t{i * i}\n" for i in range(30_000)).encode())):
        file = write(tmp_path, name, data)
        found = [
            row
            for part in source.splittable(file, source.Config()) or [None]
            for row in source.read(Input(name, (file,), part), source.Config())
        ]
        origins = [row.origin for row in found]
        assert len(set(origins)) == len(origins)


def test_parts_are_none_for_a_document_that_is_a_zip_and_for_lying_archives(tmp_path: Path) -> None:
    files = {"mimetype": b"application/epub+zip", **pages()}
    assert splitting.parts(write(tmp_path, "book.epub", make_zip(files))) == []
    lying = bytearray(make_zip({"a": b"a" * 4000, "b": b"b" * 4000}))
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        position = lying.find(mark)
        while position >= 0:
            lying[position + at : position + at + 4] = b"\xff\xff\xff\x7f"
            position = lying.find(mark, position + 4)
    assert zipfile.is_zipfile(io.BytesIO(bytes(lying)))
    assert splitting.parts(write(tmp_path, "lie.zip", bytes(lying))) == []
