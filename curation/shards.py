"""Shards: the token tables of a release, exactly as docs/format.md says. The only place that knows their layout.

In: record batches of SHARD_COLUMNS, in any order, any number. Out: Parquet files named by their own sha256, rows sorted
by id, at most `max_tokens` tokens each (a longer document stands alone), none empty. Row groups of about 1 M tokens
(64 K in eval). Footer: tokenizer_sha256, num_tokens, num_bytes, schema_version.

The bytes depend on the rows alone: not on their order, on batches, on workers. Memory: one row group and 60 bytes a row;
the rest waits in an Arrow file beside the shards, which is gone at the end.
Measured: BYTE_STREAM_SPLIT + zstd 3 takes 11.5 bits a token (raw 16-bit .bin 16, plain Parquet 32).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation import storage
from curation.errors import ContractError
from curation.manifest import SCHEMA_VERSION, file_sha256

ROW_GROUP_TOKENS = {"train": 1 << 20, "eval": 1 << 16}
LIST_PATH = "input_ids.list.element"
DICTIONARY_COLUMNS = ["source", "lang", "license", "work"]
ZSTD_LEVEL = 3
_SPOOL_TOKENS = 1 << 20


def shard_schema(vocab_size: int) -> pa.Schema:
    """16-bit ids up to 65,536 of them, 32-bit above."""
    ids = pa.uint16() if vocab_size <= 1 << 16 else pa.uint32()
    return pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("source", pa.string(), nullable=False),
            pa.field("lang", pa.string(), nullable=False),
            pa.field("license", pa.string(), nullable=False),
            pa.field("work", pa.string(), nullable=False),
            pa.field("ordinal", pa.int32(), nullable=False),
            pa.field("n_bytes", pa.uint32(), nullable=False),
            pa.field("input_ids", pa.list_(pa.field("element", ids, nullable=False)), nullable=False),
        ]
    )


SHARD_COLUMNS = tuple(shard_schema(1).names)


@dataclass(frozen=True, slots=True)
class ShardInfo:
    """One shard: `path` is its file name, `bytes` the UTF-8 bytes of its texts, `file_bytes` its size on disk.

    `tally` has documents, tokens and bytes per (source, lang, license).
    """

    path: str
    sha256: str
    split: str
    rows: int
    tokens: int
    bytes: int
    file_bytes: int
    tally: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Written(NamedTuple):
    """`arrivals[k][row]` tells which of the rows handed over (counted from 0) is row `row` of `shards[k]`."""

    shards: list[ShardInfo]
    arrivals: list[npt.NDArray[np.int64]]


def write_shards(
    rows: Iterable[pa.RecordBatch], folder: Path, split: str, vocab_size: int, tokenizer_sha256: str, max_tokens: int
) -> list[ShardInfo]:
    """All rows of one split to shards in `folder`."""
    with ShardWriter(folder, split, vocab_size, tokenizer_sha256, max_tokens) as writer:
        for batch in rows:
            writer.add(batch)
        return writer.close().shards


class ShardWriter:
    """Collects the rows of one split; `close` writes the shards. Use as a context manager: it removes its spool."""

    def __init__(self, folder: Path, split: str, vocab_size: int, tokenizer_sha256: str, max_tokens: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.split, self.max_tokens = folder, split, max_tokens
        self.schema = shard_schema(vocab_size)
        self.tokenizer_sha256 = tokenizer_sha256
        self._spool = folder / f".{split}.spool"
        self._sink: pa.ipc.RecordBatchFileWriter | None = None
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_tokens = 0
        self._ids: list[pa.Array] = []
        self._lengths: list[npt.NDArray[np.int64]] = []
        self._batch_rows: list[int] = []

    def __enter__(self) -> ShardWriter:
        return self

    def __exit__(self, *error: object) -> None:
        if self._sink is not None:
            self._sink.close()
        self._spool.unlink(missing_ok=True)

    def add(self, batch: pa.RecordBatch) -> None:
        batch = batch.select(list(SHARD_COLUMNS)).cast(self.schema)
        lengths = np.diff(batch.column("input_ids").offsets.to_numpy())
        if len(lengths) and not lengths.all():
            raise ContractError("document without tokens", where="shards", expected="empty documents to be dropped before")
        if not len(lengths):
            return
        self._waiting.append(batch)
        self._ids.append(batch.column("id"))
        self._lengths.append(lengths.astype(np.int64))
        self._waiting_tokens += int(lengths.sum())
        if self._waiting_tokens >= _SPOOL_TOKENS:
            self._flush()

    def close(self) -> Written:
        if not self._ids:
            return Written([], [])
        self._flush()
        assert self._sink is not None
        self._sink.close()
        self._sink = None
        ids = pa.concat_arrays(self._ids)
        order = pc.sort_indices(ids).to_numpy().astype(np.int64)  # stable: equal ids keep the order of arrival
        lengths = np.concatenate(self._lengths)
        written = Written([], [])
        with pa.memory_map(str(self._spool)) as mapped:
            rows = _SpooledRows(pa.ipc.open_file(mapped), self._batch_rows)
            for part in _cut(order, lengths, self.max_tokens):
                written.shards.append(self._write(rows, part, lengths))
                written.arrivals.append(part)
        return written

    def _flush(self) -> None:
        if not self._waiting:
            return
        if self._sink is None:
            self._sink = pa.ipc.new_file(str(self._spool), self.schema)
        table = pa.Table.from_batches(self._waiting).combine_chunks()
        for batch in table.to_batches():
            self._sink.write_batch(batch)
            self._batch_rows.append(len(batch))
        self._waiting, self._waiting_tokens = [], 0

    def _write(self, rows: _SpooledRows, part: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]) -> ShardInfo:
        draft = self.folder / f".{self.split}.draft"
        tally = Tally()
        with pq.ParquetWriter(draft, self.schema, **_writer_options()) as writer:
            for group in _cut(part, lengths, ROW_GROUP_TOKENS.get(self.split, ROW_GROUP_TOKENS["train"]), overshoot=True):
                table = rows.take(group)
                writer.write_table(table, row_group_size=len(table))
                tally.add(table, lengths[group])
            num_tokens = int(lengths[part].sum())
            writer.add_key_value_metadata(_footer(self.tokenizer_sha256, num_tokens, tally.num_bytes))
        sha256, size = file_sha256(draft), draft.stat().st_size
        name = f"{sha256}.parquet"
        storage.keep_once(draft, self.folder / name)
        return ShardInfo(name, sha256, self.split, len(part), num_tokens, tally.num_bytes, size, tally.rows())


class Tally:
    """Documents, tokens and bytes per (source, lang, license)."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str, str], list[int]] = {}
        self.num_bytes = 0

    def add(self, table: pa.Table, tokens: npt.NDArray[np.int64]) -> None:
        columns = table.select(["source", "lang", "license", "n_bytes"]).append_column("tokens", pa.array(tokens))
        keys = ["source", "lang", "license"]
        grouped = columns.group_by(keys, use_threads=False).aggregate(
            [("tokens", "count"), ("tokens", "sum"), ("n_bytes", "sum")]
        )
        for row in grouped.to_pylist():
            count = self.counts.setdefault((row["source"], row["lang"], row["license"]), [0, 0, 0])
            for place, name in enumerate(("tokens_count", "tokens_sum", "n_bytes_sum")):
                count[place] += int(row[name])
            self.num_bytes += int(row["n_bytes_sum"])

    def rows(self) -> list[dict[str, Any]]:
        names = ("source", "lang", "license", "documents", "tokens", "bytes")
        return [dict(zip(names, (*key, *count), strict=True)) for key, count in sorted(self.counts.items())]


