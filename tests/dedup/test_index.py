"""Night after night: what came and went is matched, nothing else, and every night equals a build from nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation import storage
from curation.dedup.config import Config
from curation.dedup.step import Limits, deduplicate
from curation.engine import Engine
from tests.dedup.corpus import Doc, verdicts, write_segment
from tests.dedup.test_step import corpus, edited, prose, reasons

Night = tuple[dict[str, tuple[str | None, str | None, float | None]], dict[str, int], dict[str, bytes]]


def night(
    folder: Path,
    docs: Sequence[Doc],
    workspace: Path,
    parts: int = 2,
    workers: int = 1,
    limits: Limits | None = None,
    **settings: Any,
) -> Night:
    """(verdict by origin, work done, what is remembered) of deduplicating `docs`, cut into `parts` segments."""
    segments = [write_segment(folder, docs[part::parts]) for part in range(parts)]
    out = workspace / "steps" / f"deduplicate-{folder.name}"
    out.mkdir(parents=True)
    engine = Engine(workspace, workers=workers)
    deduplicate(segments, folder / "previous", Config(**settings), None, out, engine, limits or Limits(partition_rows=200))
    placed = [doc for part in range(parts) for doc in docs[part::parts]]
    found = {
        doc.origin: (row["reason"], row["twin"], row["score"]) for doc, row in zip(placed, verdicts(out, segments), strict=True)
    }
    (index,) = (workspace / "steps").glob("index-*")
    remembered = [path for path in (*index.iterdir(), *out.glob("walked-*")) if path.name != storage.MANIFEST]
    files = {path.name: path.read_bytes() for path in remembered}
    return found, storage.read_json(out / "work.json"), files


def many() -> list[Doc]:
    """Copies, a run of a band that shrinks and grows over its limit, chapters of books, mails that quote one mail."""
    book = prose(500, 4000).split()
    chapters = [" ".join(book[start : start + 300]) for start in range(0, 3600, 400)]
    letter = prose(501, 150)
    docs = [*corpus(), Doc(" ".join(book), origin="book-500"), Doc(letter, origin="letter")]
    docs += [Doc(chapter, origin=f"chapter/{number}") for number, chapter in enumerate(chapters)]
    docs += [Doc(f"{prose(600 + number, 60 + number)} {letter}", origin=f"reply/{number}") for number in range(12)]
    return docs + [Doc(" ".join(book) + f" edition {number} " * 9, origin=f"edition/{number}") for number in range(3)]


@pytest.mark.parametrize("seed", range(2))
def test_every_night_equals_a_build_from_nothing(tmp_path: Path, seed: int) -> None:
    chosen, docs = random.Random(seed), many()
    here = set(chosen.sample(range(len(docs)), len(docs) * 2 // 3))
    for number in range(4):
        here ^= set(chosen.sample(range(len(docs)), (0, 3, 12, 40)[number]))
        tonight = chosen.sample([docs[place] for place in sorted(here)], len(here))
        refreshed = night(tmp_path / f"night-{number}", tonight, tmp_path / "nightly", parts=chosen.randint(1, 4))
        rebuilt = night(tmp_path / f"fresh-{number}", tonight, tmp_path / f"rebuilt-{number}", parts=chosen.randint(1, 4))
        assert refreshed[0] == rebuilt[0]
        assert refreshed[2] == rebuilt[2]


def test_refresh_works_on_what_came_and_what_it_touches_alone(tmp_path: Path) -> None:
    docs = many()
    _, built, _ = night(tmp_path / "first", docs, tmp_path / "nightly")
    texts = built["new_texts"]
    assert texts == len({doc.text for doc in docs if not doc.reason}) and built["walked_components"] > 8
    stranger, copy = Doc(prose(900), origin="stranger"), Doc(edited(prose(3), 250), origin="copy")
    _, none, _ = night(tmp_path / "second", docs, tmp_path / "nightly", parts=3)
    assert set(none.values()) == {0}
    _, one, _ = night(tmp_path / "third", [*docs, stranger], tmp_path / "nightly")
    assert one == {**none, "new_texts": 1, "rematched_texts": 1, "regrouped_texts": 1}
    _, two, _ = night(tmp_path / "fourth", [*docs, stranger, copy], tmp_path / "nightly", parts=4)
    assert (two["new_texts"], two["rematched_texts"], two["walked_components"]) == (1, 1, 1)
    assert two["near_pairs"] <= 7 * 16 and two["read_texts"] == 8 and 1 <= two["compared_pairs"] <= 7 * 8


def test_refresh_reads_no_signature_and_no_text_that_it_knows(tmp_path: Path) -> None:
    docs = many()
    expected, _, _ = night(tmp_path / "first", docs, tmp_path / "nightly", parts=1)
    segment = write_segment(tmp_path / "second", docs)
    for name, column, empty in (("documents", "text", ""), ("signatures", "signature", bytes(512)), ("signatures", "ngrams", [])):
        path = segment.table(name)
        table = pq.read_table(path)
        place = table.schema.get_field_index(column)
        nothing = pa.array([empty] * len(docs), table.schema.field(column).type)
        pq.write_table(table.set_column(place, column, nothing), path)
    out = tmp_path / "nightly" / "steps" / "deduplicate-second"
    out.mkdir()
    deduplicate([segment], tmp_path / "second" / "previous", Config(), None, out, Engine(tmp_path / "nightly"))
    assert reasons(verdicts(out, [segment])) == [expected[doc.origin][0] for doc in docs]


def test_removed_member_makes_its_component_alone_be_matched_again(tmp_path: Path) -> None:
    docs = many()
    before, _, _ = night(tmp_path / "first", docs, tmp_path / "nightly")
    keeper = next(doc for doc in docs if doc.origin.startswith("2/") and before[doc.origin][0] is None)
    after, work, _ = night(tmp_path / "second", [doc for doc in docs if doc is not keeper], tmp_path / "nightly")
    assert (work["new_texts"], work["rematched_texts"], work["walked_components"]) == (0, 6, 1)
    assert sum(after[f"2/{copy}"][0] is None for copy in range(7) if f"2/{copy}" in after) == 1


def test_other_settings_match_everything_anew(tmp_path: Path) -> None:
    docs = corpus()
    night(tmp_path / "first", docs, tmp_path / "nightly")
    found, work, files = night(tmp_path / "second", docs, tmp_path / "nightly", threshold=0.9)
    rebuilt = night(tmp_path / "third", docs, tmp_path / "fresh", threshold=0.9)
    assert work["new_texts"] > 80
    assert (found, files) == (rebuilt[0], rebuilt[2])


@pytest.mark.slow
def test_refresh_in_worker_processes_equals_one_in_this_process(tmp_path: Path) -> None:
    docs = many()
    night(tmp_path / "first", docs[::2], tmp_path / "nightly")
    limits = Limits(partition_rows=200, few_rows=0, bin_shingles=4000)
    refreshed = night(tmp_path / "second", docs[20:], tmp_path / "nightly", workers=2, limits=limits)
    rebuilt = night(tmp_path / "third", docs[20:], tmp_path / "fresh")
    assert (refreshed[0], refreshed[2]) == (rebuilt[0], rebuilt[2])
