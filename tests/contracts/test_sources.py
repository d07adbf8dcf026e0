"""What every source promises, shown on the bundled sample: every file accounted for, pure, traceable, known reasons."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from curation.document import Record
from curation.errors import InputError
from curation.source import READ_REASONS, Dropped, File, Input
from curation.sources import SOURCES

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "dumps"


def files_of(folder: Path) -> list[File]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [File(path.relative_to(folder).as_posix(), path, path.stat().st_size) for path in found]


def inputs_of(kind: str, folder: Path | None = None) -> list[Input]:
    source = SOURCES[kind]
    return list(source.list_inputs(files_of(folder or SAMPLE / kind), source.Config()))


def events(kind: str, item: Input) -> list[Record | Dropped | str]:
    """Everything that reading gives; the reason of an InputError comes last, as a string."""
    source = SOURCES[kind]
    found: list[Record | Dropped | str] = []
    try:
        for event in source.read(item, source.Config()):
            found.append(event)
    except InputError as error:
        found.append(error.reason)
    return found


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_source_is_called_as_its_kind_and_groups_every_file_exactly_once(kind: str) -> None:
    listed = [file.path for item in inputs_of(kind) for file in item.files]
    assert kind == SOURCES[kind].KIND
    assert sorted(listed) == [file.path for file in files_of(SAMPLE / kind)]


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_source_lists_inputs_in_the_same_order_whatever_order_files_come_in(kind: str) -> None:
    source, files = SOURCES[kind], files_of(SAMPLE / kind)
    assert [item.key for item in source.list_inputs(files[::-1], source.Config())] == [item.key for item in inputs_of(kind)]


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_source_names_for_every_record_a_file_of_its_input_and_known_reasons(kind: str) -> None:
    source, num_records = SOURCES[kind], 0
    for item in inputs_of(kind):
        paths = tuple(file.path for file in item.files)
        for event in events(kind, item):
            if isinstance(event, str):
                assert event in {*source.REASONS, *READ_REASONS}
                continue
            assert event.origin.startswith(paths), event.origin
            if isinstance(event, Dropped):
                assert event.reason in {*source.REASONS, *READ_REASONS}
            else:
                num_records += 1
                assert event.work
    assert num_records


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_source_gives_each_place_of_an_input_one_origin(kind: str) -> None:
    for item in inputs_of(kind):
        origins = [event.origin for event in events(kind, item) if isinstance(event, Record)]
        assert len(origins) == len(set(origins))


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_source_reads_the_same_from_another_place_a_second_time(kind: str, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / kind, tmp_path / kind)
    assert [events(kind, item) for item in inputs_of(kind, tmp_path / kind)] == [events(kind, item) for item in inputs_of(kind)]
