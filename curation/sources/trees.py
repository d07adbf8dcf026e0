"""Random access by name over a folder-input or an archive.

In: an Input (several files of one folder, or one archive, compressed or not). Out: a Tree: `names()`, `open`, `read`,
`origin`, and `dropped` for entries that must not be read. Names use `/` and are relative to the folder or archive;
archives and compressed files inside are handed on as they are.

A folder and a plain zip are read in place. Other archives are unpacked once into memory, above 32 MiB into an
unlinked temporary file: unscrubbed text never stays on disk.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, BinaryIO

from curation.errors import InputError
from curation.source import MAX_RECORD_BYTES, Dropped, File, Input
from curation.sources import archives, compression, members, streams
from curation.sources.compression import CHUNK_BYTES, Budget
from curation.sources.spool import Spool


class Tree:
    """Content by name; `open` may be called any number of times, also at once."""

    def __init__(self) -> None:
        self.dropped: list[Dropped] = []
        self._openers: dict[str, Callable[[], BinaryIO]] = {}
        self._origins: dict[str, str] = {}

    def add(self, name: str, origin: str, opener: Callable[[], BinaryIO]) -> None:
        """The last of several entries of one name counts, as it would when unpacked."""
        self._openers[name] = opener
        self._origins[name] = origin

    def names(self) -> list[str]:
        return sorted(self._openers)

    def __contains__(self, name: object) -> bool:
        return name in self._openers

    def origin(self, name: str) -> str:
        return self._origins[name]

    def open(self, name: str) -> BinaryIO:
        return self._openers[name]()

    def read(self, name: str, limit: int = MAX_RECORD_BYTES) -> bytes:
        """The whole content; InputError("record_too_large") above `limit` bytes."""
        with self.open(name) as stream:
            data = members.read_up_to(stream, limit + 1)
        if len(data) > limit:
            raise InputError("record_too_large", where=self._origins[name])
        return data


def tree(item: Input) -> Tree:
    """A Tree over the input's files, or over the entries of the one archive that it is."""
    if len(item.files) == 1 and not item.files[0].path.startswith(item.key + "/"):
        (file,) = item.files
        found = _archive_tree(file)
        if found is not None:
            return found
    return _folder_tree(item)


def _folder_tree(item: Input) -> Tree:
    result = Tree()
    root = _root(item)
    for file in item.files:
        result.add(file.path[len(root) :], file.path, members.file_opener(file))
    return result


def _root(item: Input) -> str:
    """The common folder, with its `/`: the input's key where all files lie below it."""
    paths = [file.path for file in item.files]
    if all(path.startswith(item.key + "/") for path in paths):
        return item.key + "/"
    folders = [path.split("/")[:-1] for path in paths]
    common: list[str] = []
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return "/".join([*common, ""])


def _archive_tree(file: File) -> Tree | None:
    budget = Budget(file.real.stat().st_size)
    opener = members.file_opener(file)
    for _ in range(members.MAX_DEPTH):
        with opener() as stream:
            head = members.read_up_to(stream, members.HEAD_BYTES)
        kind, method = archives.detect(head), compression.detect(head)
        if kind in ("zip", "tar", "7z"):
            return _unpacked(file.path, opener(), kind, budget)
        if not method:
            return None
        opener = streams.guarded(members.inflated(opener, method), budget)
    raise InputError("too_deep", where=file.path)


def _unpacked(path: str, stream: BinaryIO, kind: str, budget: Budget) -> Tree:
    result = Tree()
    if kind != "tar":
        stream = members.seekable(stream)
    spool = Spool()
    for entry in archives.entries(stream, kind):
        budget.count_member()
        name = members.clean_name(entry.name)
        origin = f"{path}!{name}"
        if entry.reason:
            result.dropped.append(Dropped(origin, entry.reason))
        elif entry.reopen:
            result.add(name, origin, streams.guarded(entry.open, budget))
        else:
            start = spool.seek(0, io.SEEK_END) or spool.tell()
            content = streams.guarded(entry.open, budget)()
            while piece := content.read(CHUNK_BYTES):
                spool.write(piece)
            result.add(name, origin, _window(spool, start, spool.tell()))
    return result


def _window(spool: Any, start: int, stop: int) -> Callable[[], BinaryIO]:
    return lambda: io.BufferedReader(_Window(spool, start, stop))


class _Window(io.RawIOBase):
    """Bytes [start, stop) of a shared file, with a position of its own."""

    def __init__(self, spool: Any, start: int, stop: int) -> None:
        self._spool, self._at, self._stop = spool, start, stop

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._spool.seek(self._at)
        data = self._spool.read(min(len(buffer), self._stop - self._at))
        self._at += len(data)
        buffer[: len(data)] = data
        return len(data)
