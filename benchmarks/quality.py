"""Quality scores against datatrove's Gopher, C4 and FineWeb filters: speed, agreement, and what our rules drop.

Documents come from our own readers over the corpus (one kind a folder), every Nth by hash up to --megabytes of text.
Both sides judge every document by all four published rule sets, with English settings; documents in languages written
without spaces are left out of the agreement, because there datatrove needs a word segmenter that is not installed.
Last line: ratio R (ours / datatrove's filters, MB/s on one core).
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa

from benchmarks.options import parser
from curation.cleaning import Config as CleaningConfig
from curation.cleaning import build as build_cleaning
from curation.document import Record, to_batches
from curation.errors import InputError
from curation.filters import language, quality
from curation.filters.quality.rules import UNSPACED
from curation.filters.quality.statistics import statistics
from curation.source import File
from curation.sources import SOURCES
from curation.stage import Place

PUBLISHED = ("gopher_quality", "gopher_repetition", "c4", "fineweb")


def main() -> None:
    made = parser("quality", __doc__)
    made.add_argument("--megabytes", type=float, help="of text to race on (default: 4, 1 with --quick)")
    made.add_argument("--dropped", action="store_true", help="list origins and reasons of what our default rules drop")
    options = made.parse_args()
    size = (options.megabytes or (1 if options.quick else 4)) * 1e6
    kinds = [kind for kind in SOURCES if (options.corpus / kind).is_dir()]
    if not kinds:
        raise SystemExit(f"no folder named after a kind in {options.corpus}")
    raced: list[tuple[str, str]] = []
    for kind in kinds:
        batches = [recognized(batch, kind) for batch in cleaned(options.corpus / kind, kind)]
        print(funnel(batches, kind, options.dropped))
        rows = [(text, lang) for batch in batches for text, lang in zip(*texts_and_languages(batch), strict=True)]
        raced += sample([row for row in rows if row[1] not in UNSPACED and row[0].strip()], size / len(kinds))
    figures = race(raced)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


def cleaned(folder: Path, kind: str) -> Iterator[pa.RecordBatch]:
    source, clean = SOURCES[kind], build_cleaning(CleaningConfig(), Place(kind, kind))
    for batch in to_batches(records(folder, source)):
        yield clean(batch).kept


def records(folder: Path, source: ModuleType) -> Iterator[tuple[str, Record]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = [File(path.relative_to(folder).as_posix(), path, path.stat().st_size) for path in paths]
    config = source.Config()
    for item in source.list_inputs(files, config):
        try:
            yield from ((item.key, found) for found in source.read(item, config) if isinstance(found, Record))
        except InputError as error:
            print(f"  {item.key}: {error.reason}")


def recognized(batch: pa.RecordBatch, kind: str) -> pa.RecordBatch:
    return language.build(language.Config(), Place(kind, kind))(batch).kept


def texts_and_languages(batch: pa.RecordBatch) -> tuple[list[str], list[str]]:
    return batch.column("text").to_pylist(), batch.column("lang").to_pylist()


def funnel(batches: list[pa.RecordBatch], kind: str, with_origins: bool) -> str:
    """What our default rule sets keep of a kind, by reason."""
    reasons: Counter[str | None] = Counter()
    lines = []
    place, config = Place(kind, kind), quality.Config()
    for batch in batches:
        scored = quality.build(config, place)(batch).kept
        found = quality.judge(scored, config, place).reason.to_pylist()
        reasons.update(found)
        if with_origins:
            origins = scored.column("origin").to_pylist()
            lines += [f"    {reason} {origin}" for reason, origin in zip(found, origins, strict=True) if reason]
    dropped = ", ".join(f"{name} {count}" for name, count in reasons.most_common() if name)
    return "\n".join([f"{kind}: {reasons[None]} of {sum(reasons.values())} kept; dropped: {dropped or 'none'}", *lines])


def sample(rows: list[tuple[str, str]], size: float) -> list[tuple[str, str]]:
    """Rows in order of the hash of their text, up to `size` bytes; texts over 200,000 characters are cut."""
    ordered = sorted(rows, key=lambda row: hashlib.blake2b(row[0].encode()).digest())
    found = []
    for text, lang in ordered:
        if size <= 0:
            break
        found.append((text[:200_000], lang))
        size -= len(found[-1][0].encode())
    return found


def race(rows: list[tuple[str, str]]) -> dict[str, Any]:
    """Prints speeds and agreement; the last line is the ratio."""
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
    from datatrove.pipeline.filters.base_filter import get_filter_result

    texts = [text for text, _ in rows]
    size = sum(len(text.encode()) for text in texts) / 1e6
    statistics(texts[:8], ["en"] * 8)
    filters = dict(
        zip(PUBLISHED, (GopherQualityFilter(), GopherRepetitionFilter(), C4QualityFilter(), FineWebQualityFilter()), strict=True)
    )
    ours_seconds = theirs_seconds = 0.0
    same: Counter[str] = Counter()
    differing: Counter[str] = Counter()
    # In alternating groups: both sides meet the same neighbours on the machine.
    for start in range(0, len(texts), 256):
        group = texts[start : start + 256]
        begin = time.process_time()
        scores = statistics(group, ["en"] * len(group)).append_column("lang", pa.array(["en"] * len(group)))
        ours = {
            name: quality.judge(scores, quality.Config(web=(name,)), Place("s", "web")).reason.to_pylist() for name in PUBLISHED
        }
        ours_seconds += time.process_time() - begin
        begin = time.process_time()
        theirs = {
            name: [get_filter_result(judge.filter(Document(text=text, id="0"))) for text in group]
            for name, judge in filters.items()
        }
        theirs_seconds += time.process_time() - begin
        for name in PUBLISHED:
            for mine, (is_kept, reason) in zip(ours[name], theirs[name], strict=True):
                expected = None if is_kept else re.sub(r"\W+", "_", reason or "")
                same[name] += (mine is None) == is_kept
                if (mine is None) != is_kept:
                    differing[f"{name}: {mine or 'kept'} (datatrove: {expected or 'kept'})"] += 1
    for name in PUBLISHED:
        print(f"{name}: the same decision on {same[name] / len(texts):.4%} of {len(texts)} documents, with our own word split")
    for what, count in differing.most_common(20):
        print(f"  {count} × {what}")
    print(f"ours {size / ours_seconds:.2f} MB/s, datatrove {size / theirs_seconds:.3f} MB/s on {size:.1f} MB")
    ratio = theirs_seconds / ours_seconds
    print(f"ratio {ratio:.1f} (ours / datatrove's filters, MB/s on one core)")
    return {"ratio": ratio, "ours_mb_per_second": size / ours_seconds, **{name: same[name] / len(texts) for name in PUBLISHED}}


if __name__ == "__main__":
    main()
