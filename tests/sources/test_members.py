"""Files inside files: what is found, what is refused, what damage does."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import py7zr
import pytest
import zstandard

from curation.errors import InputError
from curation.source import Dropped, File, Input
from curation.sources import compression
from curation.sources.members import Member, members, tree

TEXT = b"".join(b"Line %d of a text that is long enough to be packed.\n" % i for i in range(4000))

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def make_input(folder: Path, name: str, data: bytes) -> Input:
    path = folder / name
    path.write_bytes(data)
    return Input(name, (File(name, path, len(data)),))


def make_zip(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def make_tar(entries: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in entries.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            archive.addfile(header, io.BytesIO(data))
    return out.getvalue()


def make_7z(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        for name, data in entries.items():
            archive.writestr(data, name)
    return out.getvalue()


@contextmanager
def raises(reason: str) -> Iterator[None]:
    with pytest.raises(InputError) as caught:
        yield
    assert caught.value.reason == reason


def contents(item: Input) -> dict[str, bytes | str]:
    """Origin to content, or to the drop reason."""
    return {found.origin: found.reason if isinstance(found, Dropped) else found.read() for found in members(item)}


@pytest.mark.parametrize("method", PACKERS)
def test_members_compressed_file_without_suffix_is_opened_by_content(tmp_path: Path, method: str) -> None:
    assert contents(make_input(tmp_path, "dump", PACKERS[method](TEXT))) == {"dump": TEXT}


@pytest.mark.parametrize("method", PACKERS)
def test_members_concatenated_and_padded_streams_are_read_to_the_end(tmp_path: Path, method: str) -> None:
    packed = PACKERS[method](TEXT)
    assert contents(make_input(tmp_path, "dump", packed + packed + b"\0" * 512)) == {"dump": TEXT + TEXT}


@pytest.mark.parametrize("method", PACKERS)
@pytest.mark.parametrize("share", [0.3, 0.99])
def test_members_truncated_stream_raises_after_what_was_readable(tmp_path: Path, method: str, share: float) -> None:
    packed = PACKERS[method](TEXT)
    stream = compression.decompressed(io.BytesIO(packed[: int(len(packed) * share)]), method)
    got = b""
    with pytest.raises(InputError) as caught:
        while piece := stream.read(1000):
            got += piece
    assert caught.value.reason == "truncated"
    assert TEXT.startswith(got)


@pytest.mark.parametrize("make", [make_zip, make_tar, make_7z, lambda entries: make_tar(entries, "w:gz")])
def test_members_archive_gives_every_file_with_its_origin(tmp_path: Path, make: Callable[[dict[str, bytes]], bytes]) -> None:
    entries = {"a/one.txt": TEXT, "b.txt": b"two", "c.txt": TEXT[::-1]}
    assert contents(make_input(tmp_path, "dump.bin", make(entries))) == {
        f"dump.bin!{name}": data for name, data in entries.items()
    }


def test_members_nested_archives_are_walked_and_empty_files_named(tmp_path: Path) -> None:
    inner = make_tar({"c.txt": TEXT, "none.txt": b""}, "w:gz")
    item = make_input(tmp_path, "a.zip", make_zip({"b.tar.gz": inner, "d.txt.xz": lzma.compress(b"d")}))
    assert contents(item) == {"a.zip!b.tar.gz!c.txt": TEXT, "a.zip!b.tar.gz!none.txt": "empty", "a.zip!d.txt.xz": b"d"}


def test_members_zip_inside_a_streamed_tar_is_opened(tmp_path: Path) -> None:
    item = make_input(tmp_path, "a.tgz", make_tar({"b.zip": make_zip({"c.txt": TEXT})}, "w:gz"))
    assert contents(item) == {"a.tgz!b.zip!c.txt": TEXT}


def test_members_zip_that_is_a_document_is_handed_on_whole(tmp_path: Path) -> None:
    document = make_zip({"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<container/>"})
    assert contents(make_input(tmp_path, "a.zip", make_zip({"book.epub": document}))) == {"a.zip!book.epub": document}


@pytest.mark.parametrize("name", ["../out.txt", "a/../../out.txt", "/etc/out.txt", "C:\\out.txt", "..\\out.txt"])
@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_members_path_that_leaves_the_archive_is_refused(
    tmp_path: Path, make: Callable[[dict[str, bytes]], bytes], name: str
) -> None:
    found = list(members(make_input(tmp_path, "a", make({name: b"x", "good.txt": b"y"}))))
    assert [got.reason for got in found if isinstance(got, Dropped)] == ["unsafe_path"]
    assert [got.name for got in found if isinstance(got, Member)] == ["good.txt"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [(tarfile.SYMTYPE, "link"), (tarfile.LNKTYPE, "link"), (tarfile.CHRTYPE, "special_file"), (tarfile.FIFOTYPE, "special_file")],
)
def test_members_tar_entry_that_is_no_file_is_refused(tmp_path: Path, kind: bytes, reason: str) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        header = tarfile.TarInfo("entry")
        header.type, header.linkname = kind, "/etc/passwd"
        archive.addfile(header)
    assert contents(make_input(tmp_path, "a.tar", out.getvalue())) == {"a.tar!entry": reason}


def test_members_zip_symlink_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("entry")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert contents(make_input(tmp_path, "a.zip", out.getvalue())) == {"a.zip!entry": "link"}


def test_members_encrypted_7z_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password="secret") as archive:
        archive.writestr(b"hidden", "entry")
    assert contents(make_input(tmp_path, "a.7z", out.getvalue())) == {"a.7z!entry": "encrypted"}


def test_members_pipe_on_disk_is_refused_without_opening_it(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    item = Input("pipe", (File("pipe", tmp_path / "pipe", 0),))
    assert contents(item) == {"pipe": "special_file"}


def test_members_zip_bomb_is_refused_by_its_declared_ratio(tmp_path: Path) -> None:
    bomb = make_zip({"zeros": bytes(80 << 20), "good.txt": b"y"})
    assert contents(make_input(tmp_path, "a.zip", bomb)) == {"a.zip!zeros": "archive_bomb", "a.zip!good.txt": b"y"}


def test_members_gzip_bomb_ends_at_the_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "BOMB_FREE_BYTES", 1 << 20)
    (found,) = members(make_input(tmp_path, "a.gz", gzip.compress(bytes(64 << 20))))
    assert isinstance(found, Member)
    with raises("archive_bomb"):
        found.read()


def test_members_too_many_entries_end_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = make_tar({f"{i}.txt": b"x" for i in range(200)}, "w:gz")
    monkeypatch.setattr(compression, "FREE_MEMBERS", 10 - len(packed) // 50)
    with raises("archive_bomb"):
        list(members(make_input(tmp_path, "a.tgz", packed)))


def test_members_endless_nesting_stops_at_the_depth(tmp_path: Path) -> None:
    data = b"core"
    for _ in range(30):
        data = gzip.compress(data)
    assert contents(make_input(tmp_path, "a.gz", data)) == {"a.gz": "too_deep"}


def test_members_truncated_tar_gives_what_is_whole_then_raises(tmp_path: Path) -> None:
    whole = make_tar({"one.txt": TEXT, "two.txt": TEXT})
    found = members(make_input(tmp_path, "a.tar", whole[: len(TEXT) + 1024 + 30_000]))
    first = next(found)
    assert isinstance(first, Member)
    assert first.read() == TEXT
    with raises("truncated"):
        for other in found:
            assert isinstance(other, Dropped) or other.name == "two.txt"


def test_members_damage_in_a_tar_header_is_not_taken_for_the_end(tmp_path: Path) -> None:
    data = bytearray(make_tar({"one.txt": b"x" * 512, "two.txt": b"y" * 512}))
    data[1024 + 100 : 1024 + 140] = b"?" * 40
    with raises("corrupt_archive"):
        list(members(make_input(tmp_path, "a.tar", bytes(data))))


def test_members_damaged_zip_member_is_dropped_and_the_others_read(tmp_path: Path) -> None:
    data = bytearray(make_zip({"a.txt": TEXT, "b.txt": b"good"}))
    data[200:220] = bytes(20)
    assert contents(make_input(tmp_path, "a.zip", bytes(data))) == {"a.zip!a.txt": "corrupt_archive", "a.zip!b.txt": b"good"}


def test_members_same_name_twice_gets_two_origins(tmp_path: Path) -> None:
    data = make_tar({"a.txt": b"old"})[:1024] + make_tar({"a.txt": b"new"})
    assert contents(make_input(tmp_path, "a.tar", data)) == {"a.tar!a.txt": b"old", "a.tar!a.txt~2": b"new"}


def test_tree_folder_names_are_relative_to_the_folder(tmp_path: Path) -> None:
    (tmp_path / "export" / "general").mkdir(parents=True)
    files = []
    for name in ("export/users.json", "export/general/1.json"):
        (tmp_path / name).write_bytes(name.encode())
        files.append(File(name, tmp_path / name, 1))
    opened = tree(Input("export", tuple(files)))
    assert opened.names() == ["general/1.json", "users.json"]
    assert opened.read("general/1.json") == b"export/general/1.json"
    assert opened.origin("users.json") == "export/users.json"


@pytest.mark.parametrize("make", [make_zip, make_tar, make_7z, lambda entries: make_tar(entries, "w:gz")])
def test_tree_archive_is_read_by_name_in_any_order(tmp_path: Path, make: Callable[[dict[str, bytes]], bytes]) -> None:
    opened = tree(make_input(tmp_path, "a.bin", make({"x/b.txt": TEXT, "x/a.txt": b"first"})))
    assert opened.names() == ["x/a.txt", "x/b.txt"]
    assert [opened.read(name) for name in ("x/b.txt", "x/a.txt", "x/b.txt")] == [TEXT, b"first", TEXT]
    assert opened.origin("x/a.txt") == "a.bin!x/a.txt"
