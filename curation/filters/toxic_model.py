"""One number for a passage: how toxic it is as a whole, how toxic its worst few words are, and its worst word.

In: one line of words (toxic_text). Out: log-odds of "toxic". A fastText classifier averages over all words: one insult
fades in forty harmless words, and what is left is the platform's style. The average knows its own data set better, the
worst words travel better to others; together, with weights chosen by leaving out one English set at a time (6 sets, mean
AUC) and one row in five of the other languages:

                                        en across sets   zh     de     es     ko     ar     fr     fa     pl     ru
    whole                                   0.786       0.941  0.802  0.843  0.763  0.899  0.655  0.794  0.851  0.962
    whole + worst word                      0.795       0.919  0.812  0.806  0.750  0.907  0.690  0.800  0.810  0.970
    whole + worst four                      0.794       0.935  0.807  0.830  0.759  0.907  0.662  0.805  0.845  0.966
    long ones raised, .5 four, .25 word     0.797       0.937  0.819  0.838  0.763  0.913  0.673  0.811  0.842  0.969

The single word costs the languages with one small set and brings the others little: it gets 0.1.
A word is judged once and remembered, up to MAX_WORDS of them: text repeats its words. `calm` saves asking for the whole: where
the passage would stay below these log-odds even if all of it were as bad as its worst words, the mean of its words stands
for it. A model that is not ours (without a
card that says `worst_words`) is asked for the whole passage alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from curation.filters import fasttext_model
from curation.filters.calibration import LIMIT
from curation.filters.labels import PREFIX

WINDOW = 4
WINDOW_WEIGHT, WORD_WEIGHT = 0.5, 0.1
USUAL_WORDS, LENGTH_POWER = 8, 0.25
MAX_WORDS = 200_000  # about 30 MB

# Names of the toxic class in other people's models: Dolma's Jigsaw models and common ones.
TOXIC_LABELS = frozenset({"toxic", "obscene", "hate", "hatespeech", "nsfw", "offensive", "abusive", "1"})

LogOdds = Callable[..., float]


def load(model: Path, worst_words: bool) -> LogOdds:
    """A function (line of words, not empty; calm=-inf) -> log-odds of toxic."""
    predict = fasttext_model.load(model)
    known: dict[str, float] = {}

    def whole(line: str, calm: float = -math.inf) -> float:
        raw = sum(value for value, label in predict(line, -1) if label.removeprefix(PREFIX).lower() in TOXIC_LABELS)
        raw = min(max(raw, LIMIT), 1 - LIMIT)
        return math.log(raw / (1 - raw))

    def with_worst_words(line: str, calm: float = -math.inf) -> float:
        words = line.split()
        if len(known) > MAX_WORDS:
            known.clear()
        for word in words:
            if word not in known:
                known[word] = whole(word)
        single = [known[word] for word in words]
        length: float = (len(words) / USUAL_WORDS) ** LENGTH_POWER
        window = worst_window(single)
        worst = WINDOW_WEIGHT * window + WORD_WEIGHT * max(single)
        if window * length + worst < calm:
            return sum(single) / len(single) * length + worst
        return whole(line) * length + worst

    return with_worst_words if worst_words else whole


def worst_window(single: list[float]) -> float:
    """The highest mean of WINDOW neighbours, or the mean of all where there are not as many."""
    if len(single) <= WINDOW:
        return sum(single) / len(single)
    return max(a + b + c + d for a, b, c, d in zip(single, single[1:], single[2:], single[3:], strict=False)) / WINDOW
