"""Batches as ingest hands them to the filters, and the real dumps where a checkout has them beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from curation.document import Record, to_batches

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture
def batch_of() -> Callable[..., pa.RecordBatch]:
    def make(*texts: str, lang: str = "") -> pa.RecordBatch:
        return next(to_batches([("in", Record(f"a.txt#{index}", text, "w", lang=lang)) for index, text in enumerate(texts)]))

    return make


@pytest.fixture
def labelled() -> Path:
    if not (SHARED / "labelled").is_dir():
        pytest.skip("no labelled sets beside this checkout")
    return SHARED / "labelled"


@pytest.fixture
def corpus() -> Path:
    if not (SHARED / "corpus").is_dir():
        pytest.skip("no corpus beside this checkout")
    return SHARED / "corpus"
