"""The bundled sample is what its generator makes."""

from pathlib import Path

import pytest

from benchmarks.sample.generate import build
from benchmarks.sample.sample import SOURCES, Sample
from tests.sample.contents import unpacked

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
MAX_BYTES = 1_500_000


@pytest.fixture(scope="module")
def sample() -> Sample:
    return build()


def test_generator_run_twice_gives_identical_bytes(sample: Sample) -> None:
    again = build()
    assert again.files == sample.files
    assert again.answers.to_json() == sample.answers.to_json()


def test_committed_files_are_what_the_generator_makes(sample: Sample) -> None:
    """Compared after unpacking: another version of zlib packs the same content into other bytes."""
    dumps = SAMPLE / "dumps"
    committed = {path.relative_to(dumps).as_posix(): path.read_bytes() for path in dumps.rglob("*") if path.is_file()}
    assert committed.keys() == sample.files.keys()
    differing = [
        n for n, content in committed.items() if "truncated" not in n and unpacked(n, content) != unpacked(n, sample.files[n])
    ]
    assert differing == []
    assert (SAMPLE / "answers.json").read_text("utf-8") == sample.answers.to_json()


def test_sample_has_every_kind_and_stays_small(sample: Sample) -> None:
    assert {name.split("/")[0] for name in sample.files} == set(SOURCES)
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < MAX_BYTES
