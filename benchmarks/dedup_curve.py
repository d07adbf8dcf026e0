"""The S-curve: edited copies of real documents with known exact Jaccard, through the real step.

A copy replaces words one by one at spread places by words that stand nowhere else until the exact Jaccard of its word
5-grams (sets of strings, not hashes) is at the wanted value. Found = a band in common; dropped = the step's verdict.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks.dedup_corpus import Text, write_segments
from curation.dedup import keys, signature
from curation.dedup.config import Config
from curation.dedup.step import deduplicate
from curation.engine import Engine

CONFIG = Config()
STEPS = [round(0.3 + 0.05 * step, 2) for step in range(15)]
MIN_WORDS, MAX_WORDS = 150, 3000
COPY = ("near_duplicate", "exact_duplicate")  # `contained`, as repetitive texts may be, is another matter


def measure(texts: Sequence[Text], folder: Path, pairs_per_step: int) -> dict[str, Any]:
    """Prints the table; returns it with the recall from 0.85 and the number of drops below the threshold."""
    pairs = _pairs(_distinct(texts, folder / "originals"), pairs_per_step)
    found = _share_a_band([(original, copy) for original, copy, _ in pairs])
    dropped = _dropped(pairs, folder / "pairs")
    jaccards = np.array([jaccard for *_, jaccard in pairs])
    table = []
    print("  exact Jaccard  pairs  theory  found  dropped")
    for low in STEPS:
        inside = (jaccards >= low - 0.025) & (jaccards < low + 0.025)
        if inside.any():
            theory = float(np.mean(1 - (1 - jaccards[inside] ** (CONFIG.num_perm // CONFIG.bands)) ** CONFIG.bands))
            row = (low, int(inside.sum()), theory, float(found[inside].mean()), float(dropped[inside].mean()))
            table.append(row)
            print("  {:13.2f}  {:5d}  {:6.3f}  {:5.3f}  {:7.3f}".format(*row))
    high, below = jaccards >= 0.85, jaccards < CONFIG.threshold
    recall, wrong = float(dropped[high].mean()), int(dropped[below].sum())
    print(
        f"  recall at 0.85 and more: {recall:.4f} of {int(high.sum())}; "
        f"drops below {CONFIG.threshold}: {wrong} of {int(below.sum())}"
    )
    return {
        "table": table,
        "recall_from_085": recall,
        "drops_below_threshold": wrong,
        "pairs": pairs,
        "dropped": dropped.tolist(),
    }


def _distinct(texts: Sequence[Text], folder: Path) -> list[list[str]]:
    """Words of originals that are no copies of each other: else a copy might fall to another pair's original."""
    usable = [
        " ".join(words)
        for text in texts
        if text.kind != "code" and MIN_WORDS <= len(words := plain_words(text.text)) <= MAX_WORDS
    ]
    verdicts = _run(
        [Text("web", str(number), text) for number, text in enumerate(usable)], folder, Config(threshold=0.3, bands=64)
    )
    return [text.split() for text, verdict in zip(usable, verdicts, strict=True) if not verdict["reason"]]


def _run(texts: Sequence[Text], folder: Path, config: Config) -> list[dict[str, Any]]:
    """The step's verdict on every text."""
    (folder / "out").mkdir(parents=True)
    segments = write_segments(folder, texts, config)
    deduplicate(segments, folder / "previous", config, None, folder / "out", Engine(folder / "workspace"))
    return pq.read_table(folder / "out" / f"{segments[0].fingerprint}.parquet", columns=["id", "reason", "twin"]).to_pylist()


def _pairs(originals: list[list[str]], pairs_per_step: int) -> list[tuple[str, str, float]]:
    """(original, copy, exact Jaccard), each original used once."""
    chosen = random.Random(0)
    chosen.shuffle(originals)
    pairs = []
    for number, words in enumerate(originals[: pairs_per_step * len(STEPS)]):
        copy, jaccard = _edited(words, STEPS[number % len(STEPS)], chosen, number)
        pairs.append((" ".join(words), copy, jaccard))
    return pairs


def plain_words(text: str) -> list[str]:
    """Letters only, so that our tokens are these words exactly, in scripts with spaces."""
    words = "".join(char if char.isalpha() else " " for char in text.lower()).split()
    return words if all(ord(char) < 0xE00 for char in text[:2000]) else []


def _edited(words: list[str], wanted: float, chosen: random.Random, number: int) -> tuple[str, float]:
    copy = list(words)
    places = list(range(len(words)))
    chosen.shuffle(places)
    jaccard = 1.0
    for count, place in enumerate(places):
        if jaccard <= wanted:
            break
        copy[place] = f"zq{chr(97 + count % 26)}{chr(97 + count // 26 % 26)}{chr(97 + number % 26)}x"
        jaccard = exact_jaccard(words, copy)
    return " ".join(copy), jaccard


def exact_jaccard(left: list[str], right: list[str]) -> float:
    one, other = (
        {tuple(words[place : place + CONFIG.ngram]) for place in range(len(words) - CONFIG.ngram + 1)} for words in (left, right)
    )
    return len(one & other) / len(one | other)


def _share_a_band(pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    one, other = (
        keys.band_keys(signature.sign([pair[side] for pair in pairs], CONFIG, False).signatures, CONFIG.bands) for side in (0, 1)
    )  # fmt: skip
    shared: np.ndarray = (one == other).any(axis=1)
    return shared


def _dropped(pairs: Sequence[tuple[str, str, float]], folder: Path) -> np.ndarray:
    """Whether one side of each pair is dropped as a copy of the other."""
    texts = [Text("web", f"{number}/{side}", pair[side]) for number, pair in enumerate(pairs) for side in (0, 1)]
    verdicts = _run(texts, folder, CONFIG)
    both = zip(verdicts[::2], verdicts[1::2], strict=True)
    ordered = [(one, other) if one["reason"] else (other, one) for one, other in both]
    return np.array([drop["reason"] in COPY and drop["twin"] == kept["id"] for drop, kept in ordered])
