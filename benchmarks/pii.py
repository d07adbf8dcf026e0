"""Personal data: Presidio's answers and ours, how fast, and how many of the labelled values each finds.

    python -m benchmarks.pii [--corpus DIR] [--labelled DIR] [--json FILE] [--quick]

Speed: the peer is a stock AnalyzerEngine with Presidio's default English registry on a blank spaCy pipeline, one call a
document; ours has the same registry. Both are given tokens as lemmas, for on a plain blank pipeline no context word ever
matches. Documents as the readers make them, 2 to 20 KB (longer ones cut at line ends), chosen by hash. Each is read once
by both, 16 in a row and in turns who goes first (both use phonenumbers' cache of compiled expressions), after a warm-up
on other documents and a dense text; CPU time of the thread. Every span, type, score and place must be equal, or the run
fails. The stage with our own recognizers is timed apart.
Last line: ratio R (books and wiki, ours / stock Presidio, MB/s on one core).

Figures: see `benchmarks.pii_quality`, which is called after the race.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.pii_quality import default_english, quality
from curation.errors import InputError
from curation.pii import Config, build
from curation.pii.analysis import FastAnalyzer, stock_engine, stock_spans
from curation.pii.nlp import word_engine
from curation.pii.spans import Span
from curation.source import File, Record
from curation.sources import SOURCES
from curation.stage import Place

SHARED = Path(__file__).resolve().parents[2] / "shared"
SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample"
MIN_BYTES, MAX_BYTES = 2_000, 20_000
BUDGET = {"books": 4_000_000, "wiki": 4_000_000, "chat": 2_000_000, "mail": 2_000_000, "code": 300_000, "entities": 120_000}
NUM_BLOCKS = 5
GROUP = 16  # documents that one side reads in a row
Answers = list[list[Span]]
NUM_WARM = 24


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pii")
    parser.add_argument("--corpus", type=Path, default=SHARED / "corpus" if (SHARED / "corpus").is_dir() else SAMPLE)
    parser.add_argument("--labelled", type=Path, default=SHARED / "labelled")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    share = 0.3 if options.quick else 1.0
    active = default_english()
    started = time.perf_counter()
    ours, stock = FastAnalyzer(active, "en"), stock_engine(active, "en", word_engine("en"))
    print(f"built both in {time.perf_counter() - started:.1f} s")
    figures: dict[str, Any] = {"speed": {}, "entities": {}, "changed": {}}
    groups = {name: list(documents(options.corpus, name, int(size * share))) for name, size in BUDGET.items()}
    print(f"{'':10}{'docs':>6}{'KB/doc':>8}{'spans/KB':>10}{'ours MB/s':>11}{'stock':>8}{'ratio':>8}  of blocks")
    for name, texts in groups.items():
        if texts and name != "code":
            figures["speed"][name] = race(name, texts, ours, stock)
    figures["stage"] = {name: stage_speed(name, texts) for name, texts in groups.items() if texts and name != "entities"}
    figures["entities"] = quality(options.labelled, 10 if options.quick else 1)
    for kind in ("wiki", "code"):
        if groups[kind]:
            figures["changed"][kind] = changed(kind, groups[kind])
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")
    reading = [figures["speed"][name] for name in ("books", "wiki") if name in figures["speed"]]
    ratio = sum(each["stock_seconds"] for each in reading) / sum(each["ours_seconds"] for each in reading)
    print(f"ratio {ratio:.1f} (books and wiki, ours / stock Presidio, MB/s on one core)")


def documents(corpus: Path, group: str, budget: int) -> Iterator[str]:
    """Texts of a group as its reader makes them, least hash first, up to `budget` bytes and some for the warm-up."""
    if group == "entities":
        yield from (dense(seed) for seed in range(NUM_WARM + budget // 4_000))
        return
    texts = {part for text in records(corpus, group) for part in parts(text)}
    left = budget + NUM_WARM * MAX_BYTES // 2
    for text in sorted(texts, key=lambda text: hashlib.blake2b(text.encode(), digest_size=8).digest()):
        if left <= 0:
            return
        left -= len(text.encode())
        yield text


def records(corpus: Path, group: str) -> Iterator[str]:
    kind = "chat" if group == "mail" else group
    source, folder = SOURCES[kind], corpus / kind
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = [File(path.relative_to(corpus).as_posix(), path, path.stat().st_size) for path in paths]
    config = source.Config()
    for item in source.list_inputs(files, config):
        if kind == "chat" and ("mbox" in item.key) != (group == "mail"):
            continue
        if sum(file.size for file in item.files) > 4_000_000 and kind in ("wiki", "code"):
            continue  # minutes of reading for a sample
        try:
            for record in source.read(item, config):
                if isinstance(record, Record):
                    yield record.text
        except InputError:
            continue


def parts(text: str) -> Iterator[str]:
    part: list[str] = []
    size = 0
    for line in text.splitlines(keepends=True):
        if size + len(line.encode("utf-8", "replace")) > MAX_BYTES and part:
            yield "".join(part)
            part, size = [], 0
        part.append(line[:MAX_BYTES])
        size += len(line.encode("utf-8", "replace"))
    if size >= MIN_BYTES:
        yield "".join(part)


def dense(seed: int) -> str:
    """Text of nothing but values: numbers, addresses, URLs, dates."""
    pick = random.Random(seed)
    made: list[str] = []
    while sum(map(len, made)) < 4_000:
        number = pick.randrange(10**9)
        made += [
            f"+1 212 {number % 900 + 100} {number % 9000 + 1000}",
            f"user{number}@mail{number % 97}.com",
            f"{number % 223 + 1}.{number % 251}.{number % 241}.{number % 239}",
            f"https://www.site{number % 89}.org/{number:x}",
            f"{2000 + number % 25}-{number % 12 + 1:02}-{number % 28 + 1:02}",
            f"4{number:09}{number % 1000000:06}",
            f"{number % 700 + 100}-{number % 89 + 10}-{number % 9000 + 1000}",
            f"00:1A:2B:{number % 256:02X}:4D:5E",
        ]
    return " ".join(made)


def race(name: str, texts: list[str], ours: FastAnalyzer, stock: Any) -> dict[str, float]:
    num_warm = min(NUM_WARM, len(texts) // 3)
    for text in [*texts[:num_warm], dense(-1)]:
        ours.analyze(text), stock_spans(stock, text, "en")
    blocks: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    num_bytes = num_spans = 0
    for number, start in enumerate(range(num_warm, len(texts), GROUP)):
        group = texts[start : start + GROUP]
        found, expected, seconds, stock_seconds = both(group, ours, stock, ours_first=number % 2 == 0)
        block = blocks[number % NUM_BLOCKS]
        block[0] += seconds
        block[1] += stock_seconds
        for offset, (ours_there, stock_there) in enumerate(zip(found, expected, strict=True)):
            if ours_there != stock_there:
                print(f"mismatch {name} document {start + offset}: {len(ours_there)} spans for {len(stock_there)}")
                sys.exit(1)
        num_bytes += sum(len(text.encode("utf-8", "replace")) for text in group)
        num_spans += sum(map(len, expected))
    ours_seconds, stock_total = (sum(block[side] for block in blocks.values()) for side in (0, 1))
    ratios = sorted(stock_s / ours_s for ours_s, stock_s in blocks.values())
    megabytes, count = num_bytes / 1e6, len(texts) - num_warm
    print(
        f"{name:10}{count:6}{num_bytes / count / 1e3:8.1f}{num_spans / num_bytes * 1e3:10.2f}{megabytes / ours_seconds:11.2f}"
        f"{megabytes / stock_total:8.3f}{stock_total / ours_seconds:8.1f}  {ratios[0]:.0f} to {ratios[-1]:.0f}, "
        f"median {statistics.median(ratios):.0f}",
        flush=True,
    )
    return {
        "ratio": stock_total / ours_seconds,
        "ours_seconds": ours_seconds,
        "stock_seconds": stock_total,
        "megabytes": megabytes,
        "spans": num_spans,
    }


def both(group: list[str], ours: FastAnalyzer, stock: Any, ours_first: bool) -> tuple[Answers, Answers, float, float]:
    if ours_first:
        found, seconds = timed(ours.analyze, group)
    expected, stock_seconds = timed(lambda text: stock_spans(stock, text, "en"), group)
    if not ours_first:
        found, seconds = timed(ours.analyze, group)
    return found, expected, seconds, stock_seconds


def timed(analyze: Callable[[str], list[Span]], group: list[str]) -> tuple[Answers, float]:
    """One call a document, one after the other."""
    started = time.thread_time()
    return [analyze(text) for text in group], time.thread_time() - started


def stage_speed(name: str, texts: list[str]) -> float:
    """MB/s of the whole stage with our own recognizers: policy, replacing, and reading again what was replaced."""
    scrub = build(Config(), Place("benchmark", "chat" if name == "mail" else name))
    num_warm = min(NUM_WARM, len(texts) // 3)
    for text in texts[:num_warm]:
        scrub.text(text, "en")
    started = time.thread_time()
    for text in texts[num_warm:]:
        scrub.text(text, "en")
    seconds = time.thread_time() - started
    speed = sum(len(text.encode("utf-8", "replace")) for text in texts[num_warm:]) / seconds / 1e6
    print(f"stage scrub, {name}: {speed:.2f} MB/s", flush=True)
    return speed


def changed(kind: str, texts: list[str]) -> dict[str, Any]:
    """How many documents are changed at all, and by which types."""
    scrub = build(Config(), Place("benchmark", kind))
    num = sum(scrub.text(text, "en").text != text for text in texts)
    counts = scrub.counts()
    print(f"{kind}: {num} of {len(texts)} documents changed; {counts}")
    return {"documents": len(texts), "changed": num, "values": counts}


if __name__ == "__main__":
    main()
