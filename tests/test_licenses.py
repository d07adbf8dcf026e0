"""Licences: SPDX expressions against a list, which of them ask for names, and what a run makes of both."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from curation import manifest, pipeline
from curation.licenses import asks_for_names, is_allowed, judge
from curation.recipe import load
from tests.end_to_end.conftest import make_corpus, run


@pytest.mark.parametrize(
    ("license", "allowed", "expected"),
    [
        ("MIT", ["mit"], True),
        ("CC-BY-4.0", ["CC-BY-[34]*"], True),
        ("CC-BY-NC-4.0", ["CC-BY-[34]*"], False),
        ("MIT OR GPL-3.0-only", ["MIT"], True),
        ("MIT/Apache-2.0", ["Apache-2.0"], True),
        ("MIT AND GPL-3.0-only", ["MIT"], False),
        ("(MIT OR GPL-2.0-only) AND Apache-2.0", ["MIT", "Apache-*"], True),
        ("(MIT OR (ISC AND Zlib)) AND GPL-2.0-only", ["MIT"], False),
        ("MIT OR ISC AND Zlib", ["MIT"], True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", ["GPL-2.0-only"], True),
        ("public domain", ["public*"], True),
        ("my own words", ["*"], True),
        ("", ["MIT"], False),
        ("", ["MIT", ""], True),
        ("((((", ["MIT"], False),
    ],
)
def test_is_allowed_reads_expressions(license: str, allowed: list[str], expected: bool) -> None:
    assert is_allowed(license, allowed) is expected


@pytest.mark.parametrize(
    ("license", "expected"),
    [
        ("CC-BY-SA-4.0", True),
        ("CC0-1.0", False),
        ("public-domain", False),
        ("", False),
        ("MIT", True),
        ("Unlicense OR MIT", False),
        ("Unlicense AND MIT", True),
        ("https://creativecommons.org/licenses/by-sa/4.0/", True),
    ],
)
def test_asks_for_names_of_what_cannot_be_passed_on_without(license: str, expected: bool) -> None:
    assert asks_for_names(license) is expected


def test_judge_refuses_row_by_row_and_keeps_all_without_a_list() -> None:
    column = pa.array(["MIT", "GPL-3.0-only", None, "MIT"])
    assert judge(column, ["MIT"]).reason.to_pylist() == [None, "license_not_allowed", "license_not_allowed", None]
    assert judge(column, None).reason.null_count == 4


def test_run_changed_licence_list_drops_with_a_reason_and_reads_no_dump_again(tmp_path: Path) -> None:
    recipe = make_corpus(tmp_path)
    text = recipe.read_text()
    for name, license in (("books", "CC-BY-SA-4.0"), ("talks", "CC0-1.0"), ("tools", "GPL-3.0-only")):
        text = text.replace(f'name = "{name}"', f'name = "{name}"\nlicense = "{license}"')
    recipe.write_text(text.replace('name = "books"', 'name = "books"\nattribution = "the bookworms of Gdynia"'))
    first = run(recipe)
    loaded = load(recipe)
    sources = tuple(source.model_copy(update={"allow_licenses": ("CC*",)}) for source in loaded.sources)
    second = pipeline.run(loaded.model_copy(update={"sources": sources}))
    assert second["segments_made"] == 0
    assert second["sources"]["tools"]["kept"] == 0
    assert ["dropped", "select", "license_not_allowed", first["sources"]["tools"]["kept"]] in second["sources"]["tools"]["drops"]
    release = Path(second["path"])
    summary = manifest.read(release)
    assert {row["license"] for row in summary["mix"]} == {"CC-BY-SA-4.0", "CC0-1.0"}
    assert sum(row["tokens"] for row in summary["mix"]) == sum(shard["tokens"] for shard in summary["shards"])
    owed = (release / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "the bookworms of Gdynia" in owed
    assert "talks" not in owed
    assert all(name in (release / "README.md").read_text(encoding="utf-8") for name in ("CC0-1.0", "ATTRIBUTION.md"))
