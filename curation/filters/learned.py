"""A learned score from a fastText classifier: the probability of one label, over samples of a long text.

Labels of others' models are understood without their prefix (`__label__hq` is "hq").
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from curation.filters import fasttext_model
from curation.filters.labels import PREFIX
from curation.filters.windows import windows

WINDOW_CHARS, NUM_WINDOWS = 1000, 4


def scorer(model: Path, label: str) -> Callable[[str], float | None]:
    """A function text -> mean probability of `label` over the text's windows; None for a text without words."""
    predict = fasttext_model.load(model)

    def score(text: str) -> float | None:
        found = []
        for window in windows(text, WINDOW_CHARS, NUM_WINDOWS):
            predictions = {name.removeprefix(PREFIX): value for value, name in predict(" ".join(window.lower().split()), -1)}
            if predictions:
                found.append(min(1.0, predictions.get(label, 0.0)))
        return sum(found) / len(found) if found else None

    return score
