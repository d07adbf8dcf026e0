"""Duplicates: recall, precision, speed and memory, beside peers. `python -m benchmarks.dedup`

    --corpus DIR    documents laid out by kind (books/ wiki/ code/ chat/ papers/ web/)
    --labelled DIR  holds near_duplicates/*_docs.jsonl[.gz] (id, text) and *_pairs.jsonl[.gz] (dedup_labels.py says which fields)
    --quick         1 MB a kind, fewer pairs, no rensa, no text-dedup, no memory figures
    --json FILE     all figures

Parts: the S-curve on edited copies of real documents with known exact Jaccard; labelled pairs; editions of books; speed of
signatures, quality on the same pairs and whole deduplication beside datatrove, datasketch, rensa and text-dedup; peak memory
of one 50 MB document. Signatures must equal datasketch's own with our hash function, or the run ends with `mismatch` and
exit status 1.

Last line: ratio R (signatures, ours / datatrove, MB/s on one core).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import dedup_curve, dedup_labels
from benchmarks.dedup_corpus import Text, read_corpus, write_segments
from benchmarks.dedup_peers import ELSEWHERE, Datatrove, datasketch_copies, datasketch_signatures, datatrove_copies, elsewhere
from curation.dedup import minhash, shingles, signature
from curation.dedup.config import Config
from curation.dedup.step import deduplicate
from curation.engine import Engine
from curation.segment import scan_aligned

SHARED = Path(__file__).resolve().parents[2] / "shared"
CONFIG = Config()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dedup")
    parser.add_argument("--corpus", type=Path, default=SHARED / "corpus")
    parser.add_argument("--labelled", type=Path, default=SHARED / "labelled")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    texts = read_corpus(options.corpus, (1 if options.quick else 4) << 20)
    print(f"{len(texts)} documents, {megabytes(texts):.1f} MB:", dict(Counter(text.kind for text in texts)))
    check_equality(texts)
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        figures["curve"] = dedup_curve.measure(texts, Path(folder) / "curve", pairs_per_step=20 if options.quick else 60)
        figures["labelled"] = labelled(options.labelled / "near_duplicates", Path(folder))
        figures["books"] = books(options.corpus, Path(folder) / "books")
        pairs, ours = figures["curve"].pop("pairs"), figures["curve"].pop("dropped")
        figures["speed"] = speed(texts, Path(folder), options.quick, pairs, ours)
        if not options.quick:
            figures["memory"] = memory(Path(folder))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    print(f"ratio {figures['speed']['ratio']:.1f} (signatures, ours / datatrove, MB/s on one core)")


def megabytes(texts: list[Text]) -> float:
    return sum(len(text.text.encode()) for text in texts) / 1e6


def check_equality(texts: list[Text]) -> None:
    """A stratified sample of real documents against datasketch.MinHash given our shingle hashes; ends the run if one differs."""
    from datasketch import MinHash

    sample = texts[:: max(1, len(texts) // 200)]
    for text in sample:
        is_code = text.kind == "code"
        ours = signature.sign([text.text], CONFIG, is_code).signatures[0]
        sketch = MinHash(num_perm=CONFIG.num_perm, seed=minhash.SEED, hashfunc=int)
        sketch.update_batch(shingles.shingle_set(text.text, CONFIG.ngram, is_code) >> 32)
        if list(ours) != list(sketch.hashvalues):
            print(f"mismatch signature of a {text.kind} document differs from datasketch")
            sys.exit(1)
    print(f"signatures of {len(sample)} documents equal datasketch.MinHash with our hash function")


def run_step(texts: list[Text], folder: Path) -> tuple[list[dict[str, Any]], dict[str, Any], float]:
    """(id, origin, reason, twin, score of every row), the step's summary, seconds from texts to verdicts."""
    folder.mkdir(parents=True)
    out = folder / "out"
    out.mkdir()
    start = time.perf_counter()
    segments = write_segments(folder, texts, CONFIG)
    summary = deduplicate(segments, folder / "previous", CONFIG, None, out, Engine(folder / "workspace"))
    seconds = time.perf_counter() - start
    rows: list[dict[str, Any]] = []
    for segment in segments:
        tables = [
            (segment.table("documents"), ["origin", "source"]),
            (out / f"{segment.fingerprint}.parquet", ["id", "reason", "twin", "score"]),
        ]
        for batch in scan_aligned(tables):
            rows += batch.to_pylist()
    return rows, summary, seconds


def labelled(folder: Path, scratch: Path) -> dict[str, Any]:
    """What the step drops against what is labelled, set by set. A set without copies says only what was dropped wrongly."""
    found: dict[str, Any] = {}
    for path in sorted(folder.glob("*_docs.jsonl*")):
        name = path.name.partition("_docs.jsonl")[0]
        pairs = [pair for file in sorted(folder.glob(f"{name}_pairs.jsonl*")) for pair in lines(file)]
        documents = {str(document["id"]): str(document["text"]) for document in lines(path)}
        texts = [Text("web", key, text, key) for key, text in documents.items()]
        rows, _, _ = run_step(texts, scratch / name)
        origin = {row["id"]: row["origin"] for row in rows if not row["reason"]}
        ours = {row["origin"]: origin[row["twin"]] for row in rows if row["reason"]}
        theirs = len(Datatrove(scratch / f"{name}-datatrove").deduplicate(list(documents.values())))
        found[name] = {**dedup_labels.score(dedup_labels.read(pairs, documents, CONFIG), ours), "datatrove_dropped": theirs}
        print(f"{name}: {dedup_labels.sentence(found[name])}; datatrove drops {theirs}")
    return found


