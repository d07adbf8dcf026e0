"""The quality part of `python -m benchmarks.pii`: recall, precision, F1 and F2 of each entity on labelled sets.

    python -m benchmarks.pii_quality [--labelled DIR] [--json FILE] [--quick]

Detection is compared before the policy: which kinds of source scrub which type, and that private and reserved addresses
stay, are choices and no findings. The peer is Presidio's default English registry, one AnalyzerEngine, as shipped; ours are
the recognizers of the row's language with the rules of `innocent` (a number that is labelled as another). Overlapping
findings are resolved alike for both (the longest wins, then the surest), and at the same lowest score, 0.4: context lifts a
guess to it. `any` is recall at any score, before that: what stock returns includes guesses of 0.01. A labelled span counts as
found if a span of its type touches it; a finding is right if it touches a labelled span of its type. `recognizer_vectors`
hold bare numbers for one recognizer each, so a finding of another type there is wrong only by the set's silence.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from curation.pii.analysis import FastAnalyzer
from curation.pii.innocent import is_other
from curation.pii.languages import analyzer_of
from curation.pii.nlp import word_engine
from curation.pii.registry import offline_email
from curation.pii.spans import Span, disjoint

MIN_SCORE = 0.4
LABELLED = Path(__file__).resolve().parents[2] / "shared" / "labelled"
# Types of labelled sets that have another name here.
SAME_TYPE = {"PHONE": "PHONE_NUMBER", "TR_PHONE_NUMBER": "PHONE_NUMBER", "PH_MOBILE_NUMBER": "PHONE_NUMBER"}
LANGUAGE_OF = {"ES": "es", "IT": "it", "PL": "pl", "DE": "de", "FI": "fi", "SE": "sv", "TR": "tr", "TH": "th", "KR": "ko"}


class Row(NamedTuple):
    text: str
    lang: str
    spans: list[tuple[str, int, int]]


class Score(NamedTuple):
    num: int
    recall: float
    precision: float
    recall_any: float  # at any score

    def f(self, beta: int) -> float:
        weight = beta * beta
        both = weight * self.precision + self.recall
        return (1 + weight) * self.precision * self.recall / both if both else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pii_quality")
    parser.add_argument("--labelled", type=Path, default=LABELLED)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    figures = quality(options.labelled, 10 if options.quick else 1)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")
    below = sum(entity["recall"] < entity["stock_recall"] for entity in figures.values())
    print(f"below {below} (entities of a set where our recall is lower than stock's)")


def quality(folder: Path, every: int) -> dict[str, dict[str, float]]:
    """Prints a line for each entity that either finds; gives its figures under `set/entity`."""
    stock = FastAnalyzer(default_english(), "en", word_engine("en"))  # stock's answers, which the race checks
    result: dict[str, dict[str, float]] = {}
    print(f"\n{'':54}ours{'':30}stock Presidio")
    columns = f"{'any':>6}{'recall':>8}{'prec.':>7}{'F1':>6}{'F2':>6}"
    print(f"{'set':28}{'entity':22}{'n':>4}{columns}{columns}")
    for name, rows in labelled_rows(folder, every):
        ours = score(rows, lambda row: analyzer_of(row.lang).analyze(row.text), has_rules=True)
        peer = score(rows, lambda row: stock.analyze(row.text), has_rules=False)
        for entity, mine in sorted(ours.items()):
            theirs = peer[entity]
            if mine.recall_any == theirs.recall_any == 0:
                continue
            print(f"{name:28}{entity:22}{mine.num:4}{_cells(mine)}{_cells(theirs)}{_mark(mine, theirs)}")
            result[f"{name}/{entity}"] = {**_figures(mine, ""), **_figures(theirs, "stock_")}
    return result


def default_english() -> list[Any]:
    """Presidio's default English registry; its e-mail recognizer with the bundled suffix list, or it would go online."""
    from presidio_analyzer import RecognizerRegistry

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    return [one for one in registry.recognizers if one.name not in ("SpacyRecognizer", "EmailRecognizer")] + [offline_email("en")]


def labelled_rows(folder: Path, every: int) -> Iterator[tuple[str, list[Row]]]:
    """(set, rows) of every file of `pii/` below the folder; a country's vectors are read in its language."""
    for path in sorted((folder / "pii").glob("*.jsonl*")):
        data = path.read_bytes()
        lines = (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()
        rows = []
        for line in lines[::every]:
            item = json.loads(line)
            spans = []
            for span in item["spans"]:
                entity = span.get("presidio_type") or span["type"]
                spans.append((SAME_TYPE.get(entity, entity), span["start"], span["end"]))
            country = str(item.get("entity", "")).split("_")[0]
            rows.append(Row(item["text"], LANGUAGE_OF.get(country, item["lang"] if len(item["lang"]) == 2 else "en"), spans))
        yield path.name.split(".")[0], rows


def score(rows: Iterable[Row], find: Callable[[Row], list[Span]], has_rules: bool) -> dict[str, Score]:
    """Entity -> figures, for entities that are labelled at all."""
    num, hit, hit_any, made, right = (Counter[str]() for _ in range(5))
    for row in rows:
        spans = find(row)
        sure = [span for span in spans if span.score >= MIN_SCORE]
        found = disjoint([span for span in sure if not (has_rules and is_other(span, row.text, sure))])
        for entity, start, end in row.spans:
            num[entity] += 1
            hit[entity] += any(_is_at(span, entity, start, end) for span in found)
            hit_any[entity] += any(_is_at(span, entity, start, end) for span in spans)
        for span in found:
            made[span.entity] += 1
            right[span.entity] += any(_is_at(span, *labelled) for labelled in row.spans)
    return {
        entity: Score(count, hit[entity] / count, right[entity] / max(1, made[entity]), hit_any[entity] / count)
        for entity, count in num.items()
    }


def _is_at(span: Span, entity: str, start: int, end: int) -> bool:
    return span.entity == entity and span.start < end and start < span.end


def _cells(score: Score) -> str:
    return f"{score.recall_any:6.2f}{score.recall:8.2f}{score.precision:7.2f}{score.f(1):6.2f}{score.f(2):6.2f}"


def _figures(score: Score, prefix: str) -> dict[str, float]:
    figures = {"n": score.num, "recall": score.recall, "recall_any": score.recall_any, "precision": score.precision}
    return {f"{prefix}{name}": value for name, value in {**figures, "f1": score.f(1), "f2": score.f(2)}.items()}


def _mark(mine: Score, theirs: Score) -> str:
    return "  below" if mine.recall < theirs.recall else ""


if __name__ == "__main__":
    main()
