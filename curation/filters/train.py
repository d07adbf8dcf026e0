"""Trains a classifier of ours: `python -m curation.filters.train toxicity|quality --data PATHS --out MODEL`.

    toxicity    labels 1 (toxic) and 0; writes MODEL and, beside it, the card (.json) with languages and calibration
    quality     labels 1 (good) and 0; for `[quality] model`

`--only NAMES` takes some sets of a folder by name: the shipped model is trained on those whose licence allows it
(docs/toxicity-model-card.md has the command). Training is deterministic. `--cutoff N` keeps N features and quantizes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from curation.filters import labelled, training
from curation.filters.toxic_text import toxic_text


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m curation.filters.train", description=__doc__.split("\n")[0])
    parser.add_argument("task", choices=("toxicity", "quality"))
    parser.add_argument("--data", nargs="+", type=Path, required=True, help="JSON lines files, or folders of them")
    parser.add_argument("--only", nargs="+", help="names of the sets to take (file names without extension)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cutoff", type=int, help="features to keep; quantizes the model")
    options = parser.parse_args(arguments)
    files = labelled.labelled_files(options.data)
    sets = [labelled.read(path) for path in files if not options.only or path.name.split(".")[0] in options.only]
    names = ("toxic", "clean") if options.task == "toxicity" else ("good", "bad")
    normalize = toxic_text if options.task == "toxicity" else _one_line
    rows = [(names[not example.is_positive], normalize(example.text)) for item in sets for example in item.examples]
    model = training.train(rows, training.Hyperparameters())
    training.save(model, options.out, options.cutoff)
    if options.task == "toxicity":
        languages = sorted({example.lang for item in sets for example in item.examples if example.lang})
        card = {
            "languages": {name: {"scale": 1.0, "shift": 0.0} for name in languages},
            "sets": {item.name: {"sha256": item.sha256, "rows": len(item.examples)} for item in sets},
        }
        options.out.with_suffix(".json").write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{options.out}: {len(rows)} examples of {len(sets)} sets, {options.out.stat().st_size} bytes")


def _one_line(text: str) -> str:
    return " ".join(text.lower().split())


if __name__ == "__main__":
    main()
