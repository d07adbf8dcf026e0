"""The only place that renames and links. A folder without a manifest does not exist for any reader.

A dataset is drafted in <workspace>/tmp/<attempt>/, filled, sealed by its manifest (written last), and renamed to
its final name in one step. A process killed at any moment leaves only drafts; the next run clears them.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from curation.errors import TransientError, WorkspaceError

MANIFEST = "manifest.json"
TEMPORARY = "tmp"
SYNCS_AT_ONCE = 8


def write_atomically(path: Path, data: bytes, *, in_draft: bool = False) -> None:
    """Write a small file so that a reader sees the old or the new content, also after a power cut.

    `in_draft`: it lies below TEMPORARY, where nothing outlives a power cut; `publish` sees to what leaves it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with draft.open("wb") as stream:
            stream.write(data)
            if not in_draft:
                stream.flush()
                os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    if not in_draft:
        _sync(path.parent)


def write_json(path: Path, value: Any, *, in_draft: bool = False) -> None:
    data = (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
    write_atomically(path, data, in_draft=in_draft)


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except json.JSONDecodeError as error:
        raise WorkspaceError("not readable as JSON", where=str(path), got=str(error), do="Delete it and run again.") from None


def is_sealed(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


@contextmanager
def draft_folder(workspace: Path) -> Iterator[Path]:
    """A fresh temporary folder on the workspace's own file system; gone at the end unless `publish` moved it."""
    folder = workspace / TEMPORARY / uuid.uuid4().hex
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(draft: Path, final: Path) -> None:
    """Move a sealed draft to its final name. If a sealed folder stands there already, that one stays."""
    if not is_sealed(draft):
        raise WorkspaceError("a draft without a manifest cannot be published", where=str(draft))
    with ThreadPoolExecutor(SYNCS_AT_ONCE) as pool:  # a disk takes several in little more time than one
        list(pool.map(_sync, [path for path in draft.rglob("*") if path.is_file()]))
    final.parent.mkdir(parents=True, exist_ok=True)
    if final.exists():
        if is_sealed(final):
            return
        shutil.rmtree(final)
    try:
        draft.rename(final)
    except OSError:
        if not is_sealed(final):  # another process may have published the same fingerprint meanwhile
            raise
    _sync(final.parent)


def keep_once(draft: Path, final: Path) -> None:
    """Move a file whose name is its hash to its place; an equal one that stands there stays."""
    final.parent.mkdir(parents=True, exist_ok=True)
    if final.exists():
        draft.unlink()
        return
    _sync(draft)
    draft.replace(final)


def link(existing: Path, name: Path) -> None:
    """A hard link, or a copy where the file system has none."""
    name.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(existing, name)
    except OSError:
        shutil.copyfile(existing, name)


def clear_drafts(workspace: Path) -> None:
    """Remove what a killed run left behind. Only under the workspace's lock."""
    shutil.rmtree(workspace / TEMPORARY, ignore_errors=True)


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


# A forked child shares the lock's open file: it would hold the lock when the run that forked it is killed.
_locks: set[int] = set()


def _release_in_child() -> None:
    for descriptor in _locks:
        os.close(descriptor)
    _locks.clear()


os.register_at_fork(after_in_child=_release_in_child)


@contextmanager
def lock(workspace: Path) -> Iterator[None]:
    """One run at a time; the kernel releases the lock when the process dies, however it dies."""
    workspace.mkdir(parents=True, exist_ok=True)
    with (workspace / ".lock").open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise TransientError(
                "another run is at work in this workspace", where=str(workspace), do="Wait until it ends, then run again."
            ) from None
        _locks.add(stream.fileno())
        try:
            yield
        finally:
            _locks.discard(stream.fileno())


def _sync(path: Path) -> None:
    """Of a file its bytes, of a folder its names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
