"""Benchmarks' questions in the corpus: documents that contain them, found in their texts.

A recipe may name JSONL files of evaluation questions; every string of MIN_WORDS words and more in a record is a question.
A document contains a question when `max_test_overlap` of the question's n-grams stand in it (13 words, 8 for questions
shorter than that), not counting n-grams that more than `max_common` documents hold. It is dropped whole, reason
`in_test_set`, never cut, since its id stands for its text (a book is documents of a chapter's size). Score = that share,
twin = "file:line: n-grams", some of them; all stand in test_sets.parquet. Only a recipe with test sets pays for this: it
reads every kept text once (`python -m benchmarks.split` measures it).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation.dedup.gather import texts
from curation.dedup.rows import load
from curation.dedup.shingles import ascending, windows
from curation.dedup.tokens import PIECE_CHARS, Hashes, cut, hash_tokens, spelled_tokens
from curation.errors import RecipeError
from curation.segment import Segment, scan

SIZES = (13, 8)
MIN_WORDS = 8
LEDGER_NGRAMS = 3
EVIDENCE = pa.schema([("id", pa.string()), ("question", pa.string()), ("score", pa.float32()), ("ngrams", pa.list_(pa.string()))])
HIT = np.dtype([("row", "<i8"), ("gram", "<i8")])


@dataclass(frozen=True, slots=True)
class Question:
    name: str  # file:line
    text: str


def read_questions(files: Sequence[str]) -> list[Question]:
    """All questions of JSONL files. RecipeError names a file that is missing, or a line that is no JSON."""
    return [question for file in sorted(files) for question in _of_file(Path(file))]


def _of_file(path: Path) -> Iterator[Question]:
    if not path.is_file():
        raise RecipeError("no such test set", where="split.test_sets", got=str(path), expected="a JSONL file")
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            try:
                record = json.loads(line) if line.strip() else None
            except json.JSONDecodeError as error:
                raise RecipeError("not JSON", where=f"{path}:{number}", got=str(error)) from None
            for text in _strings(record):
                yield Question(f"{path.name}:{number}", text)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(inner)


@dataclass(frozen=True, slots=True)
class Index:
    """Distinct n-grams of one size, ascending, and for each (gram, question) pair the question."""

    size: int
    hashes: Hashes
    pairs: npt.NDArray[np.int64]  # (n, 2): place in `hashes`, question; ascending

    @classmethod
    def build(cls, questions: Sequence[Question], size: int) -> Index:
        found, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for number, question in enumerate(questions):
            if (grams := _grams(question.text, size)) is not None:
                found.append(grams)
                owners.append(np.full(len(grams), number))
        hashes, inverse = np.unique(np.concatenate(found), return_inverse=True)
        return cls(size, hashes, np.unique(np.column_stack([inverse, np.concatenate(owners)]).astype(np.int64), axis=0))

    def find(self, tokens: Hashes) -> npt.NDArray[np.int64]:
        """Places of this index's n-grams that stand in a document."""
        own = windows(tokens, np.array([len(tokens)]), self.size)[0]
        if not len(self.hashes) or not len(own):
            return np.zeros(0, np.int64)
        places = np.minimum(np.searchsorted(self.hashes, own), len(self.hashes) - 1)
        return ascending(places[self.hashes[places] == own])


def _grams(text: str, size: int) -> Hashes | None:
    """The question's distinct n-grams, if `size` is the one it is judged by."""
    tokens = hash_tokens([text[:PIECE_CHARS]], is_code=False)[0]
    judged_by = next((candidate for candidate in SIZES if len(tokens) >= candidate), None)
    return ascending(windows(tokens, np.array([len(tokens)]), size)[0]) if judged_by == size else None


def scan_texts(segment: dict[str, Any], index: int, previous: str, files: list[str], out: str) -> None:
    """Task: HIT rows of one segment for each size, <out>.<size>.npy: which n-grams of questions stand in which row."""
    piece = Segment(**segment)
    questions = read_questions(files)
    indexes = [Index.build(questions, size) for size in SIZES]
    kept = np.flatnonzero(_kept(previous, piece))
    hits: dict[int, list[npt.NDArray[Any]]] = {size: [np.zeros(0, HIT)] for size in SIZES}
    for row, text in zip(kept, texts(piece, kept), strict=True):
        tokens = np.concatenate([hash_tokens([part], is_code=False)[0] for part in cut(text)] or [np.zeros(0, np.uint64)])
        for asked in indexes:
            places = asked.find(tokens)
            found = np.zeros(len(places), HIT)
            found["row"], found["gram"] = row, places
            hits[asked.size].append(found)
    for size, parts in hits.items():
        np.save(f"{out}.{size}.npy", np.concatenate(parts))


