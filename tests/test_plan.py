"""Which files a source matches, and how they fall into units that a new file does not disturb."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from curation.errors import RecipeError
from curation.plan import plan
from curation.recipe import Recipe


def recipe(folder: Path, *paths: str) -> Recipe:
    return Recipe.model_validate(
        {
            "run": {"name": "t", "workspace": "ws"},
            "sources": [{"name": "s", "kind": "books", "paths": list(paths)}],
            "folder": folder,
        }
    )


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name, encoding="utf-8")


def contents(folder: Path, *paths: str) -> set[tuple[str, str]]:
    return {pair for unit in plan(recipe(folder, *paths)).units for pair in unit.inputs}


def test_plan_of_a_folder_a_glob_and_a_file_reads_the_same_files(tmp_path: Path) -> None:
    write(tmp_path, "d/a.txt", "d/e/b.txt", "d/.hidden/c.txt")
    assert plan(recipe(tmp_path, "d")).num_files == 3
    assert plan(recipe(tmp_path, "d/**/*")).num_files == 3
    assert plan(recipe(tmp_path, "d/a.txt", "d/e")).num_files == 2


def test_plan_that_matches_no_file_is_an_error_naming_the_source(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="source `s` matches no file"):
        plan(recipe(tmp_path, "nothing/**"))


def test_adding_a_file_changes_one_bucket_only(tmp_path: Path) -> None:
    write(tmp_path, *(f"d/{number}.txt" for number in range(40)))
    before = {unit.name: unit for unit in plan(recipe(tmp_path, "d")).units}
    write(tmp_path, "d/new.txt")
    after = {unit.name: unit for unit in plan(recipe(tmp_path, "d")).units}
    assert len([name for name in after if before.get(name) != after[name]]) == 1


def test_moving_the_whole_folder_changes_no_input(tmp_path: Path) -> None:
    write(tmp_path, "one/d/a.txt", "one/d/b.txt", "two/d/b.txt", "two/d/a.txt")
    assert contents(tmp_path / "one", "d") == contents(tmp_path / "two", "d")


def test_sample_takes_at_least_one_input_and_the_same_ones_again(tmp_path: Path) -> None:
    write(tmp_path, *(f"d/{number}.txt" for number in range(200)))
    chosen = plan(recipe(tmp_path, "d"), sample=0.01)
    assert chosen.num_files == 2
    assert plan(recipe(tmp_path, "d"), sample=0.01) == chosen


def test_unchanged_file_is_not_hashed_again(tmp_path: Path) -> None:
    write(tmp_path, "d/a.txt")
    first = plan(recipe(tmp_path, "d"))
    path = tmp_path / "d/a.txt"
    stamp = path.stat()
    path.chmod(0o000)  # whoever reads it now fails, unless it is root: then the equality below is what is tested
    try:
        assert plan(recipe(tmp_path, "d")) == first
    finally:
        path.chmod(stamp.st_mode)


def test_packed_file_is_cut_by_what_it_holds_and_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("curation.plan.MIN_PACKED_BYTES", 100)
    monkeypatch.setattr("curation.sources.splitting.PART_BYTES", 1 << 16)
    (tmp_path / "d").mkdir()
    packed = tmp_path / "d" / "book.txt.xz"
    packed.write_bytes(lzma.compress("".join(f"Line {number} of a long book.\n" for number in range(20_000)).encode()))
    first = plan(recipe(tmp_path, "d")).units
    assert len(first) > 4
    assert [unit.part.start for unit in first if unit.part] == [number << 16 for number in range(len(first))]

    def never(file: object, config: object) -> None:
        raise AssertionError("a file that did not change was looked into again")

    monkeypatch.setattr("curation.sources.books.splittable", never)
    assert plan(recipe(tmp_path, "d")).units == first
    packed.write_bytes(lzma.compress(b"A short one.\n" * 400))
    with pytest.raises(AssertionError, match="looked into again"):
        plan(recipe(tmp_path, "d"))
