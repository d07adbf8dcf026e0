"""Large exports in parts: XML cut by offset, multistream bz2 cut at its streams.

In: a File. Out: Parts, and for a Part a stream that begins inside the export and knows where the part ends.
XML, plain or under another compression (splitting.py): offsets are bytes of the XML. Multistream bz2: offsets are bytes
of the compressed file, and a part holds the pages that start in the bz2 streams that start there: finding a stream costs
no decompression. A page that runs over the border is read to its end by the part in which it starts.
"""

from __future__ import annotations

import bz2
import io
from typing import Any, BinaryIO

from curation.errors import InputError
from curation.source import PART_BYTES, File, Input, Part
from curation.sources import compression, splitting
from curation.sources.members import HEAD_BYTES, Member, file_opener, read_up_to
from curation.sources.wiki_export import is_export

BZ2_PART_BYTES = PART_BYTES // 4  # about 70 MiB of XML
BZ2_SEARCH_BYTES = 32 << 20  # an ordinary bz2 file is one stream: none other begins in here
_MAGIC = b"1AY&SY"
CHUNK_BYTES = 1 << 18


def parts(file: File) -> list[Part]:
    """Parts that cover the file, in order; empty where it is small or cannot be cut."""
    if file.size > BZ2_PART_BYTES and is_multistream(file):
        return [Part(start, start + BZ2_PART_BYTES) for start in range(0, file.size, BZ2_PART_BYTES)]
    return splitting.parts(file, is_readable)


def is_readable(member: Member, kind: str) -> bool:
    return is_bytewise(member.head) or kind == "text" or splitting.is_row_table(member, kind)


def is_bytewise(head: bytes) -> bool:
    """An export in which a byte is a byte of ASCII: pages are found from any offset."""
    return is_export(head) and head[:2] not in (b"\xff\xfe", b"\xfe\xff")


def is_multistream(file: File) -> bool:
    """An export in several bz2 streams."""
    with file_opener(file)() as stream:
        if compression.detect(read_up_to(stream, 64)) != "bz2":
            return False
        if _next_stream(stream, len(_MAGIC), BZ2_SEARCH_BYTES) is None:
            return False
        stream.seek(0)
        return is_bytewise(read_up_to(compression.decompressed(stream, "bz2"), HEAD_BYTES))


def opened(item: Input) -> tuple[bytes, str, PartStream] | None:
    """(first bytes of the XML, where the site describes itself; origin; the part). None where the file is no export."""
    (file,), part = item.files, item.part
    if part is None:
        return None
    if is_multistream(file):
        with file_opener(file)() as packed:
            head = read_up_to(compression.decompressed(packed, "bz2"), HEAD_BYTES)
        return head, file.path, PartStream(file_opener(file)(), part, is_bz2=True)
    member = splitting.part_member(item)
    return (member.head, member.origin, PartStream(member.open(), part, is_bz2=False)) if is_bytewise(member.head) else None


class PartStream(io.RawIOBase):
    """Bytes of the XML from the part's start to the end of the file.

    `stop`: where the part ends, counted from the first byte given; None until reading has come there.
    """

    def __init__(self, stream: BinaryIO, part: Part, *, is_bz2: bool) -> None:
        self._stream, self._part, self._given = stream, part, 0
        self._state: Any = None
        self._pending = b""
        self._at_end = False
        self.stop: int | None = None if is_bz2 else part.stop - part.start
        self._is_bz2 = is_bz2
        if not is_bz2:
            stream.seek(part.start)
            return
        first = 0 if part.start == 0 else _next_stream(stream, part.start, part.stop - part.start)
        if first is None:
            self._at_end, self.stop = True, 0
        else:
            stream.seek(first)
            self._position = first  # of the next byte that the decompressor will see
            self._state = bz2.BZ2Decompressor()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inflated(len(buffer)) if self._is_bz2 else self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._given += len(data)
        return len(data)

    def _inflated(self, size: int) -> bytes:
        while not self._at_end:
            if self._state.eof and not self._open_next():
                break
            if self._state.needs_input and not self._pending:
                self._pending = self._stream.read(CHUNK_BYTES)
                if not self._pending:
                    self._at_end = True
                    raise InputError("truncated")
            try:
                data: bytes = self._state.decompress(self._pending, size)
            except (OSError, ValueError, EOFError):
                raise InputError("corrupt_archive") from None
            self._position += len(self._pending) - len(self._state.unused_data)
            self._pending = self._state.unused_data
            if data:
                return data
        return b""

    def _open_next(self) -> bool:
        if len(self._pending) < 16:
            self._pending += self._stream.read(CHUNK_BYTES)
        if compression.detect(self._pending) != "bz2":
            self._at_end = True
            return False
        if self.stop is None and self._position >= self._part.stop:
            self.stop = self._given
        self._state = bz2.BZ2Decompressor()
        return True


def _next_stream(stream: BinaryIO, start: int, within: int) -> int | None:
    """Offset of the first bz2 stream that starts in [start, start + within)."""
    stream.seek(start)
    overlap = b""
    offset = start
    while offset - start < within + 16:
        chunk = stream.read(CHUNK_BYTES)
        if not chunk:
            return None
        data = overlap + chunk
        at = data.find(_MAGIC, 4)
        while at >= 0:
            if compression.detect(data[at - 4 : at + 6]) == "bz2":
                found = offset - len(overlap) + at - 4
                return found if found < start + within else None
            at = data.find(_MAGIC, at + 1)
        overlap = data[-16:]
        offset += len(chunk)
    return None
