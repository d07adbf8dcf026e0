"""Toxicity: how much of a document is insulting, obscene or hateful, by our own fastText classifier.

In: scrubbed batches with `lang`. Out: the same rows with SCORES appended; with `passages = "drop"` also without their
toxic passages (and with the id of what is left).
    toxicity        the highest score that at least a quarter of the text's characters reach: what `max_score` judges
    toxicity_max    the worst passage
    toxicity_share  share of characters in passages more likely toxic than not
All three are null where no model knows the language ("unscored"), never a made-up number.

Drop reasons (step select): toxic. Data, licences, figures and known failures: docs/toxicity-model-card.md.
Documents over 4,000 characters are judged on 3 to 12 passages from all over, and where one of them scores above DOUBT
on all up to CLOSER_CHARS or on 40 from all over: three samples say nothing about a quarter of a text.
Dropping passages judges them all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from curation.document import with_column
from curation.filters import fasttext_model, toxic_model
from curation.filters.passages import MAX_CHARS, WHOLE_CHARS, passages, sampled_passages
from curation.filters.removal import without_passages
from curation.filters.toxic_text import toxic_text
from curation.stage import Judgement, Outcome, Place, Settings, StageFunction, drop_rows, keep_all, threshold

NAME = "toxicity"
REASONS = {"all_toxic": 'every passage was toxic and [toxicity] passages = "drop" left nothing'}
JUDGED = {"toxic": "a quarter of the text or more scores above [toxicity] max_score"}
LIBRARIES = fasttext_model.LIBRARIES
SCORES = pa.schema([("toxicity", pa.float32()), ("toxicity_max", pa.float32()), ("toxicity_share", pa.float32())])

SHIPPED = Path(__file__).parent / "models" / "toxicity.ftz"
QUARTER = 0.25
DOUBT, CLOSER_CHARS = 0.7, 12_000
CALM_LOG_ODDS = math.log(0.4 / 0.6)

Unscored = tuple[None, None, None]
Scored = tuple[float, float, float]


class Config(Settings):
    """`[toxicity]`"""

    max_score: float = threshold(0.8, ge=0, le=1)
    action: Literal["drop", "mark"] = threshold("drop")
    passages: Literal["keep", "drop"] = "keep"
    passage_score: float = 0.9
    model: Path = SHIPPED


@dataclass(frozen=True, slots=True)
class Card:
    """What stands beside a model of ours (`toxicity.json`): the languages it was trained on, and their calibration.

    A model without a card scores every language as it is.
    """

    calibration: dict[str, tuple[float, float]] | None

    @classmethod
    def beside(cls, model: Path) -> Card:
        languages = card(model).get("languages")
        return cls(languages and {name: (entry["scale"], entry["shift"]) for name, entry in languages.items()})

    def curve(self, language: str) -> tuple[float, float] | None:
        return (1.0, 0.0) if self.calibration is None else self.calibration.get(language)


def card(model: Path) -> dict[str, Any]:
    path = model.with_suffix(".json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def models(config: Config) -> list[Path]:
    beside = config.model.with_suffix(".json")
    return [config.model, beside] if beside.is_file() else [config.model]


def build(config: Config, place: Place) -> StageFunction:
    score = passage_scorer(config.model)
    calibration = Card.beside(config.model)

    def stage(batch: pa.RecordBatch) -> Outcome:
        texts, languages = batch.column("text").to_pylist(), batch.column("lang").to_pylist()
        rows: list[Scored | Unscored] = []
        cuts: list[list[tuple[int, int]]] = []
        for text, language in zip(texts, languages, strict=True):
            curve = calibration.curve(language)
            spans, scores = ([], []) if curve is None else _judged(text, score, curve, config.passages == "drop")
            cuts.append([])
            if config.passages == "drop":
                cuts[-1] = [span for span, value in zip(spans, scores, strict=True) if value > config.passage_score]
                spans, scores = _others(spans, scores, config.passage_score)
            rows.append(summary(spans, scores) if curve is not None else (None, None, None))
        for field, values in zip(SCORES, zip(*rows, strict=True) if rows else ((), (), ()), strict=True):
            batch = with_column(batch, field.name, pa.array(values, field.type))
        if not any(cuts):
            return keep_all(batch)
        batch = without_passages(batch, cuts, place.kind)
        return drop_rows(batch, [None if text else "all_toxic" for text in batch.column("text").to_pylist()])

    return stage


def _judged(
    text: str, score: Callable[..., float], curve: tuple[float, float], every: bool
) -> tuple[list[tuple[int, int]], list[float]]:
    """Passages and their scores: every one, or of a long text samples, and more of them where one of the first is doubtful."""
    spans = passages(text) if every else sampled_passages(text)
    quick = len(text) > WHOLE_CHARS and not every
    scores = [score(text[start:stop], *curve, quick) for start, stop in spans]
    if quick and max(scores) > DOUBT:
        spans = passages(text) if len(text) <= CLOSER_CHARS else sampled_passages(text, CLOSER_CHARS // MAX_CHARS)
        scores = [score(text[start:stop], *curve) for start, stop in spans]
    return spans, scores


def _others(spans: list[tuple[int, int]], scores: list[float], limit: float) -> tuple[list[tuple[int, int]], list[float]]:
    left = [(span, value) for span, value in zip(spans, scores, strict=True) if value <= limit]
    return [span for span, _ in left], [value for _, value in left]


def passage_scorer(model: Path) -> Callable[..., float]:
    """A function (text, scale, shift) -> calibrated probability that the passage is toxic; 0 for a text without words.

    With `quick=True` passages that cannot reach 0.4 are judged by their words alone.
    """
    log_odds = toxic_model.load(model, bool(card(model).get("worst_words")))

    def score(text: str, scale: float, shift: float, quick: bool = False) -> float:
        words = toxic_text(text)
        if not words:
            return 0.0
        calm = (CALM_LOG_ODDS - shift) / scale if quick else -math.inf
        return 1 / (1 + math.exp(min(500.0, -(scale * log_odds(words, calm) + shift))))

    return score


def summary(spans: list[tuple[int, int]], scores: list[float]) -> Scored:
    """(toxicity, toxicity_max, toxicity_share) of passages with these scores."""
    if not scores:
        return 0.0, 0.0, 0.0
    sizes = [stop - start for start, stop in spans]
    total = sum(sizes)
    reached = 0
    document = 0.0
    for value, size in sorted(zip(scores, sizes, strict=True), reverse=True):
        reached += size
        if reached >= QUARTER * total:
            document = value
            break
    share = sum(size for value, size in zip(scores, sizes, strict=True) if value > 0.5) / total
    return document, max(scores), share


def judge(scores: pa.RecordBatch, config: Config, place: Place) -> Judgement:
    score = scores.column("toxicity")
    if config.action == "mark":
        return Judgement(pa.nulls(len(score), pa.string()), score)
    is_toxic = pc.fill_null(pc.greater(score, pa.scalar(config.max_score, pa.float32())), False)
    return Judgement(pc.if_else(is_toxic, "toxic", pa.scalar(None, pa.string())), score)
