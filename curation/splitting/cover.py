"""Strata that no work has for its main one (Makefiles, Markdown beside code): eval gets documents of them too.

For each stratum, the largest first, of which the chosen works hold nothing: the smallest further work that holds some of
it, as long as train keeps at least half of every stratum that work touches (but for those of less than a hundredth of
their source: a repository's one Dockerfile protects nothing) and eval gets at most `max_share` of any source. What is left
without eval is named with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from curation.split_config import Config
from curation.splitting.choose import LARGEST_SHARE
from curation.splitting.parts import Works

MINOR_SHARE = 0.01  # of a source

Chosen = npt.NDArray[np.uint64]  # hashes of works, ascending
Strata = Mapping[str, tuple[int, int]]  # (documents, bytes) by "source/language"
Keys = Mapping[int, str]  # names by the hash that stands in parts


def cover(works: Works, parts: Works, chosen: Chosen, strata: Strata, keys: Keys, config: Config) -> Chosen:
    """`chosen` and what is added to it."""
    if config.eval_fraction == 0 or not config.min_documents:
        return chosen
    holds = _Holds(parts, strata, keys, chosen)
    for key in sorted(keys, key=lambda key: (-strata[keys[key]][1], keys[key])):
        if holds.documents[key]:
            continue
        own = works[np.isin(works["work"], parts["work"][parts["stratum"] == key])]
        own = own[(own["overlaps"] <= own["documents"]) & ~np.isin(own["work"], chosen)]
        for work in own["work"][np.lexsort((own["order"], own["bytes"]))].tolist():
            if len(own) > 1 and holds.leaves_enough(work, config.max_share):
                holds.add(work)
                chosen = np.sort(np.append(chosen, np.uint64(work)))
                break
    return chosen


class _Holds:
    """What eval holds: documents and bytes by stratum, bytes by source."""

    def __init__(self, parts: Works, strata: Strata, keys: Keys, chosen: Chosen) -> None:
        self.parts, self.strata, self.keys = parts, strata, keys
        self.documents: dict[int, int] = defaultdict(int)
        self.bytes: dict[int, int] = defaultdict(int)
        self.of_source: dict[str, int] = defaultdict(int)
        self.sizes: dict[str, int] = defaultdict(int)
        for name, (_, size) in strata.items():
            self.sizes[_source(name)] += size
        for work in chosen.tolist():
            self.add(work)

    def _parts(self, work: int) -> list[tuple[int, int, int]]:
        start, stop = (np.searchsorted(self.parts["work"], np.uint64(work), side) for side in ("left", "right"))
        own = self.parts[start:stop]
        return list(zip(own["stratum"].tolist(), own["documents"].tolist(), own["bytes"].tolist(), strict=True))

    def add(self, work: int) -> None:
        for key, documents, size in self._parts(work):
            self.documents[key] += documents
            self.bytes[key] += size
            self.of_source[_source(self.keys[key])] += size

    def leaves_enough(self, work: int, max_share: float) -> bool:
        added: dict[str, int] = defaultdict(int)
        for key, _, size in self._parts(work):
            source, whole = _source(self.keys[key]), self.strata[self.keys[key]][1]
            if whole >= MINOR_SHARE * self.sizes[source] and self.bytes[key] + size > LARGEST_SHARE * whole:
                return False
            added[source] += size
        return all(self.of_source[source] + size <= max_share * self.sizes[source] for source, size in added.items())


def without_eval(works: Works, parts: Works, chosen: Chosen, keys: Keys, config: Config) -> dict[str, str]:
    """Why, for each stratum of which eval has no document."""
    covered = set(parts["stratum"][np.isin(parts["work"], chosen)].tolist())
    reasons = dict[str, str]()
    for key, name in sorted(keys.items(), key=lambda item: item[1]):
        if key in covered:
            continue
        own = works[np.isin(works["work"], parts["work"][parts["stratum"] == key])]
        if config.eval_fraction == 0:
            reasons[name] = "no share is asked for"
        elif len(own) < 2:
            reasons[name] = "it is in a single work"
        elif not (own["overlaps"] <= own["documents"]).any():
            reasons[name] = "all its works share text with others"
        elif not config.min_documents:
            reasons[name] = "its works are larger than its share"
        else:
            reasons[name] = "its works are too much of it, of another language or of the source"
    return reasons


def _source(name: str) -> str:
    return name.rpartition("/")[0]
