"""The shape of a step: manifests -> manifest. Corpus-wide, cached by fingerprint, sealed when done.

A step's folder is <workspace>/steps/<name>-<fingerprint>/. Its function gets an empty draft folder, fills it, and
returns what its manifest should say. If the folder is sealed already, nothing runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation import manifest, storage


@dataclass(frozen=True, slots=True)
class Dataset:
    """A sealed folder. `fresh` tells whether this run made it."""

    name: str
    fingerprint: str
    folder: Path
    manifest: dict[str, Any]
    fresh: bool


def cached(workspace: Path, name: str, identity: Any, make: Callable[[Path], dict[str, Any]]) -> Dataset:
    """The dataset called `name` for `identity` (JSON of everything that decides its content), made if it is not there."""
    fingerprint = manifest.fingerprint(name, identity)
    folder = workspace / "steps" / f"{name}-{fingerprint}"
    if storage.is_sealed(folder):
        return Dataset(name, fingerprint, folder, manifest.read(folder), fresh=False)
    with storage.draft_folder(workspace) as draft:
        payload = make(draft)
        manifest.seal(draft, {"name": name, "fingerprint": fingerprint, "identity": identity, **payload})
        storage.publish(draft, folder)
    return Dataset(name, fingerprint, folder, manifest.read(folder), fresh=True)
