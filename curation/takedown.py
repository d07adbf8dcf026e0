"""Taking one document out: takedowns.jsonl of the workspace, append-only, the only mutable state a user has.

Each line: {"id": …, "reason": …}. From the next run on, no release holds a document of that id, its exact copies included.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from curation.errors import CurationError, WorkspaceError

FILE = "takedowns.jsonl"


def take_down(workspace: Path, document: str, why: str = "") -> None:
    """Append one line and flush it to disk. Raises CurationError if `document` is no id."""
    if not re.fullmatch(r"[0-9a-f]{32}", document):
        raise CurationError(
            "not a document id", got=document, expected="32 hex digits", do="`curation explain` shows a document's id."
        )
    with (workspace / FILE).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"id": document, "reason": why}, ensure_ascii=False) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def taken_down(workspace: Path) -> list[str]:
    """Ids in stable order. A line that is not readable is an error: a takedown must not be lost."""
    path = workspace / FILE
    if not path.is_file():
        return []
    found = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                found.add(json.loads(line)["id"])
            except (json.JSONDecodeError, KeyError, TypeError):
                raise WorkspaceError(
                    "not a takedown", where=f"{path}:{number}", expected='{"id": …}', do="Repair the line."
                ) from None
    return sorted(found)
