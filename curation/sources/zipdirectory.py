"""The directory at the end of a zip: where it stands, and which words its names hold, without an object an entry.

In: a seekable stream. Out: sizes, or InputError("truncated" | "corrupt_archive" | "archive_bomb").
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from curation.errors import InputError

MAX_ZIP_ENTRIES = 500_000  # zipfile holds about 600 bytes an entry
MAX_DIRECTORY_BYTES = 128 << 20
_ZIP64_BYTES = 76  # between a directory and its end


def names_hold(stream: BinaryIO, words: tuple[bytes, ...]) -> bool:
    """Whether an entry of a zip may be called so: by its raw directory, which takes thirty times as long to be read as one."""
    try:
        num_bytes, end = span(stream)
        stream.seek(max(0, end - num_bytes - _ZIP64_BYTES))
        directory = stream.read(num_bytes + _ZIP64_BYTES)
    except (struct.error, OSError, ValueError) as error:
        raise InputError("corrupt_archive", f"zip: {error}") from None
    return any(word in directory for word in words)


def span(stream: BinaryIO) -> tuple[int, int]:
    """How many bytes the directory of a zip has, and where it ends."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise InputError("truncated", "zip without its directory")
    count, directory_bytes = struct.unpack("<HI", tail[at + 10 : at + 16])
    if directory_bytes == 0xFFFFFFFF:  # ZIP64: the real figures stand in a record before this one
        count, directory_bytes = _zip64(tail)
    if directory_bytes > MAX_DIRECTORY_BYTES or count > MAX_ZIP_ENTRIES:
        raise InputError("archive_bomb", "zip directory")
    return directory_bytes, size - len(tail) + at


def _zip64(tail: bytes) -> tuple[int, int]:
    at = tail.rfind(b"PK\x06\x06")
    if at < 0:
        raise InputError("corrupt_archive", "zip64 without its directory")
    _, count, num_bytes = struct.unpack("<QQQ", tail[at + 24 : at + 48])
    return count, num_bytes
