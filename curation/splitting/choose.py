"""Which works become eval: by hash of seed and work, stratum by stratum, until the stratum's share is filled.

Works that overlap documents of other works are not taken, nor works so large that one would overshoot the share twice.
Where a stratum then has fewer eval documents than the minimum, works of least overlap fill it (no more signs of overlap
than the work has documents), but never more than `max_share` of the stratum. The result depends on the set of works alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from curation.split_config import Config

WORK = np.dtype(
    [
        ("work", "<u8"),
        ("stratum", "<u8"),  # where most of its bytes lie
        ("order", "<u8"),
        ("bytes", "<i8"),
        ("documents", "<i8"),
        ("overlaps", "<i8"),  # signs that documents of other works share its text; 0 = none
        ("pinned", "?"),
    ]
)

Works = npt.NDArray[Any]  # of dtype WORK


def group_works(documents: npt.NDArray[Any]) -> Works:
    """Works of an array of DOCUMENT rows, ascending; the stratum with most bytes gives a work its own."""
    order = np.lexsort((documents["stratum"], documents["work"]))
    documents = documents[order]
    if not len(documents):
        return np.zeros(0, WORK)
    new_part = np.append(True, (np.diff(documents["work"]) != 0) | (np.diff(documents["stratum"]) != 0))
    starts = np.flatnonzero(new_part)
    parts = np.zeros(len(starts), WORK)
    for name in ("work", "stratum", "order"):
        parts[name] = documents[name][starts]
    parts["bytes"] = np.add.reduceat(documents["bytes"], starts)
    parts["documents"] = np.diff(np.append(starts, len(documents)))
    parts["pinned"] = np.logical_or.reduceat(documents["pinned"], starts)
    return merge_works(parts)


def merge_works(parts: Works) -> Works:
    """One row per work from rows per work and stratum."""
    if not len(parts):
        return parts
    parts = parts[np.lexsort((parts["stratum"], -parts["bytes"], parts["work"]))]
    starts = np.flatnonzero(np.append(True, parts["work"][1:] != parts["work"][:-1]))
    works = parts[starts].copy()
    works["bytes"] = np.add.reduceat(parts["bytes"], starts)
    works["documents"] = np.add.reduceat(parts["documents"], starts)
    works["overlaps"] = np.add.reduceat(parts["overlaps"], starts)
    works["pinned"] = np.logical_or.reduceat(parts["pinned"], starts)
    return works


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
    rest = rest[works["overlaps"][rest] <= works["documents"][rest]]
    rest = rest[~taken[rest] & (works["bytes"][rest] + works["bytes"][taken].sum() <= config.max_share * total_bytes)]
    before_documents = np.cumsum(works["documents"][rest]) - works["documents"][rest]
    within = np.cumsum(works["bytes"][rest]) + works["bytes"][taken].sum() <= config.max_share * total_bytes
    return np.concatenate([added, rest[(before_documents < missing) & within]])
