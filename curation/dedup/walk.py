"""The defined result: within a component, walk rows in keeper order; drop one exactly when it verifies against a kept one.

Verified is: exact Jaccard of the 64-bit shingles at or above `threshold` (near_duplicate), or a longer kept one holds
`containment` of its shingles (contained). Only rows that share a band, or enough sampled 13-grams, are compared. Nothing
is transitive: a copy of a dropped copy that is no copy of a kept one stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from curation.dedup import decisions
from curation.dedup.config import Config
from curation.dedup.match import MARGIN
from curation.dedup.minhash import Words
from curation.dedup.tokens import Hashes


class Verdict(NamedTuple):
    """Row `row` is dropped for `keeper`; both are indices into the component."""

    row: int
    reason: int
    score: float
    keeper: int


def walk(
    order: Sequence[int],
    signatures: Words,
    bands: Hashes,
    containers: Mapping[int, Sequence[int]],
    shingles: Callable[[int], Hashes],
    config: Config,
) -> tuple[list[Verdict], int]:
    """(verdicts, pairs compared exactly). `order` is the keeper order; `containers` maps a row to rows that may hold it."""
    rank = {row: place for place, row in enumerate(order)}
    buckets: dict[tuple[int, int], list[int]] = defaultdict(list)
    kept: set[int] = set()
    verdicts: list[Verdict] = []
    compared = 0
    for row in order:
        own = list(enumerate(bands[row].tolist()))
        similar = {other for key in own for other in buckets.get(key, ())}
        verdict = None
        for other in _likely(row, sorted(similar, key=rank.__getitem__), signatures, config.threshold - MARGIN):
            compared += 1
            score = jaccard(shingles(row), shingles(other), config.threshold)
            if score >= config.threshold:
                verdict = Verdict(row, decisions.NEAR, score, other)
                break
        for other in () if verdict else sorted(kept.intersection(containers.get(row, ())), key=rank.__getitem__):
            compared += 1
            score = contained(shingles(row), shingles(other))
            if score >= config.containment:
                verdict = Verdict(row, decisions.CONTAINED, score, other)
                break
        if verdict:
            verdicts.append(verdict)
            continue
        kept.add(row)
        for key in own:
            buckets[key].append(row)
    return verdicts, compared


def _likely(row: int, others: list[int], signatures: Words, min_estimate: float) -> list[int]:
    """Of `others` (best keeper first) those whose estimate is near the threshold, the most similar first."""
    if not others:
        return []
    estimates = (signatures[others] == signatures[row]).mean(axis=1)
    return [others[place] for place in np.argsort(-estimates, kind="stable") if estimates[place] >= min_estimate]


def jaccard(left: Hashes, right: Hashes, at_least: float = 0.0) -> float:
    """Of two ascending sets without repeats; 0.0 early where their sizes alone rule `at_least` out."""
    small, large = sorted((len(left), len(right)))
    if not large or small < at_least * large:
        return 0.0
    common = num_common(left, right)
    return common / (len(left) + len(right) - common)


def contained(inner: Hashes, outer: Hashes) -> float:
    """Share of `inner` that `outer` holds."""
    return num_common(inner, outer) / len(inner) if len(inner) else 0.0


def num_common(left: Hashes, right: Hashes) -> int:
    together: npt.NDArray[Any] = np.concatenate([left, right])
    together.sort()
    return int(np.count_nonzero(together[1:] == together[:-1]))
