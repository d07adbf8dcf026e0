"""`batch(step)` is a pure function of (footers, seed, step): nothing is remembered, so any step can be asked for first.

How a step finds its rows: each source's row groups (over all shards) are permuted by seed and pass; 32 lanes shared among the sources read
from different places of that order; a fixed schedule gives each source its share (natural size × weight) of every batch, to within a row.
One prefetch thread decodes ahead. Memory: the decoded row groups of the lanes, about 2 MB each.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from trainer.packing import Packed, best_fit, chop, num_rows, with_bos
from trainer.shards import Array, Release, RowGroup

LANES = 32
UNIT_ROWS = 64  # small row groups are joined until a unit has this many rows, so that short last rows stay under 1 %


@dataclass(frozen=True)
class Batch:
    """int32 [rows, T] each: inputs; targets, -1 where nothing is predicted; where each input's document starts in the row (mask only)."""

    inputs: Array
    targets: Array
    starts: Array | None

    def rows(self, start: int, stop: int) -> Batch:
        return Batch(self.inputs[start:stop], self.targets[start:stop], None if self.starts is None else self.starts[start:stop])


class BatchSource(Protocol):
    """Shards or conversations."""

    rows_per_epoch: int

    def batch(self, step: int) -> Batch: ...


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
        self.rows = np.array([num_rows(sum(g.tokens + g.rows for g in unit), context, packing) for unit in self.units])
        self.num_rows = int(self.rows.sum())
        self.rows_per_epoch = max(1, round(self.num_rows * weight)) if weight > 0 else 0
        self.lanes = 1


class ShardData:
    """Rows of `context` tokens from a release's train shards, `batch_size` rows a step."""

    def __init__(self, release: Release, context: int, batch_size: int, seed: int, packing: str = "chop", mask: bool = False) -> None:
        self.release, self.context, self.batch_size, self.seed, self.packing, self.mask = release, context, batch_size, seed, packing, mask
        by_source: dict[str, list[RowGroup]] = {}
        for group in release.groups["train"]:
            by_source.setdefault(group.source, []).append(group)
        self.names = sorted(by_source)
        self.sources = [_Source(by_source[name], context, packing, release.weights.get(name, 1.0)) for name in self.names]
        shares = np.array([source.rows_per_epoch for source in self.sources], dtype=float)
        self.rows_per_epoch = int(shares.sum())
        for source, share in zip(self.sources, shares / self.rows_per_epoch, strict=True):
            source.lanes = min(source.num_rows, int(np.ceil(LANES * share)) or 1)
        # Row i of n of a source stands at (i + 1/2) / n of the epoch: every stretch of the epoch holds every source's share.
        owner = np.repeat(np.arange(len(shares)), shares.astype(int))
        turn = np.concatenate([np.arange(int(share)) for share in shares])
        order = np.lexsort((owner, (turn + 0.5) / shares[owner]))
        self.owner, self.turn = owner[order].astype(np.int16), turn[order]
        self._orders: OrderedDict[tuple[int, int], tuple[Array, Array]] = OrderedDict()
        self._units: OrderedDict[tuple[int, int], tuple[Packed, Array]] = OrderedDict()

    def batch(self, step: int) -> Batch:
        """The rows of one optimizer step. Cost: about 4 µs a row plus decoding."""
        width = self.context
        block = np.empty((self.batch_size, width + 1), dtype=np.int32)
        starts = np.empty((self.batch_size, width), dtype=np.int32) if self.mask else None
        for i, place in enumerate(range(step * self.batch_size, (step + 1) * self.batch_size)):
            packed, row = self._row(place)
            at = row * packed.stride
            piece = packed.tokens[at:at + width + 1]
            block[i, :len(piece)] = piece
            block[i, len(piece):] = -1
            if starts is not None and packed.starts is not None:
                begin = packed.starts[at:at + width]
                np.maximum(begin - at, 0, out=starts[i, :len(begin)], casting="unsafe")
                starts[i, len(begin):] = len(begin)
        inputs = block[:, :-1]
        return Batch(np.maximum(inputs, 0) if (block[:, -1] < 0).any() else inputs, block[:, 1:], starts)

    def locate(self, place: int) -> tuple[int, int, int]:
        """Which (source, unit, row of the unit) stands at this place of the endless sequence of rows."""
        epoch, within = divmod(place, self.rows_per_epoch)
        index = int(self.owner[within])
        source = self.sources[index]
        turn_over, turn = divmod(epoch * source.rows_per_epoch + int(self.turn[within]), source.num_rows)
        unit_order, ends = self._order(index, turn_over)
        depth, lane = divmod(turn, source.lanes)
        longer = source.num_rows % source.lanes  # the first lanes have one row more
        place_in_pass = lane * (source.num_rows // source.lanes) + min(lane, longer) + depth
        nth = int(np.searchsorted(ends, place_in_pass, side="right"))
        unit = int(unit_order[nth])
        return index, unit, place_in_pass - int(ends[nth]) + int(source.rows[unit])

    def _row(self, place: int) -> tuple[Packed, int]:
        index, unit, row = self.locate(place)
        packed, shuffled = self._unit(index, unit)
        return packed, int(shuffled[row])

    def _order(self, index: int, turn_over: int) -> tuple[Array, Array]:
        if (index, turn_over) not in self._orders:
            source = self.sources[index]
            order = np.random.default_rng((self.seed, index, turn_over)).permutation(len(source.units))
            self._orders[index, turn_over] = order, np.cumsum(source.rows[order])
            if len(self._orders) > 2 * len(self.sources):
                self._orders.popitem(last=False)
        return self._orders[index, turn_over]

    def _unit(self, index: int, unit: int) -> tuple[Packed, Array]:
        key = (index, unit)
        if key not in self._units:
            parts = [self.release.tokens(group) for group in self.sources[index].units[unit]]
            streams = [with_bos(values, offsets, self.release.bos) for values, offsets in parts]
            lengths = np.concatenate([np.diff(offsets) + 1 for _, offsets in parts])
            stream = streams[0] if len(streams) == 1 else np.concatenate(streams)
            pack = chop if self.packing == "chop" else best_fit
            shuffled = np.random.default_rng((self.seed, index, unit, 1)).permutation(int(self.sources[index].rows[unit]))
            self._units[key] = pack(stream, lengths, self.context, self.mask), shuffled
            if len(self._units) > 2 * LANES + 2 * len(self.sources):
                self._units.popitem(last=False)
        self._units.move_to_end(key)
        return self._units[key]


def prefetch(source: BatchSource, start: int, stop: int) -> Iterator[Batch]:
    """Batches of steps start … stop-1, each built by one thread while the one before is trained on."""
    with ThreadPoolExecutor(1, "prefetch") as pool:
        coming = pool.submit(source.batch, start) if start < stop else None
        for step in range(start + 1, stop + 1):
            assert coming is not None
            ready = coming.result()
            coming = pool.submit(source.batch, step) if step < stop else None
            yield ready


