"""Names of persons with a model that a recipe would name in `[pii.ner]`. `python -m benchmarks.pii_names`

No spaCy model is on PyPI, but a Russian one for names lies in the wheel of natasha (Slovnet's, MIT, news). It is put into a
folder of its own, wrapped as a spaCy pipeline, saved, and loaded by that folder's path as `[pii.ner] ru = "FOLDER"` loads one.
Labelled: every `*.jsonl[.gz]` below pii/ of --labelled whose rows are Russian and have spans of PERSON. A labelled name is
found if a finding touches it; a finding is right if it touches a labelled name. Peer: none, stock Presidio has no Russian.

    --labelled DIR, --json FILE, --quick

Last line: person_recall X (names of persons found, all sets).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.pii_quality import LABELLED, Row, Score, labelled_rows, score
from curation.pii.ner import spacy_names
from curation.pii.spans import Span

NAME = "PERSON"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pii_names")
    parser.add_argument("--corpus", type=Path, help="not used")
    parser.add_argument("--labelled", type=Path, default=LABELLED)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    sets = dict(russian_sets(options.labelled, 10 if options.quick else 1))
    if not sets:
        print(f"no labelled names in Russian below {options.labelled / 'pii'}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        if not install(Path(folder) / "peers"):
            print("natasha: skipped, it cannot be installed here")
            return 0
        recognizer = spacy_names(str(saved_pipeline(Path(folder) / "model")), "ru")

        def find(row: Row) -> list[Span]:
            found = recognizer.analyze(row.text, [NAME], None)
            return [Span(one.entity_type, one.start, one.end, one.score) for one in found]

        figures = {name: score(rows, find, has_rules=False)[NAME] for name, rows in sets.items()}
    for name, found in figures.items():
        print(f"{name}: {found.num} names, recall {found.recall:.3f}, precision {found.precision:.3f}, F1 {found.f(1):.3f}")
    if options.json:
        options.json.write_text(json.dumps({name: found._asdict() for name, found in figures.items()}, indent=1) + "\n")
    print(f"person_recall {mean_recall(figures):.4f} (names of persons found, all sets)")
    return 0


def russian_sets(folder: Path, every: int) -> Iterator[tuple[str, list[Row]]]:
    for name, rows in labelled_rows(folder, every):
        own = [row._replace(spans=[span for span in row.spans if span[0] == NAME]) for row in rows if row.lang == "ru"]
        if any(row.spans for row in own):
            yield name, own


def mean_recall(figures: dict[str, Score]) -> float:
    return sum(found.recall * found.num for found in figures.values()) / sum(found.num for found in figures.values())


def install(place: Path) -> bool:
    command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(place), "natasha", "setuptools<81"]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        return False
    sys.path.append(str(place))  # behind our own: its numpy is not ours
    return True


def saved_pipeline(folder: Path) -> Path:
    """A folder as `spacy.load` reads one."""
    import spacy
    from spacy.language import Language

    @Language.factory("slovnet_names")
    def _(nlp: Any, name: str) -> Any:
        return tagger()

    pipeline = spacy.blank("ru")
    pipeline.add_pipe("slovnet_names")
    pipeline.to_disk(folder)
    return folder


def tagger() -> Any:
    """A component that sets `ents` by Slovnet's tagger."""
    from natasha import Doc, NewsEmbedding, NewsNERTagger, Segmenter

    segmenter, model = Segmenter(), NewsNERTagger(NewsEmbedding())

    def names(doc: Any) -> Any:
        read = Doc(doc.text)
        read.segment(segmenter)
        read.tag_ner(model)
        spans = [doc.char_span(one.start, one.stop, one.type, alignment_mode="expand") for one in read.spans]
        doc.ents = [span for span in spans if span is not None and span.label_ == "PER"]
        return doc

    return names


if __name__ == "__main__":
    sys.exit(main())
