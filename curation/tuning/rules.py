"""The knobs of [quality]: one a rule that judges the source, told without asking all other rules again.

In: a batch of a score table, [quality]. Out: Knobs. A rule's limit is no field of its own but stands in
`quality.limits`, which changes it in every rule set that has it. Equal to `quality.judge` (tests/tuning/test_knobs.py).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from curation.filters import quality
from curation.filters.quality.rules import Rule
from curation.stage import Place
from curation.tuning.knobs import Knob, Mask, floats

NUM_WHOLE = 20  # a score of whole numbers is shown at least up to this: each has a bin of its own


def knobs(scores: pa.RecordBatch, config: quality.Config, place: Place) -> list[Knob]:
    """One a reason that may drop this source's documents; for a learned score even where it drops nothing yet."""
    applied = quality.applied_rules(config, place)
    if config.model and not config.min_model_score:
        applied.append(Rule(quality.MODEL_REASON, "model_quality", 0.0, is_minimum=True))
    fails = np.array([_failing(scores, rule) for rule in applied], np.bool_)
    found = []
    for reason in dict.fromkeys(rule.reason for rule in applied):
        own = [rule for rule in applied if rule.reason == reason]
        others: Mask = np.any(fails[[rule.reason != reason for rule in applied]], axis=0)
        key = "quality.min_model_score" if reason == quality.MODEL_REASON else f"quality.limits.{reason}"
        now = max((rule.limit for rule in own), key=lambda limit: limit if own[0].is_minimum else -limit)  # the strictest
        values = floats(scores.column(own[0].score))
        found.append(Knob(key, own[0].score, now, _span(own[0].score, now), values, _drops(scores, own, now, others)))
    return found


def _span(score: str, now: float) -> float:
    if pa.types.is_integer(quality.SCORES.field(score).type):
        return max(2 * now, NUM_WHOLE)
    is_share = not score.startswith("mean_")
    return min(1.0, 2 * now or 1.0) if is_share else 2 * now


def _drops(scores: pa.RecordBatch, own: list[Rule], now: float, others: Mask) -> Callable[[float], Mask]:
    def drops(value: float) -> Mask:
        asked = own if value == now else [rule.with_limit(value) for rule in own]  # in force, sets may differ in their limits
        return np.asarray(np.logical_or.reduce([others, *(_failing(scores, rule) for rule in asked)]), np.bool_)

    return drops


def _failing(scores: pa.RecordBatch, rule: Rule) -> Mask:
    return np.asarray(quality.failing(scores, rule).to_numpy(zero_copy_only=False), np.bool_)
