"""Small sealed-looking segments for tests of corpus-wide steps: real tables, real signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from curation.dedup import signature
from curation.dedup.config import Config
from curation.document import STORED_SCHEMA, document_id
from curation.engine import Engine
from curation.manifest import fingerprint
from curation.segment import VERDICTS, Segment
from curation.stage import Place


@dataclass(frozen=True)
class Doc:
    text: str
    work: str = ""
    origin: str = ""
    revised: int | None = None  # year
    lang: str = "en"
    reason: str | None = None  # dropped by an earlier step


def write_segment(
    folder: Path, docs: Sequence[Doc], source: str = "web", kind: str = "web", priority: int = 0, config: Config | None = None
) -> Segment:
    """The three tables of a segment in `folder/<fingerprint>`, and its verdicts of the step before in `folder/previous`."""
    name = fingerprint(source, kind, [repr(doc) for doc in docs])
    place = folder / name
    place.mkdir(parents=True)
    stored = pa.RecordBatch.from_pylist(
        [_row(doc, number, source, kind) for number, doc in enumerate(docs)], schema=STORED_SCHEMA
    )
    _write(place / "documents-00000.parquet", stored, 3)
    scores = {name: stored[name] for name in ("id", "source", "lang", "license", "work", "revised")}
    scores["num_chars"] = pa.array([len(doc.text) for doc in docs], pa.int32())
    scores["num_bytes"] = pa.array([len(doc.text.encode()) for doc in docs], pa.int32())
    _write(place / "scores-00000.parquet", pa.RecordBatch.from_pydict(scores), 5)
    signed = signature.build(config or Config(), Place(source, kind))(stored).kept
    _write(place / "signatures-00000.parquet", signed.select(["id", "signature", "num_shingles", "ngrams"]), 4)
    verdicts = [
        {"id": row, "stage": "select" if doc.reason else None, "reason": doc.reason}
        for row, doc in zip(stored["id"].to_pylist(), docs, strict=True)
    ]
    (folder / "previous").mkdir(exist_ok=True)
    _write(folder / "previous" / f"{name}.parquet", pa.RecordBatch.from_pylist(verdicts, schema=VERDICTS), 7)
    return Segment(name, str(place), source, kind, "00", priority, len(docs))


def _row(doc: Doc, number: int, source: str, kind: str) -> dict[str, Any]:
    revised = datetime(doc.revised, 1, 1, tzinfo=UTC) if doc.revised else None
    return {
        "id": document_id(kind, doc.text), "origin": doc.origin or f"file-{number}.txt",
        "work": doc.work or doc.origin or str(number),
        "ordinal": 0, "revised": revised, "text": doc.text, "source": source, "lang": doc.lang, "license": "", "input": "x",
    }  # fmt: skip


def _write(path: Path, batch: pa.RecordBatch, group: int) -> None:
    pq.write_table(pa.Table.from_batches([batch]), path, row_group_size=group)


def engine(folder: Path, workers: int = 1) -> Engine:
    return Engine(folder / "workspace", workers=workers)


def verdicts(out: Path, segments: Sequence[Segment]) -> list[dict[str, Any]]:
    """All verdict rows, in order of the segments given; each must be aligned with its segment."""
    rows: list[dict[str, Any]] = []
    for segment in segments:
        table = pq.read_table(out / f"{segment.fingerprint}.parquet")
        assert table.schema.equals(VERDICTS)
        assert table["id"].to_pylist() == pq.read_table(segment.table("documents"), columns=["id"])["id"].to_pylist()
        rows += table.to_pylist()
    return rows
