"""The check on what `split` wrote: the largest share of a train document's 13-grams that eval holds.

In: segments and verdict files whose `split` is filled. It asks the files alone, not how they came to be: all 13-grams of
eval documents' texts, then the sampled ones of every train document, and the whole text of each document whose sample
shows more than SUSPICION of the bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from curation.dedup.gather import texts
from curation.dedup.keys import save_sorted
from curation.dedup.rows import Layout, Numbers
from curation.dedup.shingles import GRAM_BITS, gram_set
from curation.dedup.tasks import key_ranges, over
from curation.engine import Engine
from curation.errors import ContractError
from curation.segment import Segment, scan, scan_aligned
from curation.splitting.overlap import SUSPICION, Grams, merge_eval


def check_overlap(
    segments: Sequence[Segment], folder: Path, max_overlap: float, engine: Engine, few_rows: int, partition_grams: int
) -> float:
    """The largest overlap in the verdict files of `folder`. ContractError if it is not below `max_overlap`."""
    with over(segments, engine, few_rows) as tasks:
        sizes = tasks.by_segment(read_eval, verdicts=str(folder), scratch=str(tasks.scratch))
        layout = Layout(str(tasks.scratch), tuple(0 for _ in tasks.segments))
        merge_eval(layout, len(key_ranges(GRAM_BITS, sum(sizes), partition_grams)), tasks.scratch / "eval")
        suspicion, stem = SUSPICION * max_overlap, str(tasks.scratch / "eval")
        largest: float = max(tasks.by_segment(measure, verdicts=str(folder), eval_stem=stem, suspicion=suspicion), default=0.0)
    if largest >= max_overlap:
        raise ContractError(
            "a train document overlaps eval", where=str(folder), got=f"{largest:.3f}", expected=f"below {max_overlap}"
        )
    return largest


def read_eval(segment: dict[str, Any], index: int, verdicts: str, scratch: str) -> int:
    """Task: the 13-grams of one segment's eval documents, sorted; returns how many."""
    piece = Segment(**segment)
    parts = [np.zeros(0, np.uint64), *(gram_set(text) for text in texts(piece, _rows_of(piece, verdicts, "eval")))]
    grams = np.concatenate(parts)
    save_sorted(Path(scratch), f"evalgrams-{index}", grams[None], np.zeros((1, len(grams)), np.int64))
    return len(grams)


def _rows_of(segment: Segment, verdicts: str, split: str) -> Numbers:
    path = Path(verdicts) / f"{segment.fingerprint}.parquet"
    parts = [
        pc.fill_null(pc.equal(batch["split"], split), False).to_numpy(zero_copy_only=False) for batch in scan(path, ["split"])
    ]
    return np.flatnonzero(np.concatenate([np.zeros(0, bool), *parts]))


def measure(segment: dict[str, Any], index: int, verdicts: str, eval_stem: str, suspicion: float) -> float:
    """Task: the largest overlap of one segment's train documents."""
    piece, grams = Segment(**segment), Grams.open(eval_stem)
    tables = [(Path(verdicts) / f"{piece.fingerprint}.parquet", ["split"]), (piece.table("signatures"), ["ngrams"])]
    suspects, largest, first = [np.zeros(0, np.int64)], 0.0, 0
    for batch in scan_aligned(tables):
        is_train = pc.fill_null(pc.equal(batch["split"], "train"), False).to_numpy(zero_copy_only=False)
        shares = np.where(is_train, _shares(batch["ngrams"], grams), 0.0)
        suspects.append(first + np.flatnonzero(shares >= suspicion))
        largest = max(largest, float(max(shares[shares < suspicion], default=0.0)))
        first += batch.num_rows
    for text in texts(piece, np.concatenate(suspects)):
        own = gram_set(text)
        largest = max(largest, float(grams.find(own)[0].mean()) if len(own) else 0.0)
    return largest


def _shares(column: Any, grams: Grams) -> npt.NDArray[np.float64]:
    """Share of each document's sampled 13-grams that eval holds."""
    sizes = np.diff(column.offsets.to_numpy())
    hit, _ = grams.find(column.flatten().to_numpy())
    owner = np.repeat(np.arange(len(column)), sizes)
    return np.asarray(np.bincount(owner[hit], minlength=len(column)) / np.maximum(sizes, 1))