def lines(path: Path) -> list[dict[str, Any]]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]


def books(corpus: Path, folder: Path) -> dict[str, Any]:
    """All books there are: which files lose chapters to which. Read the pairs: all should be editions of one book."""
    texts = read_corpus(corpus, 1 << 40, ["books"])
    rows, summary, _ = run_step(texts, folder)
    origin = {row["id"]: row["origin"] for row in rows if not row["reason"]}
    pairs = Counter(
        (row["origin"].split("#")[0], origin[row["twin"]].split("#")[0], row["reason"])
        for row in rows
        if row["reason"] in ("near_duplicate", "contained")
    )
    print(
        f"books: {len(rows)} documents of {len({row['origin'].split('#')[0] for row in rows})} files, "
        f"dropped {summary['dropped']}; candidates {summary['candidates']}, compared exactly {summary['compared_pairs']}"
    )
    for (copy, kept, reason), count in pairs.most_common():
        print(f"  {count:4d} {reason:15} {copy} -> {kept}")
    return {"dropped": summary["dropped"], "pairs": [[*pair, count] for pair, count in pairs.most_common()]}


def speed(
    texts: list[Text], folder: Path, quick: bool, pairs: list[tuple[str, str, float]], ours_on_pairs: list[bool]
) -> dict[str, Any]:
    """MB/s of signatures in alternating rounds, text decoded on both sides, and of everything to verdicts; quality on the
    pairs of the S-curve. Peers in environments of their own run by themselves, not alternating."""
    prose = [text for text in texts if text.kind != "code"]
    sample = prose[:: max(1, round(megabytes(prose) / (1 if quick else 3)))]
    strings, size = [text.text for text in sample], megabytes(sample)
    datatrove = Datatrove(folder / "datatrove")
    datatrove.signatures(strings[:20])
    races = {
        "ours": lambda: signature.sign(strings, CONFIG, False),
        "datatrove": lambda: datatrove.signatures(strings),
        "datasketch": lambda: datasketch_signatures(strings),
    }
    seconds: dict[str, list[float]] = {name: [] for name in races}
    for _ in range(2 if quick else 3):
        for name, race in races.items():
            start = time.process_time()
            race()
            seconds[name].append(time.process_time() - start)
    both = [(one, other) for one, other, _ in pairs]
    said = {"ours": ours_on_pairs, "datatrove": datatrove_copies(both, folder / "dt"), "datasketch": datasketch_copies(both)}
    for name in () if quick else ELSEWHERE:
        raced = elsewhere(name, strings, both, folder)
        if isinstance(raced, str):
            print(f"  {raced}: skipped")
        else:
            seconds[name], said[name] = raced
    quality = {name: on_pairs(copies, [jaccard for *_, jaccard in pairs]) for name, copies in said.items()}
    for name, found in quality.items():
        print(
            f"  pairs, {name}: recall {found['recall_from_085']:.4f} at 0.85 and more, "
            f"{found['wrong']} of {found['below']} below the threshold taken for copies"
        )
    rates = {name: size / statistics.median(values) for name, values in seconds.items()}
    for name, rate in rates.items():
        print(
            f"  signatures {name}: {rate:.2f} MB/s (median of {len(seconds[name])}, "
            f"{min(seconds[name]):.2f} to {max(seconds[name]):.2f} s, {size:.1f} MB)"
        )
    start = time.process_time()
    _, _, _ = run_step(sample, folder / "whole")
    ours = time.process_time() - start
    start = time.process_time()
    Datatrove(folder / "datatrove-whole").deduplicate(strings)
    theirs = time.process_time() - start
    print(
        f"  whole deduplication: ours {size / ours:.1f} MB/s (tables written, drops verified), "
        f"datatrove {size / theirs:.2f} MB/s, ratio {theirs / ours:.1f}"
    )
    if "rensa" in rates:
        print(f"  signatures, ours / rensa: {rates['ours'] / rates['rensa']:.2f}")
    ratio = rates["ours"] / rates["datatrove"]
    return {"mb_per_second": rates, "pairs": quality, "ratio": ratio, "whole_ratio": theirs / ours}


def on_pairs(copies: list[bool], jaccards: list[float]) -> dict[str, float]:
    found, exact = np.array(copies), np.array(jaccards)
    high, below = exact >= 0.85, exact < CONFIG.threshold
    return {"recall_from_085": float(found[high].mean()), "wrong": int(found[below].sum()), "below": int(below.sum())}


MEMORY = """
import sys
from pathlib import Path
from benchmarks.dedup_corpus import peak_mib
from curation.dedup import signature
from curation.dedup.config import Config
signature.sign(["warm up"], Config(), False)
text = Path(sys.argv[1]).read_text(encoding="utf-8")
before = peak_mib()
signature.sign([text], Config(), False)
print(before, peak_mib())
"""


def memory(folder: Path) -> dict[str, float]:
    """Peak resident memory of signing one document of 50 MB in a process of its own."""
    chosen = random.Random(1)
    path = folder / "large.txt"
    with path.open("w", encoding="utf-8") as stream:
        while stream.tell() < 50_000_000:
            stream.write(" ".join(f"w{chosen.randrange(60_000)}" for _ in range(10_000)) + "\n")
    command = [sys.executable, "-c", MEMORY, str(path)]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    before, after = map(float, run.stdout.split())
    print(f"  one document of 50 MB: peak {after:.0f} MiB; {before:.0f} MiB with the text read and nothing signed")
    return {"before_mib": before, "peak_mib": after}


if __name__ == "__main__":
    main()
