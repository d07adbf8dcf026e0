"""Streams around the stream of a member: counted and guarded, replayed after a look at its first bytes, or read forward.

In: a binary stream. Out: one of the same bytes; every complaint of a library about damage is an InputError.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from curation.errors import InputError
from curation.sources import archives
from curation.sources.compression import CHUNK_BYTES, Budget


def guarded(opener: Callable[[], BinaryIO], budget: Budget, size: int | None = None) -> Callable[[], BinaryIO]:
    return lambda: io.BufferedReader(_Guarded(opener(), budget, size), CHUNK_BYTES)


class _Guarded(io.RawIOBase):
    """Counts what comes out against the budget; turns the libraries' complaints into InputError."""

    def __init__(self, stream: BinaryIO, budget: Budget, size: int | None) -> None:
        self._stream, self._budget, self._left = stream, budget, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = archives.guarded_read(self._stream, len(buffer))
        self._budget.spend(len(data))
        if self._left is not None:
            self._left -= len(data)
            if not data and self._left > 0:  # zipfile ends quietly where less comes out than was declared
                raise InputError("truncated")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


class Replayed(io.RawIOBase):
    """A stream whose first bytes were taken for a look."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = memoryview(head), stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head:
            data: bytes | memoryview = self._head[: len(buffer)]
            self._head = self._head[len(data) :]
        else:
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def forward(stream: BinaryIO) -> BinaryIO:
    return io.BufferedReader(_Forward(cast(io.BufferedReader, stream)), CHUNK_BYTES)


class _Forward(io.RawIOBase):
    """A stream that is read forward, with a `seek` that reads and forgets.

    Damage met while seeking ends the stream: the part that holds it tells.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream, self._at, self._is_over = stream, 0, False

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
        try:
            while self._at < target and (piece := self._stream.read(min(CHUNK_BYTES, target - self._at))):
                self._at += len(piece)
        except InputError:
            self._is_over = True
        return self._at

    def readinto(self, buffer: Any) -> int:
        data = b"" if self._is_over else self._stream.read1(len(buffer))  # `read` would wait for what damage keeps back
        self._at += len(data)
        buffer[: len(data)] = data
        return len(data)
