"""What a person may turn: every numeric threshold of a filter, beside the scores that it judges.

In: a batch of a score table, a filter, its settings. Out: one Knob a threshold. The filter itself says what it drops at a
value: its own `judge` is asked with that field changed, so what is foretold and what a run does cannot differ.
No stage imports this, so changing it makes no segment anew.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from curation.stage import Judgement, Place, is_threshold, table

Mask = npt.NDArray[np.bool_]


class Knob(NamedTuple):
    """`drops(value)`: the rows that the whole filter drops once this threshold is `value`."""

    key: str  # as in the recipe: "quality.limits.few_words"
    score: str
    now: float
    span: float  # values of interest lie between 0 and this
    values: npt.NDArray[np.float64]  # NaN = not scored
    drops: Callable[[float], Mask]


def knobs(module: ModuleType, scores: pa.RecordBatch, config: Any, place: Place) -> list[Knob]:
    """One for each numeric field of the filter's settings that is made with `threshold`."""
    found = []
    for name, field in type(config).model_fields.items():
        now = getattr(config, name)
        if is_threshold(field.json_schema_extra) and isinstance(now, int | float) and not isinstance(now, bool):
            top = next((bound.le for bound in field.metadata if hasattr(bound, "le")), None)
            span = float(top if top is not None else 2 * now or 1)
            values = floats(module.judge(scores, config, place).score)
            drops = _asked_again(module, scores, config, place, name)
            found.append(Knob(f"{table(module)}.{name}", module.NAME, float(now), span, values, drops))
    return found


def dropped(judgement: Judgement) -> Mask:
    return np.asarray(pc.is_valid(judgement.reason).to_numpy(zero_copy_only=False), np.bool_)


def floats(column: pa.Array) -> npt.NDArray[np.float64]:
    """Numbers of a column; NaN for null."""
    values: npt.NDArray[np.float64] = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return values


def _asked_again(module: ModuleType, scores: pa.RecordBatch, config: Any, place: Place, name: str) -> Callable[[float], Mask]:
    return lambda value: dropped(module.judge(scores, config.model_copy(update={name: value}), place))
