"""What a refresh brought: documents, bytes and tokens, by source and language, of documents that the release before lacked.

In: the shards of this run and of the newest release, both with path, sha256 and tokens. Out: rows as the report card's
strata have them. Nothing is encoded again: shards hold tokens and bytes of every document.

Shards that both have hold nothing new. Of the others, documents are compared by id, since a shard is cut anew when one
document of its bucket changes. Ids are hashes and shards are sorted by them, so the first ids of every shard are a fair
sample: where there is more than MAX_TOKENS to look at, only ids below a limit are read, and memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

MAX_TOKENS = 1 << 26


class Shard(NamedTuple):
    path: Path
    sha256: str
    tokens: int


def new_documents(now: Sequence[Shard], before: Sequence[Shard]) -> list[dict[str, Any]]:
    """[{source, lang, documents, bytes, tokens}], sorted; empty where nothing is new."""
    known = {shard.sha256 for shard in before}
    kept = {shard.sha256 for shard in now}
    fresh = [shard for shard in now if shard.sha256 not in known]
    limit = _limit(sum(shard.tokens for shard in fresh))
    parts = [_measured(rows) for shard in fresh for rows in _rows(shard.path, limit, _COLUMNS)]
    if not parts:
        return []
    ids = pa.concat_arrays([chunk for part in parts for chunk in part["id"].chunks])
    seen = _seen(ids, [shard for shard in before if shard.sha256 not in kept], limit)
    found: dict[tuple[str, str], list[int]] = {}
    for part in parts:
        for row in _summed(part.filter(pc.invert(pc.is_in(part["id"], value_set=seen)))):
            counts = found.setdefault((row["source"], row["lang"]), [0, 0, 0])
            for place, name in enumerate(("id_count", "n_bytes_sum", "tokens_sum")):
                counts[place] += row[name]
    names = ("source", "lang", "documents", "bytes", "tokens")
    return [dict(zip(names, (*key, *counts), strict=True)) for key, counts in sorted(found.items())]


_COLUMNS = ("id", "source", "lang", "n_bytes", "input_ids")


def _limit(tokens: int) -> str:
    """The id below which documents are looked at: above all ids unless there is too much."""
    return "g" if tokens <= MAX_TOKENS else f"{int(MAX_TOKENS / tokens * (1 << 64)):016x}"


def _rows(path: Path, limit: str, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Row groups of a shard as far as ids lie below `limit`."""
    with pq.ParquetFile(path, memory_map=True) as file:
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, columns=list(columns), use_threads=False)
            below = table.filter(pc.less(table["id"], limit))
            yield below
            if len(below) < len(table):
                return


def _measured(table: pa.Table) -> pa.Table:
    """Token ids give way to their number."""
    lengths = [np.diff(chunk.offsets.to_numpy()) for chunk in table["input_ids"].chunks]
    tokens = pa.array(np.concatenate(lengths) if lengths else np.zeros(0, np.int32), pa.int64())
    return table.drop_columns(["input_ids"]).append_column("tokens", tokens)


def _summed(table: pa.Table) -> list[dict[str, Any]]:
    grouped = table.group_by(["source", "lang"], use_threads=False)
    rows: list[dict[str, Any]] = grouped.aggregate([("id", "count"), ("n_bytes", "sum"), ("tokens", "sum")]).to_pylist()
    return rows


def _seen(ids: pa.Array, gone: Sequence[Shard], limit: str) -> pa.Array:
    """Those of `ids` that stand in shards which this run replaced."""
    found = [
        column.filter(pc.is_in(column, value_set=ids)).combine_chunks()
        for shard in gone
        for column in (rows["id"] for rows in _rows(shard.path, limit, ("id",)))
    ]
    return pa.concat_arrays(found) if found else pa.array([], pa.string())
