"""Quality: the scores behind the published heuristic rule sets, and the rule sets that a recipe applies to them.

In: scrubbed batches with `lang`. Out: the same rows with SCORES appended (statistics.py). Drops nothing itself.
Drop reasons (step select): those of the rule sets in rules.py, in their order; `low_model_score` for a learned score.
References: Gopher (Rae et al. 2021), C4 (Raffel et al. 2020), FineWeb (Penedo et al. 2024); decisions equal
datatrove's on equal words (tests/filters/test_quality_against_datatrove.py).
Cost: `python -m benchmarks.quality`.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import field_validator

from curation.document import with_column
from curation.filters import fasttext_model, learned
from curation.filters.quality import rules
from curation.filters.quality.rules import RULE_SETS, Rule
from curation.filters.quality.statistics import SCHEMA, statistics
from curation.stage import Judgement, Outcome, Place, Settings, StageFunction, keep_all, threshold

NAME = "quality"
REASONS: dict[str, str] = {}
MODEL_REASON = "low_model_score"
JUDGED = rules.REASONS | {MODEL_REASON: "the learned quality score is below [quality] min_model_score"}
LIBRARIES = ("numpy", *fasttext_model.LIBRARIES)
SCORES = pa.schema([*SCHEMA, pa.field("model_quality", pa.float32())])


class Config(Settings):
    """`[quality]`: names of rule sets per kind (rules.py), and other limits for single reasons of theirs.

    A kind that has no key here is judged as papers are.
    """

    books: tuple[str, ...] = threshold(("prose",))
    wiki: tuple[str, ...] = threshold(("prose",))
    code: tuple[str, ...] = threshold(("code",))
    chat: tuple[str, ...] = threshold(("chat",))
    papers: tuple[str, ...] = threshold(("prose",))
    web: tuple[str, ...] = threshold(("web",))
    by_source: dict[str, tuple[str, ...]] = threshold({})
    limits: dict[str, float] = threshold({})
    model: Path | None = None
    good_label: str = "good"
    min_model_score: float = threshold(0.0, ge=0, le=1)

    @field_validator("books", "wiki", "code", "chat", "papers", "web")
    @classmethod
    def _known_sets(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        unknown = sorted(set(names) - set(RULE_SETS))
        if unknown:
            raise ValueError(f"no rule set {', '.join(unknown)}; there are {', '.join(RULE_SETS)}")
        return names

    @field_validator("by_source")
    @classmethod
    def _known_sets_by_source(cls, names: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {source: cls._known_sets(sets) for source, sets in names.items()}

    @field_validator("limits")
    @classmethod
    def _known_reasons(cls, limits: dict[str, float]) -> dict[str, float]:
        unknown = sorted(set(limits) - set(rules.REASONS))
        if unknown:
            raise ValueError(f"no rule {', '.join(unknown)}; there are {', '.join(rules.REASONS)}")
        return limits


def models(config: Config) -> list[Path]:
    return [config.model] if config.model else []


def build(config: Config, place: Place) -> StageFunction:
    score = learned.scorer(config.model, config.good_label) if config.model else None

    def stage(batch: pa.RecordBatch) -> Outcome:
        texts = batch.column("text").to_pylist()
        scores = statistics(texts, batch.column("lang").to_pylist())
        for name in SCHEMA.names:
            batch = with_column(batch, name, scores.column(name))
        learned_scores = [score(text) if score else None for text in texts]
        return keep_all(with_column(batch, "model_quality", pa.array(learned_scores, pa.float32())))

    return stage


def applied_rules(config: Config, place: Place) -> list[Rule]:
    """The rules for one source in order, with the recipe's limits."""
    names = config.by_source.get(place.source, ()) or getattr(config, place.kind, config.papers)
    applied = [rule.with_limit(config.limits.get(rule.reason)) for name in names for rule in RULE_SETS[name]]
    if config.min_model_score:
        applied.append(Rule(MODEL_REASON, "model_quality", config.min_model_score, is_minimum=True))
    return applied


def judge(scores: pa.RecordBatch, config: Config, place: Place) -> Judgement:
    """The first rule that a row fails names its reason and gives the score that decided."""
    reason = pa.nulls(len(scores), pa.string())
    decided = pa.nulls(len(scores), pa.float32())
    for rule in reversed(applied_rules(config, place)):
        fails = failing(scores, rule)
        reason = pc.if_else(fails, rule.reason, reason)
        decided = pc.if_else(fails, scores.column(rule.score).cast(pa.float64()).cast(pa.float32()), decided)
    return Judgement(reason, decided)


def failing(scores: pa.RecordBatch, rule: Rule) -> pa.Array:
    """Which rows fail one rule; never null."""
    values = scores.column(rule.score).cast(pa.float64())
    fails = pc.fill_null(pc.less(values, rule.limit) if rule.is_minimum else pc.greater(values, rule.limit), False)
    if rule.except_languages:
        exempt = pc.is_in(scores.column("lang"), pa.array(rule.except_languages, pa.string()))
        fails = pc.and_not(fails, pc.fill_null(exempt, False))
    return fails
