"""The ledger and the conversations of one segment as a release publishes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation import ledger, manifest
from curation.ledger import LEDGER_SCHEMA
from curation.segment import Segment, scan, scan_aligned


def publish_rows(segment: dict[str, Any], verdicts: str, places: str, names: dict[str, str], out: str) -> int:
    """Write <out>/ledger/<source>-<unit>.parquet and chat lines; returns the number of ledger rows.

    `names` maps a shard's sha256 to its path in the release.
    """
    piece = Segment(**segment)
    target = Path(out) / "ledger" / f"{piece.source}-{piece.unit}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    talks = manifest.read(Path(piece.folder))["conversations"] > 0
    tables = [
        (piece.table("documents"), ["id", "source", "origin", "work", "note", *(["turns", "text"] if talks else [])]),
        (Path(verdicts) / f"{piece.fingerprint}.parquet", ["stage", "reason", "score", "twin", "split"]),
        (Path(places), ["shard", "row"]),
    ]
    rows = list(scan(piece.table("ledger"), LEDGER_SCHEMA.names))
    with _Chats(Path(out), piece) as chats:
        for batch in scan_aligned(tables, rows=1024):
            if talks:
                chats.write(batch)
            rows.append(ledger_rows(batch, names))
    # Sorted, since rows copied from an earlier segment stand in another order than rows read anew.
    table = pa.Table.from_batches(rows, LEDGER_SCHEMA).sort_by(
        [(name, "ascending") for name in ("origin", "id", "stage", "reason")]
    )
    pq.write_table(table, target, compression="zstd", row_group_size=65536)
    return int(table.num_rows)


def ledger_rows(batch: pa.RecordBatch, names: dict[str, str]) -> pa.RecordBatch:
    """Documents beside their verdicts and places as rows of a ledger; `names` as above."""
    kept = pc.is_null(batch["reason"])
    noted = pc.if_else(kept, batch["note"], pa.scalar(None, pa.string()))
    shards = pa.array([names[name] if name is not None else None for name in batch["shard"].to_pylist()], pa.string())
    columns = {
        **{name: batch[name] for name in ("id", "source", "origin", "work", "score", "twin", "row")},
        "stage": pc.if_else(pc.is_valid(noted), "read", batch["stage"]),
        "reason": pc.coalesce(batch["reason"], noted),
        "verdict": pc.if_else(kept, ledger.KEPT, ledger.DROPPED),
        "split": pc.if_else(kept, batch["split"], pa.scalar(None, pa.string())),
        "shard": shards,
    }
    return pa.RecordBatch.from_arrays([columns[field.name].cast(field.type) for field in LEDGER_SCHEMA], schema=LEDGER_SCHEMA)


class _Chats:
    """Lines {"messages": [{"role", "content"}]} of kept documents that have turns, one part file a split."""

    def __init__(self, out: Path, piece: Segment) -> None:
        self.paths = {split: out / "chat" / f"{split}.{piece.source}-{piece.unit}.part" for split in ("train", "eval")}
        self.streams: dict[str, Any] = {}

    def __enter__(self) -> _Chats:
        return self

    def __exit__(self, *error: object) -> None:
        for stream in self.streams.values():
            stream.close()

    def write(self, batch: pa.RecordBatch) -> None:
        chosen = batch.filter(pc.and_(pc.is_null(batch["reason"]), pc.is_valid(batch["turns"])))
        for row in chosen.select(["text", "turns", "split"]).to_pylist():
            messages = [{"role": turn["role"], "content": row["text"][turn["start"] : turn["end"]]} for turn in row["turns"]]
            self._stream(row["split"]).write(json.dumps({"messages": messages}, ensure_ascii=False) + "\n")

    def _stream(self, split: str) -> Any:
        if split not in self.streams:
            self.paths[split].parent.mkdir(parents=True, exist_ok=True)
            self.streams[split] = self.paths[split].open("w", encoding="utf-8")
        return self.streams[split]
