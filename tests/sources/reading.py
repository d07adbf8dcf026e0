"""Helpers of the reader tests: files in a folder, read by a source."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

from curation.document import ROLE_END, TURN
from curation.errors import InputError
from curation.source import Dropped, File, Record


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def files_of(folder: Path) -> list[File]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [File(path.relative_to(folder).as_posix(), path, path.stat().st_size) for path in paths]


def read_all(source: ModuleType, folder: Path, **settings: object) -> tuple[list[Record], list[Dropped]]:
    """All records and drops; an InputError counts as a drop of its input."""
    config = source.Config(**settings)
    records: list[Record] = []
    drops: list[Dropped] = []
    for item in source.list_inputs(files_of(folder), config):
        try:
            for event in source.read(item, config):
                (records if isinstance(event, Record) else drops).append(event)  # type: ignore[arg-type]
        except InputError as error:
            drops.append(Dropped(item.key, error.reason))
    return records, drops


def num_messages(records: list[Record], drops: list[Dropped]) -> int:
    """Messages accounted for: `origin` of a conversation ends in +N, of a dropped message in its place."""
    more = [re.search(r"\+(\d+)$", record.origin) for record in records]
    return sum(1 + (int(found[1]) if found else 0) for found in more) + sum("#" in drop.origin for drop in drops)


def turns(record: Record) -> list[tuple[str, str]]:
    parts = [part.partition(ROLE_END) for part in record.text.split(TURN)[1:]]
    return [(role, content) for role, _, content in parts]
