"""Every knob answers as its filter does: also where rule sets share a reason, and for settings of a newcomer's filter."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from curation.filters import quality
from curation.filters.quality.rules import RULE_SETS, UNSPACED
from curation.stage import Judgement, Place, Settings, threshold
from curation.tuning import rules
from curation.tuning.knobs import dropped, knobs

ROWS = 400


def scores(seed: int) -> pa.RecordBatch:
    """Scores that pass all rules but here and there one, and some that are missing."""
    rng = np.random.default_rng(seed)
    every = [rule for names in RULE_SETS.values() for rule in names]
    columns: dict[str, pa.Array] = {"lang": pa.array(rng.choice(["en", "pl", *UNSPACED[:2]], ROWS))}
    for field in quality.SCORES:
        limits = [rule.limit for rule in every if rule.score == field.name] or [0.5]
        low = max((rule.limit for rule in every if rule.score == field.name and rule.is_minimum), default=0.0)
        high = min((rule.limit for rule in every if rule.score == field.name and not rule.is_minimum), default=2 * low + 1)
        near = rng.choice([limit * share for limit in limits for share in (0.5, 1.0, 1.5)], ROWS)
        values = np.where(rng.random(ROWS) < 0.05, near, (low + high) / 2)
        column = pa.array(values.astype(int) if pa.types.is_integer(field.type) else values)
        columns[field.name] = pc.if_else(pa.array(rng.random(ROWS) < 0.05), None, column).cast(field.type)
    return pa.RecordBatch.from_pydict(columns)


CONFIGS = {
    "one set": quality.Config(),
    "two sets with other limits for one reason": quality.Config(by_source={"s": ("chat", "prose")}),
    "the other way round": quality.Config(by_source={"s": ("prose", "chat")}),
    "one reason with two scores": quality.Config(by_source={"s": ("prose", "code")}),
    "published sets and a limit": quality.Config(web=("gopher_quality", "c4", "fineweb"), limits={"lorem_ipsum": 1}),
    "a learned score": quality.Config(min_model_score=0.5),
    "no rules": quality.Config(web=("none",)),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_knobs_of_quality_drop_what_judge_drops_at_every_value(name: str) -> None:
    config, place, batch = CONFIGS[name], Place("s", "web"), scores(len(name))
    now = dropped(quality.judge(batch, config, place))
    found = rules.knobs(batch, config, place)
    assert {knob.key.rpartition(".")[2] for knob in found} == {
        "min_model_score" if rule.reason == quality.MODEL_REASON else rule.reason for rule in quality.applied_rules(config, place)
    }
    assert now.sum() < ROWS
    for knob in found:
        assert (knob.drops(knob.now) == now).all(), knob.key
        for value in (0.0, knob.now * 0.7, knob.now * 1.3, knob.now * 2):
            field = knob.key.rpartition(".")[2]
            update: dict[str, Any] = (
                {"min_model_score": value} if field == "min_model_score" else {"limits": {**config.limits, field: value}}
            )
            expected = dropped(quality.judge(batch, config.model_copy(update=update), place))
            assert (knob.drops(value) == expected).all(), (knob.key, value)


def test_learned_score_has_a_knob_before_it_drops_anything(tmp_path: Any) -> None:
    batch = scores(1)
    config = quality.Config(model=tmp_path / "model.ftz")
    (knob,) = (knob for knob in rules.knobs(batch, config, Place("s", "web")) if knob.key == "quality.min_model_score")
    assert knob.now == 0
    assert knob.drops(0.6).sum() > knob.drops(0).sum()


class Config(Settings):
    max_share: float = threshold(0.7, ge=0, le=1)
    max_marks: int = threshold(10)
    enabled: bool = threshold(True)
    depth: int = 3


def judge(batch: pa.RecordBatch, config: Config, place: Place) -> Judgement:
    fails = pc.greater(batch["share"], config.max_share)
    return Judgement(pc.if_else(fails, "shouting", pa.scalar(None, pa.string())), batch["share"])


def test_knobs_of_a_new_filter_are_its_numeric_thresholds() -> None:
    module = ModuleType("shouting")
    module.NAME, module.TABLE, module.judge = "shouting", "loudness", judge  # type: ignore[attr-defined]
    batch = pa.RecordBatch.from_pydict({"share": pa.array([0.1, 0.8, None], pa.float32())})
    share, marks = knobs(module, batch, Config(), Place("s", "web"))
    assert (share.key, share.now, share.span) == ("loudness.max_share", 0.7, 1.0)
    assert (marks.key, marks.now, marks.span) == ("loudness.max_marks", 10.0, 20.0)
    assert [share.drops(value).tolist() for value in (0.05, 0.7, 0.9)] == [[True, True, False], [False, True, False], [False] * 3]
    assert np.isnan(share.values[2])