def _kept(previous: str, segment: Segment) -> npt.NDArray[np.bool_]:
    path = Path(previous) / f"{segment.fingerprint}.parquet"
    parts = [pc.is_null(batch["reason"]).to_numpy(zero_copy_only=False) for batch in scan(path, ["reason"])]
    return np.concatenate([np.zeros(0, bool), *parts])


@dataclass(frozen=True, slots=True)
class Contained:
    """Row `row` of segment `segment` contains a question; `ngrams` are what was found of it."""

    segment: int
    row: int
    question: str
    score: float
    ngrams: tuple[str, ...]

    @property
    def evidence(self) -> str:
        """For the ledger: `file:line: n-gram | n-gram …`, the words of the question that the document holds."""
        return f"{self.question}: {' | '.join(self.ngrams[:LEDGER_NGRAMS])}"


def judge(files: Sequence[str], stems: Sequence[str], max_test_overlap: float, max_common: int) -> list[Contained]:
    """One row per document that contains a question (the one it holds most of), by segment and row."""
    questions = read_questions(files)
    best: dict[tuple[int, int], Contained] = {}
    for size in SIZES:
        index = Index.build(questions, size)
        hits = [load(f"{stem}.{size}.npy") for stem in stems]
        frequency = np.bincount(
            np.concatenate([np.zeros(0, np.int64), *(part["gram"] for part in hits)]), minlength=len(index.hashes)
        )
        common = frequency > max_common
        for contained in _judge(questions, index, hits, common, max_test_overlap):
            key = (contained.segment, contained.row)
            if key not in best or contained.score > best[key].score:
                best[key] = contained
    return [best[key] for key in sorted(best)]


def _judge(
    questions: Sequence[Question], index: Index, hits: Iterable[npt.NDArray[Any]], common: npt.NDArray[np.bool_], least: float
) -> Iterator[Contained]:
    counted = index.pairs[~common[index.pairs[:, 0]]]
    sizes = np.bincount(counted[:, 1], minlength=len(questions))
    for segment, found in enumerate(hits):
        starts, stops = (np.searchsorted(counted[:, 0], found["gram"], side) for side in ("left", "right"))
        rows, firsts = np.unique(found["row"], return_index=True)  # hits stand in order of rows
        for row, first, last in zip(rows.tolist(), firsts, np.append(firsts[1:], len(found))[: len(rows)], strict=True):
            spans = zip(starts[first:last], stops[first:last], strict=True)
            places = np.concatenate([np.arange(*span) for span in spans])
            if not len(places):
                continue
            asked, held = np.unique(counted[places, 1], return_counts=True)
            shares = held / sizes[asked]
            most = int(np.argmax(shares))
            if shares[most] >= least:
                question = questions[asked[most]]
                grams = set(index.hashes[counted[places[counted[places, 1] == asked[most]], 0]].tolist())
                yield Contained(segment, row, question.name, float(shares[most]), _words(question.text, index.size, grams))


def _words(text: str, size: int, grams: set[int]) -> tuple[str, ...]:
    """The n-grams of a question, as words, whose hash is among `grams`."""
    words = spelled_tokens(text[:PIECE_CHARS])
    spans = [" ".join(words[place : place + size]) for place in range(len(words) - size + 1)]
    return tuple(span for span in dict.fromkeys(spans) if grams.intersection((_grams_of(span, size)).tolist()))


def _grams_of(span: str, size: int) -> Hashes:
    tokens, counts = hash_tokens([span], is_code=False)
    return windows(tokens, counts, size)[0]


def write_evidence(found: Sequence[Contained], segments: Sequence[Segment], out: Path) -> None:
    """test_sets.parquet: which document holds which question, and the n-grams that say so."""
    ids = {
        index: pq.read_table(segments[index].table("scores"), columns=["id"])["id"] for index in {item.segment for item in found}
    }
    rows = [
        {"id": ids[item.segment][item.row].as_py(), "question": item.question, "score": item.score, "ngrams": list(item.ngrams)}
        for item in found
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows, EVIDENCE), out / "test_sets.parquet")
