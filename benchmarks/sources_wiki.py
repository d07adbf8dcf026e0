"""Wikitext beside mwparserfromhell: quality and speed. `benchmarks/sources.py` prints what this returns.

Share of labelled rows read equal after white-space normalisation, and MB/s over real pages, ours and mwparserfromhell's
strip_code (as NeMo Curator and Data-Juicer call it), alternating in one process.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from curation.errors import InputError
from curation.source import File, Input
from curation.sources.members import Member, members
from curation.sources.wiki_export import Pages, as_utf8, is_export
from curation.sources.wikitext import plain_text

STRAY = re.compile(r"\[\[|\]\]|\{\{|\}\}|\{\||\|\}|^=+[^=\n]+=+$|</?ref\b", re.MULTILINE)


def labelled_rows(folder: Path) -> list[dict[str, Any]]:
    """Every row with `wikitext` and `text` of every *.jsonl and *.jsonl.gz in the folder."""
    rows: list[dict[str, Any]] = []
    for path in sorted([*folder.rglob("*.jsonl"), *folder.rglob("*.jsonl.gz")]):
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if isinstance(row, dict) and isinstance(row.get("wikitext"), str) and isinstance(row.get("text"), str):
                    rows.append({**row, "file": path.name})
    return rows


def equal_share(clean: Callable[[str], str], rows: Iterable[dict[str, Any]]) -> float:
    """Share of rows whose cleaned wikitext equals `text`, white space normalised."""
    verdicts = [_normal(_quietly(clean, row["wikitext"])) == _normal(row["text"]) for row in rows]
    return sum(verdicts) / max(1, len(verdicts))


def _normal(text: str) -> str:
    return " ".join(text.split())


def _quietly(clean: Callable[[str], str], wikitext: str) -> str:
    try:
        return clean(wikitext)
    except (ValueError, RecursionError, IndexError, KeyError):  # a peer that fails has not read the row
        return "\0"


def stray_markup(texts: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        for found in STRAY.findall(text):
            counts[found[:12]] = counts.get(found[:12], 0) + 1
    return counts


def strip_code(wikitext: str) -> str:
    import mwparserfromhell

    return str(mwparserfromhell.parse(wikitext).strip_code())


def wiki_quality(labelled: Path) -> dict[str, float]:
    """Shares equal, ours and the peer's: core parser tests, all rows, rows whose wikitext holds a template but no core mark."""
    rows = labelled_rows(labelled / "wikitext")
    groups = {
        "core": [row for row in rows if row.get("core")],
        "all": rows,
        "templates": [row for row in rows if "core" not in row and row["file"].startswith("wtf")]
        or [row for row in rows if "core" not in row],
    }
    found = {}
    for name, group in groups.items():
        found[f"wiki_{name}"] = equal_share(plain_text, group)
        found[f"wiki_{name}_mwparserfromhell"] = equal_share(strip_code, group)
    return found


def wiki_pages(corpus: Path, limit_bytes: int = 4_000_000) -> list[str]:
    """Wikitext of a sample of pages, chosen by their title, from every export below corpus/wiki."""
    pages: list[tuple[int, str]] = []
    for file in files_of(corpus / "wiki"):
        for member in members_of(file):
            if is_export(member.head):
                try:
                    for page in Pages(as_utf8(member.open(), member.head)):
                        if page.text and page.namespace in (0, None) and not page.is_redirect:
                            pages.append((_rank(page.title), page.text))
                except InputError:
                    continue
    pages.sort()
    chosen, size = [], 0
    for _, text in pages:
        if size >= limit_bytes:
            break
        chosen.append(text)
        size += len(text.encode())
    return chosen


def _rank(title: str) -> int:
    import hashlib

    return int.from_bytes(hashlib.blake2b(title.encode("utf-8", "replace"), digest_size=8).digest())


def wiki_speed(corpus: Path, repeats: int = 3, limit_bytes: int = 4_000_000) -> dict[str, float]:
    """MB/s of wikitext on one core, medians of alternating runs."""
    pages = wiki_pages(corpus, limit_bytes)
    size = sum(len(page.encode()) for page in pages) / 1e6
    ours, theirs, cleaned = [], [], [""]
    for _ in range(repeats):
        cleaned, seconds = timed(lambda: [plain_text(page) for page in pages])
        ours.append(size / seconds)
        theirs.append(size / timed(lambda: [strip_code(page) for page in pages])[1])
    num_stray = sum(stray_markup(cleaned).values())
    return {
        "wiki_mb": size,
        "wiki_mb_per_second": statistics.median(ours),
        "wiki_mb_per_second_mwparserfromhell": statistics.median(theirs),
        "wiki_speed_ratio": statistics.median(ours) / statistics.median(theirs),
        "wiki_stray_markup_per_mb": num_stray / max(1e-9, sum(len(text.encode()) for text in cleaned) / 1e6),
    }


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Its result, and seconds of processor: the wall clock would count who else is at work."""
    start = time.process_time()
    result = work()
    return result, max(1e-9, time.process_time() - start)


def files_of(folder: Path) -> list[File]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return [File(path.relative_to(folder).as_posix(), path, path.stat().st_size) for path in paths]


def members_of(file: File) -> list[Member]:
    try:
        return [member for member in members(Input(file.path, (file,))) if isinstance(member, Member)]
    except InputError:
        return []
