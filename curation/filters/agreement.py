"""Sets whose labels the other sets of their language do not bear out: annotators' noise, or another idea of "toxic".

In: labelled sets. Out: {name: AUC of a model of the others on it} for those below MIN_AUC, worst first, as long as at
least MIN_SETS are left. Judged only among MIN_SETS and more sets with both labels in one language, on up to SAMPLE rows a
set to learn from. Learning from such a set costs the others: with the two of 0.61 and 0.70 that we met among six English
sets, the mean AUC on the other four falls from 0.852 to 0.838.

Cost: one short training a set and round, about 3 s.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from curation.filters import toxic_model, training
from curation.filters.labelled import Example, LabelledSet
from curation.filters.toxic_text import toxic_text

MIN_AUC, MIN_SETS, SAMPLE, PROBE = 0.73, 3, 6_000, 2_000


def doubtful(sets: Iterable[LabelledSet]) -> dict[str, float]:
    found: dict[str, float] = {}
    by_language: dict[str, list[LabelledSet]] = {}
    for item in sets:
        for language in {row.lang for row in item.examples}:
            by_language.setdefault(language, []).append(item)
    for group in by_language.values():
        left = [item for item in group if len({row.is_positive for row in item.examples}) == 2]
        while len(left) > MIN_SETS:
            name, value = min(((item.name, _found_by_others(item, left)) for item in left), key=lambda pair: pair[1])
            if value >= MIN_AUC:
                break
            found[name] = round(value, 3)
            left = [item for item in left if item.name != name]
    return found


def auc(truth: npt.NDArray[np.bool_], scores: npt.NDArray[np.float64]) -> float:
    """Area under the ROC curve; ties count half; NaN where one class is missing."""
    positives, negatives = int(truth.sum()), int((~truth).sum())
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[truth].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def _found_by_others(item: LabelledSet, group: list[LabelledSet]) -> float:
    rows = [
        ("toxic" if row.is_positive else "clean", toxic_text(row.text))
        for other in group
        if other.name != item.name
        for row in _sample(other.examples, SAMPLE)
    ]
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "others.bin"
        training.train(rows, model)
        log_odds = toxic_model.load(model, worst_words=True)
    probe = [(toxic_text(row.text), row.is_positive) for label in (True, False) for row in _probe(item, label)]
    probe = [(words, label) for words, label in probe if words]
    return auc(np.array([label for _, label in probe], np.bool_), np.array([log_odds(words) for words, _ in probe]))


def _probe(item: LabelledSet, label: bool) -> list[Example]:
    return _sample((row for row in item.examples if row.is_positive is label), PROBE)


def _sample(rows: Iterable[Example], number: int) -> list[Example]:
    listed = list(rows)
    return listed if len(listed) <= number else Random(0).sample(listed, number)
