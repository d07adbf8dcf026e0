"""Train and eval: how much of a train document's 13-grams eval holds. `python -m benchmarks.split`

    --corpus DIR    documents laid out by kind (books/ wiki/ code/ chat/ papers/ web/)
    --quick         1 MB a kind, one seed
    --json FILE     all figures

For three seeds the corpus is deduplicated and split by the real steps; then all 13-grams of words of every document are
compared as strings of words, by plain Python that shares no code with the steps. Beside it a random split of the same
documents, and of the same documents without deduplication. Documents of fewer than 13 words have no 13-gram.

Last line: max_overlap X (share of 13-grams of any train document with eval), the largest over the seeds.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.dedup_corpus import Text, read_corpus, write_segments
from curation.dedup import step
from curation.dedup.config import Config as Dedup
from curation.engine import Engine
from curation.segment import Segment, scan_aligned
from curation.split import split
from curation.split_config import Config

SHARED = Path(__file__).resolve().parents[2] / "shared"
WORD = re.compile(r"[^\W_]+")
GRAM = 13


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.split")
    parser.add_argument("--corpus", type=Path, default=SHARED / "corpus")
    parser.add_argument("--labelled", type=Path, help="not used")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    texts = read_corpus(options.corpus, (1 if options.quick else 4) << 20)
    print(f"{len(texts)} documents:", dict(Counter(text.kind for text in texts)))
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(texts, Path(folder), seeds=1 if options.quick else 3)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(f"max_overlap {max(row['ours'] for row in figures):.4f} (share of 13-grams of any train document with eval)")


def measure(texts: Sequence[Text], folder: Path, seeds: int) -> list[dict[str, Any]]:
    segments = write_segments(folder, texts, Dedup())
    engine = Engine(folder / "workspace")
    (folder / "deduplicated").mkdir()
    step.deduplicate(segments, folder / "previous", Dedup(), None, folder / "deduplicated", engine)
    figures = []
    for seed in range(seeds):
        out = folder / f"split-{seed}"
        out.mkdir()
        start = time.perf_counter()
        summary = split(segments, folder / "deduplicated", Config(seed=seed), None, out, engine)
        seconds = time.perf_counter() - start
        rows = read(segments, out)
        kept = [grams(text) for text, side, _ in rows if side]
        ours = largest(
            (grams(text) for text, side, _ in rows if side == "train"), union(text for text, side, _ in rows if side == "eval")
        )
        by_chance = largest_of_random(kept, seed, summary["eval"])
        raw = largest_of_random([grams(text) for text, _, _ in rows], seed, summary["eval"])
        row = {
            "seed": seed, "eval": summary["eval"], "train": summary["train"], "dropped": summary["dropped"], "seconds": seconds,
            "ours": ours[0], "ours_over_bound": ours[1], "random": by_chance[0], "random_over_bound": by_chance[1],
            "random_raw": raw[0], "random_raw_over_bound": raw[1], "reported": summary["max_overlap"],
        }  # fmt: skip
        print(
            f"  seed {seed}: eval {row['eval']} of {row['eval'] + row['train']}, near_eval {row['dropped']['near_eval']}; "
            f"largest overlap ours {ours[0]:.3f} (the step says {row['reported']:.3f}), random split of the same "
            f"{by_chance[0]:.3f} ({by_chance[1]} documents over the bound), without deduplication {raw[0]:.3f} "
            f"({raw[1]}); {seconds:.1f} s"
        )
        figures.append(row)
    print("  eval of the last seed by source and language:", dict(Counter(name for _, side, name in rows if side == "eval")))
    return figures


def read(segments: Sequence[Segment], out: Path) -> list[tuple[str, str | None, str]]:
    """(text, split, source/language) of every row."""
    rows = []
    for segment in segments:
        tables = [(segment.table("documents"), ["text", "source", "lang"]), (out / f"{segment.fingerprint}.parquet", ["split"])]
        for batch in scan_aligned(tables, rows=512):
            rows += [(row["text"], row["split"], f"{row['source']}/{row['lang']}") for row in batch.to_pylist()]
    return rows


def grams(text: str) -> frozenset[int]:
    """Hashes (Python's own, of tuples of words) of all 13-grams of a text."""
    words = WORD.findall(text.lower())
    return frozenset(hash(gram) for gram in zip(*(words[place:] for place in range(GRAM)), strict=False))


def union(texts: Iterable[str]) -> set[int]:
    return {gram for text in texts for gram in grams(text)}


def largest(train: Iterable[frozenset[int]], held: set[int]) -> tuple[float, int]:
    """(largest share of a document's 13-grams that eval holds, documents at or over the bound)."""
    shares = [len(own & held) / len(own) for own in train if own]
    return max(shares, default=0.0), sum(share >= Config().max_overlap for share in shares)


def largest_of_random(documents: Sequence[frozenset[int]], seed: int, num_eval: int) -> tuple[float, int]:
    chosen = set(random.Random(seed).sample(range(len(documents)), num_eval))
    held = {gram for index in chosen for gram in documents[index]}
    return largest((own for index, own in enumerate(documents) if index not in chosen), held)


if __name__ == "__main__":
    main()
