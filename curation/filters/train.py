"""Trains a classifier of ours: `python -m curation.filters.train toxicity|quality --data PATHS --out MODEL`.

    toxicity    labels 1 (toxic) and 0; writes MODEL and, beside it, its card (.json): languages, calibration, sets
    quality     labels 1 (good) and 0; for `[quality] model`

`--only NAMES` takes some sets of a folder by name, `--without NAMES` leaves some out: the shipped model is trained on
those whose licence allows it (docs/toxicity-model-card.md has the command). One row in ten is held out, by a hash of
its text, for calibration. Functional tests (templates) are refused. `--cutoff N` keeps N features and quantizes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from curation.errors import RecipeError
from curation.filters import calibration, fasttext_model, labelled, training
from curation.filters.labelled import Example, LabelledSet
from curation.filters.toxic_text import toxic_text

ENOUGH_ROWS, MAX_REPEATS = 30_000, 5
MIN_CLEAN = 100  # held-out clean posts without which a language gets no score


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m curation.filters.train", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("task", choices=("toxicity", "quality"))
    parser.add_argument("--data", nargs="+", type=Path, required=True, help="JSON lines files, or folders of them")
    parser.add_argument("--only", nargs="+", default=(), help="names of the sets to take (file names without extension)")
    parser.add_argument("--without", nargs="+", default=(), help="names of the sets to leave out")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cutoff", type=int, help="features to keep; quantizes the model")
    options = parser.parse_args(arguments)
    files = labelled.labelled_files(options.data)
    names = {labelled.set_name(path): path for path in files}
    chosen = [path for name, path in names.items() if (not options.only or name in options.only) and name not in options.without]
    sets = [labelled.read(path) for path in chosen]
    if options.task == "quality":
        training.train(_rows(sets, ("good", "bad")), options.out, options.cutoff)
    else:
        train_toxicity(sets, options.out, options.cutoff)
    print(f"{options.out}: {', '.join(item.name for item in sets)}; {options.out.stat().st_size} bytes")


def train_toxicity(sets: list[LabelledSet], out: Path, cutoff: int | None = None) -> None:
    """Writes the model and its card; a language with too few held-out clean posts stays out of the card: unscored."""
    templates = [item.name for item in sets if item.is_functional]
    if templates:
        raise RecipeError("functional tests are for measuring, never for training", where=", ".join(templates))
    kept, held_out = [], []
    for item in sets:
        kept.append(LabelledSet(item.name, item.sha256, tuple(row for row in item.examples if not is_held_out(row))))
        held_out += [row for row in item.examples if is_held_out(row)]
    training.train(_balanced(kept), out, cutoff)
    card = {
        "languages": _calibrated(held_out, fasttext_model.load(out)),
        "sets": {item.name: {"sha256": item.sha256, "rows": len(item.examples)} for item in sets},
    }
    out.with_suffix(".json").write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _balanced(sets: list[LabelledSet]) -> list[tuple[str, str]]:
    """(label, text) of all sets; the rows of small languages up to MAX_REPEATS times.

    fastText takes one step a row: on 5,000 rows alone it learns nearly nothing (German AUC 0.57, repeated 0.83).
    """
    by_language: dict[str, list[tuple[str, str]]] = {}
    for item in sets:
        for row in item.examples:
            label = "toxic" if row.is_positive else "clean"
            by_language.setdefault(row.lang, []).append((label, toxic_text(row.text)))
    return [row for rows in by_language.values() for row in rows * max(1, min(MAX_REPEATS, round(ENOUGH_ROWS / len(rows))))]


def is_held_out(row: Example) -> bool:
    return hashlib.blake2b(row.text.encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] % 10 == 0


def _calibrated(rows: Iterable[Example], predict: fasttext_model.Predict) -> dict[str, dict[str, float]]:
    clean: dict[str, list[float]] = {}
    for row in rows:
        if row.lang and not row.is_positive:
            found = {label: value for value, label in predict(toxic_text(row.text), -1)}
            clean.setdefault(row.lang, []).append(found.get("__label__toxic", 0.0))
    curves = {lang: calibration.curve(scores) for lang, scores in sorted(clean.items()) if len(scores) >= MIN_CLEAN}
    return {lang: {"scale": scale, "shift": shift} for lang, (scale, shift) in curves.items()}


def _rows(sets: list[LabelledSet], names: tuple[str, str]) -> list[tuple[str, str]]:
    return [(names[not row.is_positive], " ".join(row.text.lower().split())) for item in sets for row in item.examples]


if __name__ == "__main__":
    main()
