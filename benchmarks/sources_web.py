"""Web pages: F1 of the main text and speed, ours beside trafilatura alone. Printed by `benchmarks/sources.py`.

F1 over 4-gram shingles of words, precision and recall averaged over pages, as the scrapinghub benchmark has it.
"""

from __future__ import annotations

import gzip
import json
import logging
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.sources_text import labelled_rows
from curation.errors import InputError
from curation.sources.web.pages import main_text
from curation.sources.xmltree import decode_markup

Page = tuple[bytes, str]


def pages(labelled: Path) -> dict[str, list[Page]]:
    """(HTML, expected text) by set: rows with `html` and `text`, and folders with a ground-truth.json beside html/."""
    folder = labelled / "web_extraction"
    sets: dict[str, list[Page]] = {}
    rows = [
        (row["html"].encode("utf-8", "replace"), row["text"])
        for row in labelled_rows(folder)
        if row.get("html") and row.get("text")
    ]
    if rows:
        sets["rows"] = rows
    for truth in sorted(folder.rglob("ground-truth.json*")):
        bodies = json.loads(_content(truth))
        found = {path.name.partition(".")[0]: path for path in sorted(truth.parent.rglob("*.html*"))}
        sets[truth.parent.name] = [(_content(found[name]), body["articleBody"]) for name, body in bodies.items() if name in found]
    return sets


def _content(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def ours(html: bytes) -> str:
    try:
        return main_text(decode_markup(html).text)
    except InputError:
        return ""


def alone(html: bytes) -> str:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return trafilatura.extract(html, include_comments=False) or ""


def quality(labelled: Path, limit: int | None = None) -> dict[str, float]:
    figures = {}
    for name, found in pages(labelled).items():
        figures[f"web_{name}_pages"] = float(len(found[:limit]))
        figures[f"web_{name}_f1"] = f1(ours, found[:limit])
        figures[f"web_{name}_f1_trafilatura"] = f1(alone, found[:limit])
    return figures


def f1(extract: Callable[[bytes], str], found: list[Page]) -> float:
    precisions, recalls = [], []
    for html, expected in found:
        got, wanted = shingles(extract(html)), shingles(expected)
        common = sum((got & wanted).values())
        precisions.append(common / max(1, sum(got.values())) if got else float(not wanted))
        recalls.append(common / max(1, sum(wanted.values())) if wanted else 1.0)
    precision, recall = statistics.mean(precisions), statistics.mean(recalls)
    return 2 * precision * recall / max(1e-9, precision + recall)


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    if len(words) < size:
        return Counter([tuple(words)] if words else [])
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def speed(labelled: Path, repeats: int, limit: int) -> dict[str, float]:
    """MB/s of HTML in processor time, alternating runs over the same pages."""
    sample = [html for found in pages(labelled).values() for html, _ in found][:limit]
    size = sum(map(len, sample)) / 1e6
    rates: dict[str, list[float]] = {"ours": [], "alone": []}
    for _ in range(repeats):
        for name, extract in (("ours", ours), ("alone", alone)):
            start = time.process_time()
            for html in sample:
                extract(html)
            rates[name].append(size / (time.process_time() - start))
    if not sample:
        return {}
    return {f"web_mb_per_second_{name}": statistics.median(values) for name, values in rates.items()}
