"""From shards to batches. `batch(step)` is a pure function of (footers, seed, step): nothing is remembered, so any step can be
asked for first.

How a step finds its rows: each source's row groups (over all shards) are permuted by seed and pass, and rows are shuffled
inside windows of 32 row groups shared among the sources; a fixed schedule gives each source its share (natural size × weight)
of every batch, to within two rows. Decoded row groups wait in the slots of one ring, where the least recently used gives way.
One prefetch thread decodes ahead.

Two packings. `chop` cuts the stream BOS doc BOS doc … every T tokens; a row's last target is the next row's first input, so
every token is predicted once. `best_fit` fills rows of T + 1 with the longest piece that still fits and, when none does,
splits the longest one and keeps its tail: no padding, nothing cropped (cropping costs a third of the tokens), and several
times fewer documents are cut.
"""

import time
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.lib.stride_tricks import sliding_window_view

from trainer.shards import Array, Release

WINDOW = 32
RING_TOKENS = 1 << 28  # data no larger than this (512 MiB of 16-bit ids) stays decoded: later epochs only gather


class Batch(NamedTuple):
    """int32 [rows, T] each: inputs; targets, -1 where nothing is predicted; where each input's document starts in the row
    (mask only)."""

    inputs: Array
    targets: Array
    starts: Array | None


