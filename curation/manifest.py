"""The seal of a dataset: manifest.json, written last, naming every file with its size and hash."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from curation.errors import ContractError, WorkspaceError
from curation.storage import MANIFEST, is_sealed, read_json, write_json

SCHEMA_VERSION = 1


def fingerprint(*parts: Any) -> str:
    """32 hex digits of a canonical JSON of `parts`: equal parts, equal name, in any process."""
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()


def file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def describe(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "sha256": file_sha256(path)}


def seal(folder: Path, payload: dict[str, Any]) -> dict[str, Any]:
    """Write the manifest over all files below `folder`, a draft. Returns it."""
    files = {str(path.relative_to(folder)): describe(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    manifest = {"schema_version": SCHEMA_VERSION, "files": files, **payload}
    write_json(folder / MANIFEST, manifest, in_draft=True)
    return manifest


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a sealed folder. Raises WorkspaceError where there is none, or one of another schema version."""
    if not is_sealed(folder):
        raise WorkspaceError("no sealed dataset", where=str(folder), expected=f"a folder with {MANIFEST}")
    manifest: dict[str, Any] = read_json(folder / MANIFEST)
    if manifest.get("schema_version") != SCHEMA_VERSION:
        raise WorkspaceError(
            "dataset of another schema version",
            where=str(folder / MANIFEST),
            got=str(manifest.get("schema_version")),
            expected=str(SCHEMA_VERSION),
            do="Delete the workspace, or read it with the version that wrote it.",
        )
    return manifest


def check(folder: Path) -> None:
    """Re-hash every file of a sealed folder; ContractError names the first that differs."""
    for name, expected in read(folder)["files"].items():
        path = folder / name
        if not path.is_file():
            raise ContractError("file is missing", where=str(path), do="Delete the folder and run again.")
        found = describe(path)
        if found != expected:
            raise ContractError("file has changed", where=str(path), got=found["sha256"], expected=expected["sha256"])
