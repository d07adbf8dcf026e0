"""Cuts a stretch of documents into rows of equal length. Every token is in exactly one row; the number of rows is known from footers alone.

`chop` cuts the stream BOS doc BOS doc … every T tokens; a row's last target is the next row's first input, so every token is predicted once.
`best_fit` fills rows of T + 1 with the longest piece that still fits and, when none does, splits the longest one and keeps its tail: no
padding, nothing cropped (cropping to rows costs a third of the tokens), and fewer documents are cut. Cost: ARRAY_COST on one core.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass

import numpy as np

from trainer.shards import Array, byte_starts


@dataclass(frozen=True)
class Packed:
    """`tokens` end to end; row i holds tokens [i·stride, i·stride + T]; only the last row may be short. `starts`: each token's document start."""

    tokens: Array
    starts: Array | None
    stride: int


def num_rows(tokens: int, context: int, packing: str) -> int:
    """Rows that `tokens` (BOS included) fill."""
    return max(1, -(-(tokens - 1) // context)) if packing == "chop" else -(-tokens // (context + 1))


def with_bos(values: Array, offsets: Array, bos: int) -> Array:
    """The stream BOS doc BOS doc …: slices for long documents, one scatter for short ones (25 times faster at 30 tokens each)."""
    rows = len(offsets) - 1
    stream = np.empty(len(values) + rows, dtype=values.dtype)
    at = offsets[:-1] + np.arange(rows)
    if len(values) < 200 * rows:
        text = np.ones(len(stream), dtype=bool)
        text[at] = False
        stream[text] = values
    else:
        for row in range(rows):
            start, stop = offsets[row], offsets[row + 1]
            stream[start + row + 1:stop + row + 1] = values[start:stop]
    stream[at] = bos
    return stream


def chop(stream: Array, lengths: Array, context: int, mask: bool) -> Packed:
    """Rows in the order of the stream. `lengths` count each document with its BOS."""
    starts = np.repeat(byte_starts(lengths)[:-1], lengths) if mask else None
    return Packed(stream, starts, context)


def best_fit_pieces(lengths: Array, capacity: int) -> tuple[list[int], list[int]]:
    """Starts (in the stream) and lengths of the pieces, in the order in which they fill row after row."""
    where = byte_starts(lengths).tolist()
    buckets: dict[int, list[int]] = {}
    for length, start in zip(lengths.tolist(), where, strict=False):
        buckets.setdefault(length, []).append(start)
    sizes, room = sorted(buckets), capacity
    piece_starts: list[int] = []
    piece_lengths: list[int] = []
    while sizes:
        at = bisect_right(sizes, room) - 1
        length = sizes[at]  # at is -1, the longest, when none fits
        bucket = buckets[length]
        start = bucket.pop()
        if not bucket:
            del sizes[at], buckets[length]
        taken = min(length, room)
        piece_starts.append(start)
        piece_lengths.append(taken)
        if tail := length - taken:
            if tail not in buckets:
                insort(sizes, tail)
            buckets.setdefault(tail, []).append(start + taken)
        room = room - taken or capacity
    return piece_starts, piece_lengths


def best_fit(stream: Array, lengths: Array, context: int, mask: bool) -> Packed:
    """The stream's pieces in best-fit order."""
    piece_starts, piece_lengths = best_fit_pieces(lengths, context + 1)
    ends = np.add(piece_starts, piece_lengths).tolist()
    tokens = np.concatenate([stream[a:b] for a, b in zip(piece_starts, ends, strict=True)])
    starts = np.repeat(byte_starts(np.array(piece_lengths))[:-1], piece_lengths) if mask else None
    return Packed(tokens, starts, context + 1)
