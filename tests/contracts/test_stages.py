"""What every stage promises: rows in = rows kept + rows dropped, known reasons, any text, nothing remembered between batches."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation import stages
from curation.document import RAW_SCHEMA, TURN, Record, to_batches, with_column
from curation.filters import FILTERS
from curation.stage import Place

PLACES = [Place("s", kind) for kind in ("books", "wiki", "code", "chat", "papers", "web")]
TEXTS = [
    "A plain sentence about harbours, with a mail address: someone@example.net.",
    "",
    " \n\t ",
    "\u0000\ufeff\u200b\u200d🙂\U0001f469\u200d\U0001f4bb",
    "سلام دنیا، این یک متن فارسی است. می‌خواهم بنویسم.",
    f"{TURN}user\x1fHello{TURN}assistant\x1fGood day",
    "x" * 20_000,
    "word " * 5_000,
    "日本語のテキストです。" * 20,
]


def batch_of(texts: list[str]) -> pa.RecordBatch:
    records = [("k", Record(f"a.txt#{number}", text, "a", number, speakers=("Ada",))) for number, text in enumerate(texts)]
    return next(to_batches(records)) if records else pa.RecordBatch.from_pylist([], schema=RAW_SCHEMA)


def prepared(batch: pa.RecordBatch) -> pa.RecordBatch:
    """With the columns that the runner adds before the scoring stages."""
    size = batch.num_rows
    batch = with_column(batch, "view", pa.nulls(size, pa.string()))
    batch = with_column(batch, "lang", pa.array(["en"] * size, pa.string()))
    batch = with_column(batch, "id", pa.array([f"{row:032x}" for row in range(size)], pa.string()))
    batch = with_column(batch, "num_chars", pa.array([len(text) for text in batch["text"].to_pylist()], pa.int32()))
    return with_column(batch, "num_bytes", pa.array([len(text.encode()) for text in batch["text"].to_pylist()], pa.int32()))


def apply(stage: ModuleType, place: Place, batch: pa.RecordBatch) -> Any:
    return stage.build(stage.Config(), place)(prepared(batch))


@cache
def scored(place: Place) -> pa.RecordBatch:
    batch = batch_of(TEXTS)
    for stage in (*stages.BEFORE_IDENTITY, *stages.SCORERS):
        batch, _ = stage.build(stage.Config(), place)(batch if stage in stages.BEFORE_IDENTITY else prepared(batch))
    return batch


@pytest.mark.parametrize("stage", stages.STAGES, ids=lambda stage: stage.NAME)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.kind)
def test_stage_accounts_for_every_row_and_names_known_reasons(stage: ModuleType, place: Place) -> None:
    kept, dropped = apply(stage, place, batch_of(TEXTS))
    assert kept.num_rows + dropped.num_rows == len(TEXTS)
    assert set(dropped["reason"].to_pylist()) <= set(stage.REASONS)


@pytest.mark.parametrize("stage", stages.STAGES, ids=lambda stage: stage.NAME)
def test_stage_gives_an_empty_batch_the_same_columns(stage: ModuleType) -> None:
    function = stage.build(stage.Config(), PLACES[0])
    some, _ = function(prepared(batch_of(TEXTS[:1])))
    none, _ = function(prepared(batch_of([])))
    assert none.num_rows == 0
    assert none.schema.names == some.schema.names
    assert none.schema.types == some.schema.types


@pytest.mark.parametrize("stage", stages.STAGES, ids=lambda stage: stage.NAME)
def test_stage_judges_a_document_alone_and_the_same_way_twice(stage: ModuleType) -> None:
    function = stage.build(stage.Config(), PLACES[0])
    together, _ = function(prepared(batch_of(TEXTS)))
    rows = {row["origin"]: row for row in together.to_pylist()}
    for row, text in enumerate(TEXTS):
        alone, _ = function(prepared(batch_of(TEXTS)).slice(row, 1))
        for found in alone.to_pylist():
            assert found == rows[found["origin"]], f"text {row}: {text[:20]!r}"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(st.text(max_size=400), min_size=1, max_size=4))
@pytest.mark.parametrize("stage", stages.STAGES, ids=lambda stage: stage.NAME)
def test_stage_takes_any_text(stage: ModuleType, texts: list[str]) -> None:
    kept, dropped = apply(stage, PLACES[3], batch_of(texts))
    assert kept.num_rows + dropped.num_rows == len(texts)


@pytest.mark.parametrize("module", FILTERS, ids=lambda module: module.NAME)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.kind)
def test_filter_judges_its_own_scores_row_by_row_with_known_reasons(module: ModuleType, place: Place) -> None:
    batch = scored(place)
    judgement = module.judge(prepared(batch), module.Config(), place)
    assert len(judgement.reason) == len(judgement.score) == batch.num_rows
    assert set(judgement.reason.to_pylist()) <= {None, *module.REASONS, *getattr(module, "JUDGED", {})}
