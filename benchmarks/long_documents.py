"""Speed of a filter on the long documents of a corpus, as the stages meet them, and its verdicts beside those on the whole text.

In: --corpus laid out by kind, read and cleaned by our own readers; documents over LONG_BYTES whose language the filter judges.
Used by benchmarks/language.py and benchmarks/toxicity.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from benchmarks.quality import cleaned, recognized, texts_and_languages
from curation.sources import SOURCES

LONG_BYTES = 4_096

Rows = list[tuple[str, str]]  # (text, language)
Verdicts = Callable[[str, Rows], list[object]]  # of a kind's documents


def by_kind(corpus: Path, languages: Collection[str] | None) -> Iterator[tuple[str, Rows]]:
    for kind in SOURCES:
        if (corpus / kind).is_dir() and kind != "code":  # its language is named by the reader, and no model of ours knows it
            batches = (recognized(batch, kind) for batch in cleaned(corpus / kind, kind))
            rows = [(text, lang) for batch in batches for text, lang in zip(*texts_and_languages(batch), strict=True)]
            long = [(text, lang) for text, lang in rows if len(text.encode()) > LONG_BYTES]
            yield kind, [row for row in long if languages is None or row[1] in languages]


def race(corpus: Path, languages: Collection[str] | None, sampled: Verdicts, whole: Verdicts) -> None:
    """Prints a line a kind and one of all."""
    total = seconds = 0.0
    same = number = 0
    for kind, rows in by_kind(corpus, languages):
        if not rows:
            continue
        begin = time.process_time()
        found = sampled(kind, rows)
        spent = time.process_time() - begin
        size = sum(len(text.encode()) for text, _ in rows) / 1e6
        agreed = sum(one == other for one, other in zip(found, whole(kind, rows), strict=True))
        print(f"{kind}: {len(rows)} documents of {1e3 * size / len(rows):.1f} KB: {size / spent:.1f} MB/s; "
              f"same verdict as on the whole text {agreed / len(rows):.4f}", flush=True)  # fmt: skip
        total, seconds, same, number = total + size, seconds + spent, same + agreed, number + len(rows)
    if number:
        speed = f"{total / seconds:.1f} MB/s"
        print(f"documents over {LONG_BYTES} bytes of the corpus: {speed}, same verdict {same / number:.4f} of {number}")
