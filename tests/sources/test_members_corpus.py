"""Every file of the real and the malformed collections is read, or quarantined with a documented reason, in bounded time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from curation.errors import InputError
from curation.source import Dropped, File, Input
from curation.sources import SOURCES

SHARED = Path(__file__).parents[3] / "shared"
FOLDERS = [
    *(("corpus", kind) for kind in ("books", "papers", "web")),
    *(("labelled/malformed", kind) for kind in ("books", "papers", "web")),
    *(("labelled/encoding", kind) for kind in ("books", "papers", "web")),
]
MAX_SECONDS = 60.0

pytestmark = pytest.mark.slow


def _files(folder: Path) -> list[File]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [File(path.relative_to(folder).as_posix(), path, path.stat().st_size) for path in paths]


@pytest.mark.parametrize(("folder", "kind"), FOLDERS)
def test_source_every_file_is_read_or_dropped_with_a_known_reason(folder: str, kind: str) -> None:
    root = SHARED / folder / (kind if folder == "corpus" else "")
    if not root.is_dir():
        pytest.skip("no corpus beside the repository")
    source = SOURCES[kind]
    config = source.Config()
    inputs = source.list_inputs(_files(root), config)
    assert sorted(file.path for item in inputs for file in item.files) == [file.path for file in _files(root)]
    for item in inputs:
        started = time.monotonic()
        rows = _rows(item, source, config)
        assert rows, item.key
        assert time.monotonic() - started < MAX_SECONDS, item.key
        unknown = {row for row in rows if row not in source.REASONS and row != "read"}
        assert not unknown, (item.key, unknown)


def _rows(item: Input, source: object, config: object) -> list[str]:
    rows: list[str] = []
    try:
        for found in source.read(item, config):  # type: ignore[attr-defined]
            rows.append(found.reason if isinstance(found, Dropped) else "read")
            assert found.origin.startswith(tuple(file.path for file in item.files))
    except InputError as error:
        rows.append(error.reason)
    return rows
