"""The items of a feed that start in a part of it, found in its bytes.

In: a binary stream, a Part. Out: (offset, bytes from an item's tag to its end), None for one over MAX_RECORD_BYTES. A tag
inside CDATA is text. Whether a part begins inside CDATA is told by what comes first, a beginning or an end; items before
that wait (at most MAX_WAITING, for a feed may have no CDATA).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from curation.source import MAX_RECORD_BYTES, Part

BLOCK_BYTES = 1 << 20
MAX_WAITING = 16
_MARK = re.compile(rb"<!\[CDATA\[|\]\]>|</?(?:[A-Za-z_][\w.-]{0,40}:)?(?:item|entry)(?=[ \t\r\n>/])")
_LONGEST_MARK = 64

Item = tuple[int, bytes | None]


def feed_items(stream: BinaryIO, part: Part) -> Iterator[Item]:
    waiting: list[Item] = []
    is_known = part.start == 0
    for found in _found(stream, part):
        if isinstance(found, bool):  # the first border of CDATA: whether a text ended there
            waiting, is_known = [] if found else waiting, True
        else:
            waiting.append(found)
        if is_known or len(waiting) > MAX_WAITING:
            yield from waiting
            waiting = []
    yield from waiting


def _found(stream: BinaryIO, part: Part) -> Iterator[Item | bool]:
    """Items, and before those behind it, once, what the first border of CDATA is."""
    buffer, base, at, item = bytearray(), part.start, 0, -1  # `item`: where in the buffer the open one begins
    too_large: int | None = None  # offset of the open item, which is not kept
    is_text: bool | None = None
    stream.seek(base) if base else None
    while True:
        mark = _MARK.search(buffer, at)
        if mark is None:
            if item >= 0 and len(buffer) - item > MAX_RECORD_BYTES:
                item, too_large = -1, base + item
            gone = item if item >= 0 else max(0, len(buffer) - _LONGEST_MARK)
            at = max(at, len(buffer) - _LONGEST_MARK) - gone
            del buffer[:gone]
            base, item = base + gone, min(item, 0)
            block = stream.read(BLOCK_BYTES)
            buffer += block
            if block:
                continue
        found, start, stop = (mark.group(), mark.start(), mark.end()) if mark else (b"", len(buffer), len(buffer))
        at = stop
        if mark and found in (b"]]>", b"<![CDATA["):
            was_text = found == b"]]>"
            if is_text is None:
                yield was_text
                item, too_large = (-1, None) if was_text else (item, too_large)
            is_text = not was_text
            continue
        if mark and is_text:
            continue
        is_end = found.startswith(b"</")
        if too_large is not None:
            yield too_large, None
        elif item >= 0:
            yield base + item, bytes(buffer[item : stop if is_end else start]) + b">" * is_end
        item, too_large = -1 if is_end or not mark else start, None
        if not mark or (item >= 0 and base + item >= part.stop):
            return