class ShardData:
    """Rows of `context` tokens from a release's train shards, `batch_size` rows a step."""

    def __init__(self, release: Release, context: int, batch_size: int, seed: int, packing: str = "chop", mask: bool = False):
        self.release, self.batch_size, self.seed, self.packing = release, batch_size, seed, packing
        self.groups = release.groups["train"]
        self.sizes = np.array([group.tokens + group.rows for group in self.groups])  # a BOS for each document
        self.rows = np.array([num_rows(size, context, packing) for size in self.sizes])
        self.first_row = np.cumsum(self.rows) - self.rows
        owner = np.array([group.source for group in self.groups])
        self.names = sorted(set(owner.tolist()))
        self.members = [np.flatnonzero(owner == name) for name in self.names]
        natural = [self.rows[mine].sum() * release.weights.get(name, 1.0) for mine, name in zip(self.members, self.names)]
        self.shares = np.ceil(natural).astype(int)
        self.rows_per_epoch = int(self.shares.sum())
        # Row i of n of a source stands at (i + 1/2) / n of the epoch: every stretch of the epoch holds every source's share.
        self.schedule = np.argsort(np.concatenate([(np.arange(n) + 0.5) / n for n in self.shares]), kind="stable")
        self.windows = np.minimum(np.ceil(WINDOW * self.shares / self.rows_per_epoch), [len(mine) for mine in self.members])
        self.plan = lru_cache(2)(self._plan)
        slot = int(self.sizes.max()) + context + 1
        num_slots = int(len(owner) if len(owner) * slot <= RING_TOKENS else (self.windows + 1).sum())
        self.ring = np.empty((num_slots, slot), np.uint16 if release.vocab_size <= 1 << 16 else np.uint32)
        self.begins = np.empty((num_slots, slot * mask), bool)
        self.stretches, self.slot_of = sliding_window_view(self.ring, context + 1, 1), {~slot: slot for slot in range(num_slots)}

    def batch(self, step: int) -> Batch:
        """The rows of one optimizer step; inputs and targets share one block."""
        groups, nth = self.locate(np.arange(step * self.batch_size, (step + 1) * self.batch_size))
        size = self.batch_size if len(set(groups.tolist())) <= len(self.ring) else len(self.ring)
        parts = [self.block(groups[at : at + size], nth[at : at + size]) for at in range(0, self.batch_size, size)]
        block, starts = (np.concatenate(part) if len(parts) > 1 else part[0] for part in zip(*parts, strict=True))
        inputs = np.maximum(block[:, :-1], 0) if (block[:, -1] < 0).any() else block[:, :-1]
        return Batch(inputs, block[:, 1:], starts if self.begins.size else None)

    def block(self, groups: Array, nth: Array) -> tuple[Array, Array]:
        """[rows, T + 1] tokens of the rows that `locate` named, -1 behind a short row's end; and where each input's document
        starts (with a mask). At most as many row groups as the ring has slots, so that none drives another's tokens out."""
        size, slots = self.stretches.shape[2], self._hold(groups)
        within = nth * (size - (self.packing == "chop"))
        block, left = self.stretches[slots, within].astype(np.int32), self.sizes[groups] - within
        for row in np.flatnonzero(left < size):
            block[row, left[row] :] = -1
        begins = sliding_window_view(self.begins, size - 1, 1)[slots, within] if self.begins.size else block[:, :0]
        return block, np.maximum.accumulate(np.where(begins, np.arange(begins.shape[1], dtype=np.int32), 0), axis=1)

    def locate(self, places: Array) -> tuple[Array, Array]:
        """Which row group, and which of its rows, stands at each place of the endless sequence."""
        epochs, within = np.divmod(places, self.rows_per_epoch)
        rows = np.concatenate([self.plan(epoch)[within[epochs == epoch]] for epoch in sorted(set(epochs.tolist()))])
        groups = np.searchsorted(self.first_row, rows, "right") - 1
        return groups, rows - self.first_row[groups]

    def _plan(self, epoch: int) -> Array:
        """The epoch's rows in their order, each source's taken from where the epoch before left off."""
        chosen = []
        for index, share in enumerate(self.shares.tolist()):
            total = int(self.rows[self.members[index]].sum())
            first, skip = divmod(epoch * share, total)
            passes = [self._pass(index, number) for number in range(first, first + -(-(skip + share) // total))]
            chosen.append(np.concatenate([np.empty(0, np.int64), *passes])[skip : skip + share])
        return np.concatenate(chosen)[self.schedule]

    def _pass(self, index: int, number: int) -> Array:
        """Every row of a source once: row groups permuted, rows shuffled inside windows of neighbouring row groups."""
        rng = np.random.default_rng((self.seed, index, number))
        order = rng.permutation(self.members[index])
        rows = np.concatenate([np.arange(self.rows[group]) + self.first_row[group] for group in order])
        num_windows = -(-len(order) // int(self.windows[index]))  # of equal size: none is left with a few row groups
        window = np.repeat(np.arange(len(order)) * num_windows // len(order), self.rows[order])
        return rows[np.lexsort((rng.random(len(rows)), window))]

    def _hold(self, groups: Array) -> Array:
        """Each row group's slot in the ring. Those that are not there are decoded (BOS doc BOS doc …, fitted into rows if so
        wanted) over what was used longest ago; with a mask, `begins` marks each piece's first token and what follows the last."""
        for group in sorted(set(groups.tolist()), key=lambda group: group not in self.slot_of):
            if (slot := self.slot_of.pop(group, -1)) < 0:
                slot = self.slot_of.pop(next(iter(self.slot_of)))
                values, offsets = self.release.tokens(self.groups[group])
                stream, pieces = with_bos(values, offsets, self.release.bos), np.diff(offsets) + 1
                if self.packing == "best_fit":
                    starts, pieces = best_fit_pieces(pieces, self.stretches.shape[2])
                    stream = np.concatenate([stream[a : a + n] for a, n in zip(starts, pieces, strict=True)])
                self.ring[slot, : len(stream)], self.begins[slot] = stream, False
                self.begins[slot, np.append(0, np.cumsum(pieces))[: self.begins.shape[1]]] = True
            self.slot_of[group] = slot  # a dict keeps its order: the last used comes last
        return np.array([self.slot_of[group] for group in groups.tolist()])


def num_rows(tokens: int, context: int, packing: str) -> int:
    """Rows that `tokens` (BOS included) fill."""
    return max(1, -(-(tokens - 1) // context)) if packing == "chop" else -(-tokens // (context + 1))


def with_bos(values: Array, offsets: Array, bos: int) -> Array:
    """BOS doc BOS doc …, as pyarrow joins strings of bytes, the first of them empty: 0.2 ns a token, np.insert 1.0."""
    places = pa.array(np.append(0, offsets) * values.itemsize, pa.int32())  # an error where they are too many
    texts = pa.Array.from_buffers(pa.binary(), len(offsets), [None, places.buffers()[1], pa.py_buffer(values)])
    joined = pc.binary_join(pa.ListArray.from_arrays([0, len(texts)], texts), np.array(bos, values.dtype).tobytes())
    return np.frombuffer(joined.buffers()[2], values.dtype)


def best_fit_pieces(lengths: Array, capacity: int) -> tuple[list[int], Array]:
    """Starts (in the stream) and lengths of the pieces, in the order in which they fill row after row."""
    waiting = sorted(zip(lengths.tolist(), (np.cumsum(lengths) - lengths).tolist(), strict=True))
    starts, taken, room = list[int](), list[int](), capacity
    while waiting:
        length, start = waiting.pop(bisect_left(waiting, (room + 1,)) - 1)  # the last, which is the longest, when none fits
        starts.append(start)
        taken.append(min(length, room))
        if length > room:
            insort(waiting, (length - room, start + room))
        room = room - taken[-1] or capacity
    return starts, np.array(taken)


def prefetch(batch_of: Callable[[int], Batch], start: int, stop: int) -> Iterator[tuple[Batch, float]]:
    """Batches of steps start … stop-1, each built by one thread while the one before is trained on, and the seconds for which
    it had to be waited for."""
    with ThreadPoolExecutor(1, "prefetch") as pool:
        coming = pool.submit(batch_of, start)
        for step in range(start + 1, stop + 1):
            begin, ready = time.perf_counter(), coming.result()
            waited = time.perf_counter() - begin
            if step < stop:
                coming = pool.submit(batch_of, step)
            yield ready, waited
