"""`batch(step)` is a pure function of (footers, seed, step): nothing is remembered, so any step can be asked for first.

How a step finds its rows: each source's row groups (over all shards) are permuted by seed and pass; 32 lanes shared among the
sources read from different places of that order; a fixed schedule gives each source its share (natural size × weight) of
every batch, to within two rows. One prefetch thread decodes ahead. Memory: the decoded row groups of the lanes, about 2 MB
each.
"""

from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np

from trainer.packing import Packed, num_rows, pack
from trainer.shards import Array, Release, RowGroup

LANES = 32
UNIT_ROWS = 64  # small row groups are joined until a unit has this many rows, so that short last rows stay under 1 %


class Batch(NamedTuple):
    """int32 [rows, T] each: inputs; targets, -1 where nothing is predicted; where each input's document starts in the row
    (mask only)."""

    inputs: Array
    targets: Array
    starts: Array | None


class BatchSource(Protocol):
    """Shards or conversations."""

    rows_per_epoch: int

    def batch(self, step: int) -> Batch: ...


_Unit = tuple[Packed, list[int]]  # a unit's rows, and the order in which they are taken


def _num_tokens(unit: list[RowGroup]) -> int:
    return sum(group.tokens + group.rows for group in unit)


class _Source:
    """One source's row groups, joined into units, and how many rows an epoch takes from it."""

    def __init__(self, groups: list[RowGroup], context: int, packing: str, weight: float) -> None:
        self.units: list[list[RowGroup]] = []
        filled = UNIT_ROWS * context
        for group in groups:
            if filled >= UNIT_ROWS * context:
                self.units.append([])
                filled = 0
            self.units[-1].append(group)
            filled += group.tokens + group.rows
        self.rows = np.array([num_rows(_num_tokens(unit), context, packing) for unit in self.units])
        self.num_rows = int(self.rows.sum())
        self.rows_per_epoch = max(1, round(self.num_rows * weight)) if weight > 0 else 0
        self.lanes = 1


