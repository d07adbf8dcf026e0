"""Compressed streams, recognized by their first bytes and read forward in bounded memory.

In: any binary stream. Out: the decompressed stream, concatenated parts joined (gzip members, bz2 multistream, xz and
zstd frames). What stands behind the last part and opens no further one is padding and is passed over, as gzip does.
A stream that stops early raises InputError("truncated"), a damaged one InputError("corrupt_archive"), each after
everything that was readable. `Budget` bounds what may come out of one file: InputError("archive_bomb").

Cost: zlib and zstd run at several hundred MB/s, xz at about 80, bz2 at about 30; the Python layer adds under 3 %.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from typing import Any, BinaryIO

from curation.errors import InputError

CHUNK_BYTES = 1 << 18

# Repeated prose gets at most a few hundred times smaller; deflate ends at 1,032. An honest dump of 2 GB that
# repeats 10 MB packs about 600 times under xz.
BOMB_FREE_BYTES = 512 << 20
BOMB_RATIO = 600
FREE_MEMBERS = 100_000
BYTES_PER_MEMBER = 50


class Budget:
    """How many bytes may come out of one file on disk, over all its layers together."""

    def __init__(self, file_bytes: int) -> None:
        self.left_bytes = BOMB_FREE_BYTES + BOMB_RATIO * file_bytes
        self.left_members = FREE_MEMBERS + file_bytes // BYTES_PER_MEMBER

    def spend(self, num_bytes: int) -> None:
        self.left_bytes -= num_bytes
        self.check()

    def count_member(self) -> None:
        self.left_members -= 1
        self.check()

    def check(self) -> None:
        if self.left_bytes < 0 or self.left_members < 0:
            raise InputError("archive_bomb")


def detect(head: bytes) -> str | None:
    """Name of the compression that these first bytes open, or None."""
    if head[:3] == b"\x1f\x8b\x08":
        return "gzip"
    if head[:3] == b"BZh" and head[3:4] in b"123456789" and head[4:10] in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90"):
        return "bz2"
    if head[:6] == b"\xfd7zXZ\x00":
        return "xz"
    if head[:4] == b"\x28\xb5\x2f\xfd" or (head[1:4] == b"\x2a\x4d\x18" and 0x50 <= head[0] <= 0x5F):
        return "zstd"
    if head[:3] == b"\x5d\x00\x00" and len(head) >= 13 and (head[5:13] == b"\xff" * 8 or head[10:13] == b"\0\0\0"):
        return "lzma"
    return None


SUFFIXES = (".gz", ".bz2", ".xz", ".zst", ".lzma", ".z", ".zstd", ".bz")
TAR_SUFFIXES = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar"}


def without_suffix(name: str) -> str:
    """The name of what is inside: `a.txt.gz` holds `a.txt`, `a.tgz` holds `a.tar`."""
    lowered = name.lower()
    for suffix in SUFFIXES:
        if lowered.endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    for suffix, inner in TAR_SUFFIXES.items():
        if lowered.endswith(suffix):
            return name[: -len(suffix)] + inner
    return name


def decompressed(stream: BinaryIO, method: str) -> BinaryIO:
    """The bytes behind `stream`, which is compressed by `method` (a word of `detect`)."""
    return io.BufferedReader(_Inflated(stream, method), CHUNK_BYTES)


def _decompressor(method: str) -> Any:
    if method == "zstd":
        return _Zstd()
    if method == "gzip":
        return zlib.decompressobj(31)
    if method == "bz2":
        return bz2.BZ2Decompressor()
    return lzma.LZMADecompressor(lzma.FORMAT_ALONE if method == "lzma" else lzma.FORMAT_XZ)


class _Inflated(io.RawIOBase):
    def __init__(self, stream: BinaryIO, method: str) -> None:
        self._stream, self._method = stream, method
        self._state = _decompressor(method)
        self._pending = b""  # compressed bytes that the decompressor has not seen
        self._error: InputError | None = None
        self._done = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._error:
            raise self._error
        try:
            data = self._next(min(len(buffer), CHUNK_BYTES))
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            self._error = InputError("corrupt_archive", f"{self._method}: {error}")
            raise self._error from None
        buffer[: len(data)] = data
        return len(data)

    def _next(self, size: int) -> bytes:
        while not self._done:
            if self._state.eof and not self._open_next_part():
                break
            self._fill()
            data = self._step(size)
            if data:
                return data
            if not self._state.eof and not self._pending and self._waits_for_input():
                more = self._stream.read(CHUNK_BYTES)
                if not more:
                    self._done = True
                    raise self._fail("truncated")
                self._pending = more
        return b""

    def _fail(self, reason: str) -> InputError:
        self._error = InputError(reason, self._method)
        return self._error

    def _waits_for_input(self) -> bool:
        return self._method == "gzip" or self._state.needs_input

    def _fill(self) -> None:
        if not self._pending and self._waits_for_input():
            self._pending = self._stream.read(CHUNK_BYTES)

    def _step(self, size: int) -> bytes:
        data, self._pending = self._pending, b""
        out = self._state.decompress(data, size)
        if self._method == "gzip":
            self._pending = self._state.unconsumed_tail
        if self._state.eof:
            self._pending = self._state.unused_data
        return bytes(out)

    def _open_next_part(self) -> bool:
        """True where a further part follows; padding and anything else end the stream."""
        rest = self._pending.lstrip(b"\0")
        while len(rest) < 16:
            more = self._stream.read(CHUNK_BYTES)
            if not more:
                break
            rest = (rest + more).lstrip(b"\0")
        self._pending = rest
        if self._method == "lzma" or detect(rest) != self._method:
            self._done = True
            return False
        self._state = _decompressor(self._method)
        return True


class _Zstd:
    """A zstd frame with the interface of BZ2Decompressor: output in bounded pieces, end of frame known.

    zstandard's own stream_reader ends silently on a truncated frame, and its decompressobj has no bound on output;
    2 KiB of input open into at most 64 MiB (blocks of 128 KiB, 4 bytes each).
    """

    STEP_BYTES = 2048

    def __init__(self) -> None:
        import zstandard

        # Pushshift dumps use windows of 2 GiB; memory is touched only as far as the content reaches.
        self._frame = zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj()
        self._error = zstandard.ZstdError
        self._input = memoryview(b"")
        self._output = memoryview(b"")

    @property
    def eof(self) -> bool:
        return self._frame.eof and not self._output

    @property
    def needs_input(self) -> bool:
        return not self._input and not self._output and not self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data + bytes(self._input)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if data:
            self._input = memoryview(data)
        while not self._output and self._input and not self._frame.eof:
            step, self._input = self._input[: self.STEP_BYTES], self._input[self.STEP_BYTES :]
            try:
                self._output = memoryview(self._frame.decompress(step))
            except (self._error, MemoryError) as error:
                raise ValueError(str(error)) from None
        out, self._output = self._output[:max_length], self._output[max_length:]
        return bytes(out)
