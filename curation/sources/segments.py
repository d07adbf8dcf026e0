"""Plain text of any size in segments of bounded size, the same whether the file is read whole or by parts.

In: a stream of decompressed bytes (or a file on disk and a Part). Out: Segment(start, text, note), in order.
Borders are a pure function of the content: near each multiple of SEGMENT_BYTES the first empty line within 1 MiB,
else the first line end there, else the first space, else the multiple itself, moved to the next whole character.
PART_BYTES is a multiple of SEGMENT_BYTES, so part k of a large file holds exactly the segments that a single reader
would have made there: a line of 500 MB is cut every 16 MiB and never held whole. The encoding is decided once, on the first MiB.

Memory: about 12 times SEGMENT_BYTES at worst (bytes, text of four bytes a character, lines).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from curation.source import PART_BYTES, Part
from curation.sources.encoding import Decoded, decode
from curation.sources.members import read_up_to

SEGMENT_BYTES = PART_BYTES // 4
SEARCH_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Segment:
    """`start`: offset of its first byte in the decompressed stream."""

    start: int
    text: str
    encoding: str
    note: str  # for the ledger: doubtful_encoding
    is_whole: bool = False  # the stream has no other


def segments(stream: BinaryIO, part: Part | None = None, declared: str | None = None) -> Iterator[Segment]:
    """All segments, or those whose nominal border lies in the part. A part needs a seekable stream."""
    pending = read_up_to(stream, SEGMENT_BYTES + SEARCH_BYTES)
    if part is None and len(pending) < SEGMENT_BYTES + SEARCH_BYTES:
        decoded = decode(pending, declared)
        yield Segment(0, decoded.text, decoded.encoding, decoded.note, True)
        return
    encoding = _encoding(pending[:SEARCH_BYTES], declared)
    start = nominal = 0
    if part and part.start:
        nominal = -(-part.start // SEGMENT_BYTES) * SEGMENT_BYTES  # inside an archive a part may begin anywhere
        stream.seek(nominal)
        pending = read_up_to(stream, SEARCH_BYTES)
        cut = _border(pending, 0, encoding)
        start, pending = nominal + cut, pending[cut:]
    while part is None or nominal < part.stop:
        nominal += SEGMENT_BYTES
        pending += read_up_to(stream, max(0, nominal + SEARCH_BYTES - start - len(pending)))
        if not pending:
            return
        near = nominal - start
        cut = _border(pending, near, encoding) if len(pending) > near else len(pending)
        text = pending[:cut].decode(encoding, "replace").removeprefix("\ufeff")
        yield Segment(start, text, encoding, Decoded(text, encoding, "\ufffd" in text).note)
        start, pending = start + cut, pending[cut:]


def _encoding(head: bytes, declared: str | None) -> str:
    """Of the first MiB; the cut at its end must not make it look broken."""
    return decode(head[: head.rfind(b"\n") + 1] or head[:-4], declared).encoding


def _border(data: bytes, near: int, encoding: str) -> int:
    window = data[near : near + SEARCH_BYTES]
    width = 4 if "32" in encoding else 2 if "utf-16" in encoding else 1
    for mark in ("\n\n", "\r\n\r\n", "\n", " "):
        pattern = mark.encode(encoding) if width > 1 else mark.encode()
        at = window.find(pattern)
        while at >= 0 and at % width:
            at = window.find(pattern, at + 1)
        if at >= 0:
            return near + at + len(pattern)
    if encoding == "utf-8":
        for offset in range(min(4, len(window))):
            if window[offset] & 0xC0 != 0x80:
                return near + offset
    return near