class ShardData:
    """Rows of `context` tokens from a release's train shards, `batch_size` rows a step."""

    def __init__(
        self, release: Release, context: int, batch_size: int, seed: int, packing: str = "chop", mask: bool = False
    ) -> None:
        self.release, self.context, self.batch_size, self.seed = release, context, batch_size, seed
        self.packing, self.mask = packing, mask
        by_source: dict[str, list[RowGroup]] = {}
        for group in release.groups["train"]:
            by_source.setdefault(group.source, []).append(group)
        self.names = sorted(by_source)
        self.sources = [_Source(by_source[name], context, packing, release.weights.get(name, 1.0)) for name in self.names]
        shares = np.array([source.rows_per_epoch for source in self.sources])
        self.rows_per_epoch = int(shares.sum())
        for source, share in zip(self.sources, shares / self.rows_per_epoch, strict=True):
            source.lanes = min(source.num_rows, max(1, int(np.ceil(LANES * share))))
        # Row i of n of a source stands at (i + 1/2) / n of the epoch: every stretch of the epoch holds every source's share.
        owner = np.repeat(np.arange(len(shares)), shares)
        turn = np.concatenate([np.arange(share) for share in shares])
        order = np.lexsort((owner, (turn + 0.5) / shares[owner]))
        self.owner, self.turn = owner[order].astype(np.int16), turn[order]
        self.order = lru_cache(2 * len(self.sources))(self._order)
        self._units: OrderedDict[tuple[int, int], _Unit] = OrderedDict()
        self._max_units = sum(source.lanes for source in self.sources) + len(self.sources)
        self._unit_tokens = max(_num_tokens(unit) for source in self.sources for unit in source.units)

    def batch(self, step: int) -> Batch:
        """The rows of one optimizer step. Cost: about 2 µs a row beside decoding, 6 µs with it, at T=1024."""
        width = self.context
        block = np.empty((self.batch_size, width + 1), dtype=np.int32)
        starts = np.empty((self.batch_size, width), dtype=np.int32) if self.mask else None
        padded = False
        for i, (piece, begins) in enumerate(self.rows(step * self.batch_size, (step + 1) * self.batch_size)):
            block[i, : len(piece)] = piece
            if len(piece) <= width:
                block[i, len(piece) :], padded = -1, True
            if starts is not None and begins is not None:
                starts[i, : len(begins)] = begins
                starts[i, len(begins) :] = len(begins)
        return Batch(np.maximum(block[:, :-1], 0) if padded else block[:, :-1], block[:, 1:], starts)

    def rows(self, start: int, stop: int) -> Iterator[tuple[Array, Array | None]]:
        """Rows of the endless sequence, at most `context` + 1 tokens each, and (with a mask) where each of the inputs'
        documents begins in the row. Views of memory that is used again: copy what you keep."""
        for index, unit, nth in self.locate(np.arange(start, stop)).T.tolist():
            packed, shuffled = self._unit(index, unit)
            at = shuffled[nth] * packed.stride
            begins = None if packed.starts is None else np.maximum(packed.starts[at : at + self.context] - at, 0)
            yield packed.tokens[at : at + self.context + 1], begins

    def locate(self, places: Array) -> Array:
        """[3, places]: which (source, unit, row of the unit) stands at each place of the endless sequence of rows."""
        epoch, within = np.divmod(places, self.rows_per_epoch)
        found = np.empty((3, len(places)), np.int64)
        found[0] = self.owner[within]
        for index in set(found[0].tolist()):
            source, mine = self.sources[index], np.flatnonzero(found[0] == index)
            turn_over, turn = np.divmod(epoch[mine] * source.rows_per_epoch + self.turn[within[mine]], source.num_rows)
            depth, lane = np.divmod(turn, source.lanes)
            each, longer = divmod(source.num_rows, source.lanes)  # the first lanes have one row more
            # Odd lanes run backwards: neighbours meet in a unit at the same time, so that it is decoded once and not twice.
            depth = np.where(lane % 2 == 1, each + (lane < longer) - 1 - depth, depth)
            in_pass = lane * each + np.minimum(lane, longer) + depth
            for number in set(turn_over.tolist()):
                now = turn_over == number
                order, ends = self.order(index, number)
                nth = np.searchsorted(ends, in_pass[now], "right")
                found[1:, mine[now]] = order[nth], in_pass[now] - ends[nth] + source.rows[order[nth]]
        return found

    def _order(self, index: int, turn_over: int) -> tuple[Array, Array]:
        source = self.sources[index]
        order = np.random.default_rng((self.seed, index, turn_over)).permutation(len(source.units))
        return order, np.cumsum(source.rows[order])

    def _unit(self, index: int, unit: int) -> _Unit:
        """The least recently used unit gives its memory to a new one."""
        if (found := self._units.get((index, unit))) is None:
            source, full = self.sources[index], len(self._units) >= self._max_units
            dtype = np.uint16 if self.release.vocab_size <= 1 << 16 else np.uint32
            buffer = self._units.popitem(last=False)[1][0].tokens.base if full else np.empty(self._unit_tokens, dtype)
            assert buffer is not None
            chunks = (chunk for group in source.units[unit] for chunk in self.release.chunks(group))
            packed = pack(chunks, self.release.bos, self.context, self.packing, self.mask, buffer)
            shuffled = np.random.default_rng((self.seed, index, unit, 1)).permutation(int(source.rows[unit]))
            found = self._units[index, unit] = packed, shuffled.tolist()
        self._units.move_to_end((index, unit))
        return found


def prefetch(source: BatchSource, start: int, stop: int) -> Iterator[Batch]:
    """Batches of steps start … stop-1, each built by one thread while the one before is trained on."""
    with ThreadPoolExecutor(1, "prefetch") as pool:
        coming = pool.submit(source.batch, start)
        for step in range(start + 1, stop + 1):
            ready = coming.result()
            if step < stop:
                coming = pool.submit(source.batch, step)
            yield ready
