"""The passage of a dump that a document was made from, read again: what cleaning and scrubbing changed, for `explain`.

In: a workspace and a document's id. Out: the text as the dump has it, which may hold personal data: for the terminal of
whoever owns the dump, never for a file. The segment's manifest knows the reader's settings, `inputs.json` the files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from curation import manifest, storage
from curation.document import Record, split_turns
from curation.errors import InputError
from curation.plan import known_input
from curation.segment import scan
from curation.sources import SOURCES


def before_and_after(workspace: Path, document: str) -> tuple[str, str] | None:
    """(text in the dump, text as it is stored); None where the dump no longer has it."""
    found = stored(workspace, document)
    if not found:
        return None
    folder, row = found
    try:
        records = list(_records(workspace, manifest.read(folder)["identity"], row["input"]))
    except (KeyError, FileNotFoundError):
        return None  # not among the inputs of the last plan, or taken away since
    record = next((record for record in records if record.origin == row["origin"]), None) or _closest(records, row["text"])
    return (split_turns(record.text)[0], row["text"]) if record else None


def stored(workspace: Path, document: str) -> tuple[Path, dict[str, Any]] | None:
    """(segment's folder, id, origin, input and scrubbed text) of a document."""
    for folder in sorted((workspace / "segments").iterdir()):
        if storage.is_sealed(folder):
            for batch in scan(folder / "documents-00000.parquet", ["id", "origin", "input", "text"], rows=1024):
                index = pc.index(batch["id"], document).as_py()
                if index >= 0:
                    return folder, batch.slice(index, 1).to_pylist()[0]
    return None


def _records(workspace: Path, identity: dict[str, Any], key: str) -> Iterator[Record]:
    reader = SOURCES[identity["kind"]]
    item = known_input(workspace, identity["source"], key, identity["unit"]["part"])
    try:
        for event in reader.read(item, reader.Config.model_validate(identity["reader"][1])):
            if isinstance(event, Record):
                yield event
    except InputError:
        return  # what stood before the damage has been read


def _closest(records: list[Record], text: str) -> Record | None:
    """Where scrubbing changed the origin: the record that shares most words with the text."""
    words = set(text.split())
    return max(records, key=lambda record: len(words.intersection(record.text.split())), default=None)
