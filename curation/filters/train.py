"""Trains a classifier of ours: `python -m curation.filters.train toxicity|quality --data PATHS --out MODEL`.

    toxicity    labels 1 (toxic) and 0; writes MODEL and, beside it, its card (.json): languages, calibration, sets
    quality     labels 1 (good) and 0; for `[quality] model`

`--only NAMES` takes some sets of a folder by name, `--without NAMES` leaves some out: the shipped model is trained on
those whose licence allows it (docs/toxicity-model-card.md has the command). One row in ten is held out, by a hash of
its text, for calibration. Functional tests (templates) are refused. How it is done: toxic_training.py.
`--cutoff N` keeps N features and quantizes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from curation.errors import CurationError
from curation.filters import labelled, toxic_training, training
from curation.filters.labelled import LabelledSet


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
    missing = sorted({*options.only, *options.without} - set(names))
    if missing or not chosen:
        raise CurationError(
            "no such labelled set" if missing else "no labelled set to train on", where=", ".join(map(str, options.data)),
            got=", ".join(missing), expected=", ".join(names) or "*.jsonl or *.jsonl.gz directly inside",
        )  # fmt: skip
    sets = [labelled.read(path) for path in chosen]
    if options.task == "quality":
        training.train(_rows(sets, ("good", "bad")), options.out, options.cutoff)
    else:
        toxic_training.train(sets, options.out, options.cutoff)
    print(f"{options.out}: {', '.join(item.name for item in sets)}; {options.out.stat().st_size} bytes")


def _rows(sets: list[LabelledSet], names: tuple[str, str]) -> list[tuple[str, str]]:
    return [(names[not row.is_positive], " ".join(row.text.lower().split())) for item in sets for row in item.examples]


if __name__ == "__main__":
    try:
        main()
    except CurationError as error:
        raise SystemExit(str(error)) from None
