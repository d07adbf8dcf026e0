"""From documents to the works that could be eval, with what they overlap: the stages of candidates.py in order."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from curation.dedup.keys import balanced_ranges
from curation.dedup.rows import Layout, load
from curation.dedup.shingles import GRAM_BITS, ascending
from curation.dedup.tasks import Tasks
from curation.split_config import Config
from curation.splitting import candidates
from curation.splitting.documents import stratum_key
from curation.splitting.parts import WORK, Works, added_up, whole_works

Strata = Mapping[str, tuple[int, int]]


def find_works(
    tasks: Tasks, layout: Layout, strata: Mapping[str, tuple[int, int]], config: Config, partition_grams: int
) -> tuple[Works, Works]:
    """The works of the pool, ascending, `overlaps` filled; and their parts. `strata`: (documents, bytes) by name."""
    limits = {str(stratum_key(name)): candidates.pool_limit(count, config.eval_fraction) for name, (count, _) in strata.items()}
    indices = range(len(tasks.segments))
    place = layout.to_json()
    pools = [{"layout": place, "index": index, "limits": limits, "out": tasks.file("pool", index)} for index in indices]
    tasks.run(candidates.pool, pools)
    pooled = tasks.scratch / "pooled.npy"
    np.save(pooled, ascending(np.concatenate([np.zeros(0, np.uint64), *map(load, tasks.files("pool"))])))
    gathered = [{"layout": place, "index": index, "pooled": str(pooled), "out": tasks.file("works", index)} for index in indices]
    tasks.run(candidates.gather_works, gathered)
    parts = added_up(np.concatenate([np.zeros(0, WORK), *map(load, tasks.files("works"))]))
    ranges = balanced_ranges(layout, "grams", GRAM_BITS, partition_grams)
    stems = [str(tasks.scratch / f"overlap-{number}") for number in range(len(ranges))]
    matched = [{"layout": place, "low": low, "high": high, "out": stem} for (low, high), stem in zip(ranges, stems, strict=True)]
    tasks.run(candidates.match, matched)
    works = candidates.count_overlaps(whole_works(parts), layout, stems, config.max_overlap, config.max_covered)
    return works, parts
