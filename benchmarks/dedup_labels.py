"""Labelled pairs of documents, as sets of near-duplicates write them, against what a step dropped.

A pair names two documents (`a` and `b`, or the like) and may say whether they are copies, as a number, a truth value or a
word. Where it says nothing, the texts do: exact similarity from the step's thresholds, computed here. So it is with a drop
for a keeper that no pair names, which is then counted apart (`unlabelled`) or as wrong. Two copies count as found when both
have the same keeper or one is the other's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from curation.dedup.config import Config
from curation.dedup.shingles import shingle_set
from curation.dedup.walk import contained, jaccard

Pair = frozenset[str]

ENDS = (("a", "b"), ("id1", "id2"), ("id_a", "id_b"), ("doc1", "doc2"), ("left", "right"), ("source_id", "target_id"))
LABELS = ("duplicate", "is_duplicate", "near_duplicate", "label", "same")
NO = {"0", "0.0", "false", "no", "n", "different", "distinct", "negative", "none", "non-duplicate", "not_duplicate", "unrelated"}


@dataclass(frozen=True, slots=True)
class Labels:
    copies: frozenset[Pair]
    others: frozenset[Pair]  # said to be no copies
    texts: Mapping[str, str]
    config: Config

    def is_copy_by_text(self, pair: Pair) -> bool:
        """What the step promises: exact similarity at or above its thresholds."""
        if len(pair) < 2:
            return False
        one, other = (shingle_set(self.texts[key], self.config.ngram, is_code=False) for key in sorted(pair))
        small, large = sorted((one, other), key=len)
        return jaccard(one, other) >= self.config.threshold or contained(small, large) >= self.config.containment


def read(pairs: Iterable[Mapping[str, Any]], texts: Mapping[str, str], config: Config) -> Labels:
    """ValueError for a pair without two known documents."""
    copies, others, unsaid = set[Pair](), set[Pair](), set[Pair]()
    for pair in pairs:
        ends = next(((pair[one], pair[other]) for one, other in ENDS if one in pair and other in pair), None)
        if ends is None or not {str(end) for end in ends} <= texts.keys():
            raise ValueError(f"a pair of two known documents was expected, not one with fields {sorted(pair)}")
        said = next((pair[name] for name in LABELS if pair.get(name) is not None), None)
        place = unsaid if said is None else others if str(said).strip().lower() in NO else copies
        place.add(frozenset(str(end) for end in ends))
    labels = Labels(frozenset(), frozenset(), texts, config)
    by_text = {pair for pair in unsaid if labels.is_copy_by_text(pair)}
    return Labels(frozenset(copies | by_text), frozenset(others | (unsaid - by_text)), texts, config)


def score(labels: Labels, keepers: Mapping[str, str]) -> dict[str, Any]:
    """Counts; recall, precision and F1, None where there is nothing to divide by. `keepers`: of every document that left."""
    drops = {frozenset(pair) for pair in keepers.items()}
    found = sum(len({keepers.get(end, end) for end in pair}) == 1 for pair in labels.copies)
    right = sum(pair in labels.copies for pair in drops)
    unlabelled = sum(labels.is_copy_by_text(pair) for pair in drops - labels.copies - labels.others)
    wrong = len(drops) - right - unlabelled
    recall = found / len(labels.copies) if labels.copies else None
    precision = right / (right + wrong) if right + wrong else None
    return {
        "copies": len(labels.copies), "others": len(labels.others), "dropped": len(drops), "found": found, "right": right,
        "wrong": wrong, "unlabelled": unlabelled, "recall": recall, "precision": precision, "f1": _f1(recall, precision),
    }  # fmt: skip


def _f1(recall: float | None, precision: float | None) -> float | None:
    """None without copies: there is nothing to find."""
    if recall is None:
        return None
    return 2 * recall * precision / (recall + precision) if precision and recall else 0.0


def sentence(found: Mapping[str, Any]) -> str:
    counts = f"{found['copies']} labelled copies, {found['others']} labelled others"
    drops = (
        f"{found['dropped']} dropped: {found['right']} right, {found['wrong']} wrong, {found['unlabelled']} that no label names"
    )
    if found["f1"] is None:
        return f"{counts}; {drops}; without copies neither recall nor F1"
    precision = "none" if found["precision"] is None else f"{found['precision']:.3f}"
    return f"{counts}; {drops}; recall {found['recall']:.3f}, precision {precision}, F1 {found['f1']:.3f}"