class _SpooledRows:
    """Rows of the spool by arrival number, gathered batch by batch from mapped memory."""

    def __init__(self, reader: pa.ipc.RecordBatchFileReader, batch_rows: list[int]) -> None:
        self.batches = [reader.get_batch(number) for number in range(reader.num_record_batches)]
        self.starts = np.concatenate([[0], np.cumsum(batch_rows)])

    def take(self, arrivals: npt.NDArray[np.int64]) -> pa.Table:
        batch_of = np.searchsorted(self.starts, arrivals, side="right") - 1
        pieces, places = [], []
        for number in np.unique(batch_of):
            mine = np.flatnonzero(batch_of == number)
            pieces.append(self.batches[number].take(pa.array(arrivals[mine] - self.starts[number])))
            places.append(mine)
        back = np.argsort(np.concatenate(places), kind="stable")
        return pa.Table.from_batches(pieces).combine_chunks().take(pa.array(back))


def _cut(
    order: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64], limit: int, overshoot: bool = False
) -> Iterator[npt.NDArray[np.int64]]:
    """`order` in consecutive pieces of at most `limit` tokens; with `overshoot`, of the first size that reaches it."""
    ends = np.cumsum(lengths[order])
    start = 0
    while start < len(order):
        done = int(ends[start - 1]) if start else 0
        side, extra = ("left", 1) if overshoot else ("right", 0)
        stop = int(np.searchsorted(ends, done + limit, side=side)) + extra  # type: ignore[call-overload]
        stop = min(max(stop, start + 1), len(order))
        yield order[start:stop]
        start = stop


def _writer_options() -> dict[str, Any]:
    return {
        "compression": "zstd",
        "compression_level": ZSTD_LEVEL,
        "use_dictionary": DICTIONARY_COLUMNS,
        "column_encoding": {LIST_PATH: "BYTE_STREAM_SPLIT"},
        "write_statistics": ["id", "source", "lang", "license"],
    }


def _footer(tokenizer_sha256: str, num_tokens: int, num_bytes: int) -> dict[str, str]:
    return {
        "tokenizer_sha256": tokenizer_sha256,
        "num_tokens": str(num_tokens),
        "num_bytes": str(num_bytes),
        "schema_version": str(SCHEMA_VERSION),
    }


def read_footer(path: Path) -> dict[str, str]:
    """The footer's keys as the contract names them. ContractError where one is missing."""
    metadata = pq.read_metadata(path).metadata or {}
    wanted = _footer("", 0, 0)
    if missing := [key for key in wanted if key.encode() not in metadata]:
        raise ContractError("no shard of ours", where=str(path), got=f"a footer without {', '.join(missing)}")
    return {key: metadata[key.encode()].decode() for key in wanted}


def read_shard_info(path: Path, split: str = "") -> ShardInfo:
    """ShardInfo from the file itself; `split` is by default the name of its folder."""
    footer, tally = read_footer(path), Tally()
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, columns=["source", "lang", "license", "n_bytes", "input_ids"], use_threads=False)
            tally.add(table, np.diff(table.column("input_ids").combine_chunks().offsets.to_numpy()).astype(np.int64))
        rows = file.metadata.num_rows
    tokens, size = int(footer["num_tokens"]), path.stat().st_size
    return ShardInfo(
        path.name, file_sha256(path), split or path.parent.name, rows, tokens, int(footer["num_bytes"]), size, tally.rows()
    )
