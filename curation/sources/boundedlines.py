"""Lines of a stream with their byte offsets, none longer than a limit in memory.

In: a binary stream. Out: (offset, line without its end), or (offset, None) for a line over MAX_RECORD_BYTES, whose bytes
are passed over in chunks. With a Part: the lines that start in it; the stream must be seekable then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from curation.source import MAX_RECORD_BYTES, Part
from curation.sources.compression import CHUNK_BYTES


def bounded_lines(stream: BinaryIO, part: Part | None = None) -> Iterator[tuple[int, bytes | None]]:
    limit = MAX_RECORD_BYTES
    offset = 0
    if part and part.start:
        stream.seek(part.start - 1)
        offset = part.start - 1
        offset += _skip_line(stream)
    while part is None or offset < part.stop:
        line = stream.readline(limit + 1)
        if not line:
            return
        size = len(line)
        if size > limit and not line.endswith(b"\n"):
            yield offset, None
            size += _skip_line(stream)
        else:
            yield offset, line.rstrip(b"\r\n")
        offset += size


def _skip_line(stream: BinaryIO) -> int:
    size = 0
    while piece := stream.readline(CHUNK_BYTES):
        size += len(piece)
        if piece.endswith(b"\n"):
            break
    return size
