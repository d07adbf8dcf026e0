"""Drafts become datasets in one step; what a killed process leaves is invisible and cleared."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation import manifest, storage
from curation.errors import ContractError, TransientError, WorkspaceError
from curation.step import cached


def test_cached_step_runs_once_for_equal_identity(tmp_path: Path) -> None:
    calls: list[Path] = []

    def make(out: Path) -> dict[str, int]:
        calls.append(out)
        (out / "a").write_text("x")
        return {"count": 1}

    first = cached(tmp_path, "s", {"k": [1]}, make)
    again = cached(tmp_path, "s", {"k": [1]}, make)
    other = cached(tmp_path, "s", {"k": [2]}, make)
    assert (first.fresh, again.fresh, other.fresh, len(calls)) == (True, False, True, 2)
    assert again.manifest["count"] == 1


def test_cached_step_that_fails_leaves_no_dataset(tmp_path: Path) -> None:
    def fail(out: Path) -> dict[str, int]:
        (out / "half").write_text("x")
        raise ValueError

    with pytest.raises(ValueError):
        cached(tmp_path, "s", 1, fail)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_folder_without_manifest_does_not_exist_for_readers(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    with pytest.raises(WorkspaceError):
        manifest.read(tmp_path / "d")


def test_publish_replaces_a_damaged_folder_and_keeps_a_sealed_one(tmp_path: Path) -> None:
    final = tmp_path / "final"
    final.mkdir()
    (final / "rest").write_text("half-written")
    for text in ("first", "second"):
        with storage.draft_folder(tmp_path) as draft:
            (draft / "a").write_text(text)
            manifest.seal(draft, {})
            storage.publish(draft, final)
    assert sorted(path.name for path in final.iterdir()) == ["a", "manifest.json"]
    assert (final / "a").read_text() == "first"


def test_check_names_a_file_that_changed(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    manifest.seal(tmp_path, {})
    (tmp_path / "a").write_text("y")
    with pytest.raises(ContractError, match="file has changed"):
        manifest.check(tmp_path)


def test_second_run_in_one_workspace_is_told_to_wait(tmp_path: Path) -> None:
    with storage.lock(tmp_path), pytest.raises(TransientError, match="another run"), storage.lock(tmp_path):
        pass
