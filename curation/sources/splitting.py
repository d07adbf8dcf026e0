"""How a large file is cut into parts that are read one by one, and how one part is opened.

In: a File, or an Input with a Part. Out: Parts where the format lets a reader start inside it (plain text, one JSON object
a line, Parquet row groups), or nothing, and then the file is read as a whole. Offsets count decompressed bytes.
A plain file is cut every PART_BYTES. A compressed one (gzip, bz2, xz, zstd around text or JSON lines) must be decompressed
up to where a part begins: it is cut in at most MAX_COMPRESSED_PARTS, so that all parts together decompress it at most 32
times: 800 s of CPU for 10 GB of gzip at 400 MB/s, while cleaning and scrubbing them take hours. Counting its bytes takes
one pass when the work is planned.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, BinaryIO

from curation.errors import InputError
from curation.source import PART_BYTES, File, Input, Part
from curation.sources import archives, compression
from curation.sources.compression import CHUNK_BYTES, Budget
from curation.sources.formats import detect
from curation.sources.jsonrows import is_json_lines
from curation.sources.members import HEAD_BYTES, Member, file_opener, guarded, inflated, read_up_to

MAX_COMPRESSED_PARTS = 64
MIN_RATIO = 600  # a file that cannot reach PART_BYTES at this ratio is not worth counting


def parts(file: File) -> list[Part]:
    """Parts that cover the file, in order; empty where it is small or cannot be cut."""
    if file.size * MIN_RATIO < PART_BYTES:
        return []
    try:
        member, method = _member(file)
        if archives.detect(member.head) or compression.detect(member.head):
            return []
        kind = detect(member)
        if not (kind == "text" or (kind == "json" and is_json_lines(member.head)) or (kind == "parquet" and not method)):
            return []
        size = _num_bytes(member.open()) if method else file.size
    except InputError:
        return []  # reading it as a whole says what is wrong
    step = PART_BYTES
    if method:
        step *= -(-size // (PART_BYTES * MAX_COMPRESSED_PARTS))
    return [Part(start, start + step) for start in range(0, size, step)] if size > PART_BYTES else []


def part_member(item: Input) -> Member:
    """The one file of an input with a Part, opened so that a reader can seek forward to the part."""
    (file,) = item.files
    return _member(file)[0]


def _member(file: File) -> tuple[Member, str | None]:
    opener = file_opener(file)
    head = _head(opener)
    method = compression.detect(head)
    if method:
        packed = guarded(inflated(opener, method), Budget(file.real.stat().st_size))
        opener, head = (lambda: io.BufferedReader(_Forward(packed()), CHUNK_BYTES)), _head(packed)
    name = compression.without_suffix(file.path) if method else file.path
    return Member(file.path, name, head, opener), method


def _head(opener: Callable[[], BinaryIO]) -> bytes:
    with opener() as stream:
        return read_up_to(stream, HEAD_BYTES)


def _num_bytes(stream: BinaryIO) -> int:
    size = 0
    while piece := stream.read(CHUNK_BYTES):
        size += len(piece)
    return size


class _Forward(io.RawIOBase):
    """A stream that is read forward, with a `seek` that reads and forgets."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._at = stream, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        target = offset + (self._at if whence == io.SEEK_CUR else 0)
        if target < self._at or whence == io.SEEK_END:
            raise io.UnsupportedOperation("only forward")
        while self._at < target and (piece := self._stream.read(min(CHUNK_BYTES, target - self._at))):
            self._at += len(piece)
        return self._at

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._at += len(data)
        buffer[: len(data)] = data
        return len(data)
