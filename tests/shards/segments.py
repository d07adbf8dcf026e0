"""Segments and verdict tables on disk, as ingest and split leave them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from curation.document import STORED_SCHEMA, document_id
from curation.segment import VERDICTS, Segment

SCORES = pa.schema([("id", pa.string()), ("source", pa.string()), ("lang", pa.string()), ("num_bytes", pa.int32())])


def write_segment(folder: Path, name: str, rows: list[dict[str, Any]]) -> Segment:
    """`rows`: text and optionally lang, source, license, reason, split. Verdicts go to folder/verdicts."""
    place = folder / "segments" / name
    place.mkdir(parents=True)
    (folder / "verdicts").mkdir(exist_ok=True)
    base = {"origin": f"{name}.txt", "work": name, "source": "books", "lang": "en", "license": "cc0", "input": name}
    documents = [
        base
        | {"id": document_id("books", row["text"]), "ordinal": number}
        | {key: row[key] for key in row if key in STORED_SCHEMA.names}
        for number, row in enumerate(rows)
    ]
    pq.write_table(pa.Table.from_pylist(documents, STORED_SCHEMA), place / "documents-00000.parquet")
    scores = [{**row, "num_bytes": len(row["text"].encode())} for row in documents]
    pq.write_table(pa.Table.from_pylist(scores, SCORES), place / "scores-00000.parquet")
    verdicts = [
        {"id": document["id"], "reason": row.get("reason"), "split": None if row.get("reason") else row.get("split", "train")}
        for document, row in zip(documents, rows, strict=True)
    ]
    pq.write_table(pa.Table.from_pylist(verdicts, VERDICTS), folder / "verdicts" / f"{name}.parquet")
    return Segment(name, str(place), "books", "books", name, 0, len(rows))
