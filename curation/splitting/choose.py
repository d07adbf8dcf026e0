"""Which works become eval: by hash of seed and work, stratum by stratum, until the stratum's share is filled.

Works that overlap documents of other works are not taken, nor works so large that one would overshoot the share twice.
Where a stratum then has fewer eval documents than the minimum, works of least overlap fill it (no more signs of overlap
than the work has documents), as long as they stay within `max_share` of the stratum. Where even so it has none, its
smallest such work is taken if no more than half of the stratum lies in it. Then cover.py looks after strata that are the
main one of no work. The result depends on the set of works alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from curation.split_config import Config
from curation.splitting.parts import Works

LARGEST_SHARE = 0.5  # of a stratum, for one work that is all its eval


def choose(works: Works, totals: Mapping[int, int], config: Config) -> npt.NDArray[np.uint64]:
    """Hashes of the eval works, pinned ones included. `totals`: bytes of all documents of a stratum."""
    chosen: npt.NDArray[np.bool_] = works["pinned"].copy()
    for stratum, num_bytes in sorted(totals.items()):
        inside = np.flatnonzero(works["stratum"] == stratum)
        chosen[inside[_fill(works[inside], num_bytes, config)]] = True
    if not chosen.any() and len(works) > 1 and config.eval_fraction > 0:
        best = np.lexsort((works["order"], works["bytes"], works["overlaps"]))[0]
        chosen[best] = True
    eval_works: npt.NDArray[np.uint64] = np.sort(works["work"][chosen])
    return eval_works


def _fill(works: Works, total_bytes: int, config: Config) -> npt.NDArray[np.int64]:
    """Indices of the works of one stratum to add to its pinned ones."""
    budget = config.eval_fraction * total_bytes
    pinned = works["pinned"]
    order = np.argsort(works["order"], kind="stable")
    fit = order[~pinned[order] & (works["overlaps"][order] == 0) & (works["bytes"][order] <= budget)]
    before = np.cumsum(works["bytes"][fit]) - works["bytes"][fit] + works["bytes"][pinned].sum()
    added = fit[before < budget]
    taken = pinned.copy()
    taken[added] = True
    missing = config.min_documents - int(works["documents"][taken].sum())
    if missing <= 0 or config.eval_fraction == 0:
        return np.asarray(added)
    rest = np.lexsort((works["order"], works["overlaps"]))
    rest = rest[~taken[rest] & (works["overlaps"][rest] <= works["documents"][rest])]
    room = config.max_share * total_bytes - int(works["bytes"][taken].sum())
    filling = list[int]()
    for index in rest.tolist():
        if missing > 0 and works["bytes"][index] <= room:
            filling.append(index)
            room -= int(works["bytes"][index])
            missing -= int(works["documents"][index])
    if not taken.any() and not filling and len(works) > 1:
        smallest = rest[np.argsort(works["bytes"][rest], kind="stable")[:1]]
        filling = smallest[works["bytes"][smallest] <= LARGEST_SHARE * total_bytes].tolist()
    return np.concatenate([added, np.array(filling, np.int64)])
