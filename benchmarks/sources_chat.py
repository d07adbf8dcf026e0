"""Chat dumps: messages in = messages out + dropped by reason, dump by dump. `benchmarks/sources.py` prints what this returns.

In: a folder of chat dumps. Messages in are counted by the simplest means for the format (entries of a list, "From " lines,
blocks of a log), never by our readers; where a dump has no such count (trees, sets of conversations) messages out and
dropped are given alone. Out: figures by name.
"""

from __future__ import annotations

import gzip
import json
import re
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

from curation.source import Dropped, File, Record
from curation.sources import chat

_BLOCK = re.compile(rb"^\d{10}\n[^\n]+\n", re.MULTILINE)
_FROM = re.compile(rb"^From \S+ at \S+ .*\d{4}$", re.MULTILINE)
_MORE = re.compile(r"\+(\d+)$")


def plain_count(path: Path) -> int | None:
    """Messages of a file by the simplest means for its format; None where a record is no message."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            days = [name for name in archive.namelist() if re.search(r"\d{4}-\d\d-\d\d\.json$", name)]
            return sum(len(json.loads(archive.read(name))) for name in days)
    if tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            streams = [archive.extractfile(entry) for entry in archive if entry.isfile()]
            return sum(len(_BLOCK.findall(stream.read())) for stream in streams if stream)
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if data.startswith(b"From "):
        return len(_FROM.findall(data))
    if path.suffix == ".txt":
        return len(_BLOCK.findall(data)) or None
    try:
        value = json.loads(data)
    except ValueError:
        return None
    is_flat = isinstance(value, list) and all(isinstance(each, dict) and "text" in each for each in value)
    return len(value) if is_flat else None


def num_messages(events: list[Record | Dropped]) -> tuple[int, Counter[str]]:
    """(messages in documents, dropped by reason): a conversation's origin ends in +N, a dropped message's in its place."""
    kept, dropped = 0, Counter[str]()
    for event in events:
        if isinstance(event, Record):
            more = _MORE.search(event.origin)
            kept += 1 + (int(more[1]) if more else 0)
        elif "#" in event.origin:
            dropped[event.reason] += 1
    return kept, dropped


def conservation(folder: Path) -> dict[str, float]:
    figures: Counter[str] = Counter()
    config = chat.Config()
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = [File(path.relative_to(folder).as_posix(), path, path.stat().st_size) for path in paths]
    for item in chat.list_inputs(files, config):
        kept, dropped = num_messages(list(chat.read(item, config)))
        counts = [plain_count(file.real) for file in item.files]
        figures["chat_messages_out"] += kept
        figures.update({f"chat_dropped_{reason}": count for reason, count in dropped.items()})
        if all(count is not None for count in counts):
            expected = sum(count or 0 for count in counts)
            figures["chat_dumps_counted"] += 1
            figures["chat_messages_in_counted_dumps"] += expected
            figures["chat_messages_lost"] += abs(expected - kept - dropped.total())
    return {name: float(figures[name]) for name in ("chat_messages_lost", *sorted(figures))}
