"""Cuts a stretch of documents into rows of equal length. Every token is in a row; the number of rows is known from footers
alone.

`chop` cuts the stream BOS doc BOS doc … every T tokens; a row's last target is the next row's first input, so every token is
predicted once. `best_fit` fills rows of T + 1 with the longest piece that still fits and, when none does, splits the longest
one and keeps its tail: no padding, nothing cropped (cropping costs a third of the tokens), and several times fewer documents
are cut.
"""

from bisect import bisect_right, insort
from typing import NamedTuple

import numpy as np

from trainer.shards import Array


class Packed(NamedTuple):
    """Row i holds tokens [i·stride, i·stride + T]; only the last may be short. `starts`: where each token's document begins
    (mask only)."""

    tokens: Array
    starts: Array | None
    stride: int


def num_rows(tokens: int, context: int, packing: str) -> int:
    """Rows that `tokens` (BOS included) fill."""
    return max(1, -(-(tokens - 1) // context)) if packing == "chop" else -(-tokens // (context + 1))


def with_bos(values: Array, offsets: Array, bos: int) -> Array:
    """The stream BOS doc BOS doc …: slices for long documents, one scatter for short ones."""
    rows = len(offsets) - 1
    stream = np.empty(len(values) + rows, dtype=values.dtype)
    at = offsets[:-1] + np.arange(rows)
    if len(values) < 200 * rows:
        text = np.ones(len(stream), dtype=bool)
        text[at] = False
        stream[text] = values
    else:
        for row, (start, stop) in enumerate(zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True), 1):
            stream[start + row:stop + row] = values[start:stop]
    stream[at] = bos
    return stream


def best_fit_pieces(lengths: Array, capacity: int) -> tuple[list[int], list[int]]:
    """Starts (in the stream) and lengths of the pieces, in the order in which they fill row after row."""
    buckets: dict[int, list[int]] = {}
    for length, end in zip(lengths.tolist(), np.cumsum(lengths).tolist(), strict=True):
        buckets.setdefault(length, []).append(end - length)
    sizes, room = sorted(buckets), capacity
    starts: list[int] = []
    taken: list[int] = []
    while sizes:
        at = bisect_right(sizes, room) - 1
        length = sizes[at]  # at is -1, the longest, when none fits
        start = buckets[length].pop()
        if not buckets[length]:
            del sizes[at], buckets[length]
        taken.append(min(length, room))
        starts.append(start)
        if length > room:
            if length - room not in buckets:
                insort(sizes, length - room)
            buckets.setdefault(length - room, []).append(start + room)
        room = room - taken[-1] or capacity
    return starts, taken


def pack(parts: list[tuple[Array, Array]], bos: int, context: int, packing: str, mask: bool) -> Packed:
    """`parts`: (values, offsets) of row groups. Cost on one core of uint16 ids beside the decoding of Parquet: see
    docs/performance.md."""
    streams = [with_bos(values, offsets, bos) for values, offsets in parts]
    tokens = streams[0] if len(streams) == 1 else np.concatenate(streams)
    pieces = np.concatenate([np.diff(offsets) + 1 for _, offsets in parts])
    if packing == "best_fit":
        starts, taken = best_fit_pieces(pieces, context + 1)
        tokens, pieces = np.concatenate([tokens[a:a + n] for a, n in zip(starts, taken, strict=True)]), np.array(taken)
    begins = np.repeat(np.cumsum(pieces) - pieces, pieces) if mask else None
    return Packed(tokens, begins, context if packing == "chop" else context + 1)
