"""7z entries as a forward stream.

py7zr pushes decompressed bytes at its caller; a reader wants to pull. The archive is unpacked in a thread that hands
chunks over a queue of bounded length, so a solid archive of any size streams through a few MiB.
Reasons: `encrypted`, `link`, `unsafe_path`; damage raises InputError after what was readable.
"""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

from curation.errors import InputError
from curation.sources.archives import Entry, safe_path

QUEUE_CHUNKS = 16
_END_OF_FILE, _END_OF_ARCHIVE = object(), object()


class _Abandoned(Exception):
    """The consumer went away: ends the unpacking thread."""


def sevenzip_bytes(stream: BinaryIO) -> int:
    """What the archive says that its files hold together."""
    return sum(info.uncompressed or 0 for info in _opened(stream)[1])


def _opened(stream: BinaryIO) -> tuple[Any, list[Any], bool]:
    """(archive, its list of files, whether they are encrypted)"""
    import py7zr

    try:
        archive = py7zr.SevenZipFile(stream, "r")
        return archive, archive.list(), archive.needs_password()
    except py7zr.exceptions.PasswordRequired:
        raise InputError("encrypted", "7z header") from None
    except Exception as error:  # py7zr raises whatever its parser trips over: nothing narrower covers hostile headers
        raise InputError("corrupt_archive", f"7z: {type(error).__name__}") from None


def sevenzip_entries(stream: BinaryIO) -> Iterator[Entry]:
    archive, listed, encrypted = _opened(stream)
    reasons = {info.filename: _reason(info, encrypted) for info in listed if not info.is_directory}
    sizes = {info.filename: info.uncompressed or 0 for info in listed}
    for name, reason in reasons.items():
        if reason:
            yield Entry(name, sizes[name], _nothing, reason=reason)
    wanted = [name for name, reason in reasons.items() if not reason]
    if not wanted:
        return
    chunks: queue.Queue[Any] = queue.Queue(QUEUE_CHUNKS)
    gone = threading.Event()
    thread = threading.Thread(target=_unpack, args=(archive, wanted, chunks, gone), daemon=True)
    thread.start()
    try:
        yield from _pulled(chunks, sizes)
    finally:
        gone.set()
        _drain(chunks, thread)


def _reason(info: Any, encrypted: bool) -> str:
    if not safe_path(info.filename):
        return "unsafe_path"
    if getattr(info, "is_symlink", False):
        return "link"
    return "encrypted" if encrypted else ""


def _nothing() -> BinaryIO:
    return io.BytesIO()


def _unpack(archive: Any, wanted: list[str], chunks: queue.Queue[Any], gone: threading.Event) -> None:
    from py7zr.io import Py7zIO, WriterFactory

    def put(item: Any) -> None:
        while not gone.is_set():
            try:
                return chunks.put(item, timeout=0.2)
            except queue.Full:
                continue
        raise _Abandoned

    class Writer(Py7zIO):
        def __init__(self) -> None:
            self._written = 0

        def write(self, s: bytes | bytearray) -> int:
            put(bytes(s))
            self._written += len(s)
            return len(s)

        def read(self, size: int | None = None) -> bytes:
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:
            return 0

        def flush(self) -> None:
            return None

        def size(self) -> int:
            return self._written

        def close(self) -> None:
            put(_END_OF_FILE)

    class Factory(WriterFactory):
        def create(self, filename: str) -> Py7zIO:
            put(filename)
            return Writer()

    try:
        archive.extract(targets=wanted, factory=Factory())
        put(_END_OF_ARCHIVE)
    except _Abandoned:
        return
    except Exception as error:  # handed to the consumer, which raises it as InputError
        try:
            put(InputError("corrupt_archive", f"7z: {type(error).__name__}"))
        except _Abandoned:
            return


def _pulled(chunks: queue.Queue[Any], sizes: dict[str, int]) -> Iterator[Entry]:
    start = 0
    while (item := chunks.get()) is not _END_OF_ARCHIVE:
        if isinstance(item, InputError):
            raise item
        if isinstance(item, str):
            stream, size = _Pulled(chunks), sizes.get(item, 0)
            yield Entry(item, size, lambda stream=stream: io.BufferedReader(stream), start=start)  # type: ignore[misc]
            stream.skip()
            start += size


class _Pulled(io.RawIOBase):
    """One file's bytes from the queue."""

    def __init__(self, chunks: queue.Queue[Any]) -> None:
        self._chunks, self._rest, self._ended = chunks, b"", False
        self._error: InputError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest and not self._ended:
            self._take()
        if self._error:
            raise self._error
        data, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def _take(self) -> None:
        item = self._chunks.get()
        if isinstance(item, InputError):
            self._error, self._ended = item, True
        elif item is _END_OF_FILE:
            self._ended = True
        elif isinstance(item, bytes):
            self._rest = item

    def skip(self) -> None:
        while not self._ended:
            self._take()
        if self._error:
            raise self._error


def _drain(chunks: queue.Queue[Any], thread: threading.Thread) -> None:
    while thread.is_alive():
        try:
            chunks.get(timeout=0.2)
        except queue.Empty:
            continue
