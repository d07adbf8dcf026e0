"""Books, encodings and mojibake: what is left that should go, what is lost that should stay. For `benchmarks/sources.py`."""

from __future__ import annotations

import gzip
import json
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curation.cleaning import Config as CleanConfig
from curation.cleaning import clean_text
from curation.errors import InputError
from curation.source import Dropped, File, Input
from curation.sources import books
from curation.sources.encoding import SUPERSETS, codec_name, decode
from curation.sources.xmltree import declared_charset

LICENCE = re.compile(
    r"project gutenberg|gutenberg-tm|\be-?texts?\b|small print|public domain|trademark|distributed proofread|archive foundation",
    re.IGNORECASE,
)
CLEAN = CleanConfig()


def files_below(folder: Path) -> list[File]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return [File(path.relative_to(folder).as_posix(), path, path.stat().st_size) for path in paths]


def labelled_rows(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted([*folder.rglob("*.jsonl"), *folder.rglob("*.jsonl.gz")]):
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if isinstance(row, dict):
                    yield row


def encodings(labelled: Path) -> dict[str, float]:
    """Files in folders named by their charset: share decoded right, with and without what the files declare."""
    truths = [(file.real.read_bytes(), file.real.parent.name) for file in files_below(labelled / "encoding" / "charsets")]
    known = [(data, text) for data, charset in truths if (text := _truth(data, charset)) is not None]
    figures = {"encoding_files": float(len(known))}
    for mode in ("declared", "undeclared"):
        right = silent = 0
        for data, text in known:
            decoded = decode(data, declared_charset(data) if mode == "declared" else None)
            is_right = _nearly_equal(decoded.text, text)
            right += is_right
            silent += not is_right and not decoded.doubtful
        figures[f"encoding_{mode}_right"] = right / max(1, len(known))
        figures[f"encoding_{mode}_wrong_without_doubt"] = float(silent)
    return figures


def _truth(data: bytes, charset: str) -> str | None:
    for name in (
        charset.replace("ibm", "cp"),
        SUPERSETS.get(charset.replace("_", "-"), ""),
        codec_name(charset.replace("_", "-")) or "",
    ):
        try:
            return data.decode(name).lstrip("\ufeff")
        except (LookupError, UnicodeDecodeError):
            continue
    return None


def _nearly_equal(found: str, text: str) -> bool:
    """Supersets map a few signs elsewhere (CP932's tilde): one character in 500 may differ."""
    return len(found) == len(text) and sum(a != b for a, b in zip(found, text, strict=True)) <= max(1, len(text) // 500)


def mojibake(labelled: Path) -> dict[str, float]:
    """Pairs `text` → `fixed`: share repaired, and sound texts changed. Quotes, ligatures and entities are not compared."""
    from ftfy import TextFixerConfig, fix_text

    config = TextFixerConfig(fix_encoding=False)
    rows = [row for row in labelled_rows(labelled / "encoding") if isinstance(row.get("fixed"), str)]
    repaired = damaged = 0
    for row in rows:
        pair = (clean_text(row["text"], "web", CLEAN), row["fixed"])
        repaired += len({" ".join(fix_text(text, config).split()) for text in pair}) == 1
        damaged += clean_text(row["fixed"], "web", CLEAN).split() != row["fixed"].split()
    return {
        "mojibake_pairs": float(len(rows)),
        "mojibake_repaired": repaired / max(1, len(rows)),
        "mojibake_damaged": float(damaged),
    }


def book_texts(corpus: Path) -> dict[str, str]:
    """Cleaned text of every file below corpus/books that carries a Gutenberg frame, by path."""
    texts = {}
    for file in files_below(corpus / "books"):
        text = _book(file)
        if text is not None:
            texts[file.path] = text
    return texts


def _book(file: File) -> str | None:
    try:
        rows = list(books.read(Input(file.path, (file,)), books.Config()))
    except InputError:
        return None
    return "\n\n".join(clean_text(row.text, "books", CLEAN) for row in rows if not isinstance(row, Dropped)) or None


def book_quality(corpus: Path) -> dict[str, float]:
    """Licence phrases left over all books; share of the HTML edition's words in each other edition of the same number."""
    texts = book_texts(corpus)
    left = sum(len(LICENCE.findall(text)) for text in texts.values())
    editions: dict[str, list[str]] = defaultdict(list)
    for path in texts:
        if number := re.match(r"\d+", path.rpartition("/")[2]):
            editions[number[0]].append(path)
    kept = [
        _words_kept(texts[other], texts[html])
        for paths in editions.values()
        for html in (path for path in paths if ".htm" in path)
        for other in paths
        if other != html
    ]
    return {
        "book_files": float(len(texts)),
        "book_licence_phrases_left": float(left),
        "book_words_kept_min": min(kept, default=0.0),
    }


def _words_kept(text: str, reference: str) -> float:
    ours, theirs = (Counter(re.findall(r"\w+", side.lower())) for side in (text, reference))
    return sum((ours & theirs).values()) / max(1, sum(theirs.values()))


def speed(corpus: Path, repeats: int) -> dict[str, float]:
    """MB/s of books read from disk and of cleaning what was read, medians."""
    files = [file for file in files_below(corpus / "books") if file.path.endswith(".txt")]
    size = sum(file.size for file in files) / 1e6
    texts = [text for file in files if (text := _book(file))]
    read, clean = [], []
    for _ in range(repeats):
        start = time.perf_counter()
        for file in files:
            for _row in books.read(Input(file.path, (file,)), books.Config()):
                pass
        read.append(size / (time.perf_counter() - start))
        start = time.perf_counter()
        num_bytes = sum(len(clean_text(text, "books", CLEAN).encode()) for text in texts)
        clean.append(num_bytes / 1e6 / (time.perf_counter() - start))
    return {"books_mb_per_second": statistics.median(read), "cleaning_mb_per_second": statistics.median(clean)} if files else {}
