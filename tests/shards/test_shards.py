"""Shards: layout, order, determinism."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.errors import ContractError
from curation.shards import LIST_PATH, ShardWriter, read_footer, read_shard_info, shard_schema, write_shards

VOCAB = 5000


def batch_of(rows: list[tuple[str, list[int]]], vocab_size: int = VOCAB) -> pa.RecordBatch:
    records = [
        {
            "id": key,
            "source": "s",
            "lang": "en",
            "license": "cc0",
            "work": "w",
            "ordinal": number,
            "n_bytes": 3 * len(ids),
            "input_ids": ids,
        }
        for number, (key, ids) in enumerate(rows)
    ]
    return pa.RecordBatch.from_pylist(records, schema=shard_schema(vocab_size))


def some_rows(count: int, seed: int = 0) -> list[tuple[str, list[int]]]:
    chance = random.Random(seed)
    return [
        (f"{chance.getrandbits(128):032x}", [chance.randrange(VOCAB) for _ in range(chance.randrange(1, 60))])
        for _ in range(count)
    ]


def written(rows: list[tuple[str, list[int]]], folder: Path, size: int = 100, **options: int) -> list[bytes]:
    batches = (batch_of(rows[start : start + size]) for start in range(0, len(rows), size))
    infos = write_shards(batches, folder, "train", VOCAB, "f" * 64, options.get("max_tokens", 10_000))
    return [(folder / info.path).read_bytes() for info in infos]


def test_write_shards_other_order_and_batches_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = some_rows(900)
    shuffled = random.Random(1).sample(rows, len(rows))
    ordinals = {key: number for number, (key, _) in enumerate(rows)}

    def batches(chosen: list[tuple[str, list[int]]], size: int) -> list[pa.RecordBatch]:
        made = []
        for start in range(0, len(chosen), size):
            batch = batch_of(chosen[start : start + size])
            numbers = pa.array([ordinals[key] for key in batch.column("id").to_pylist()], pa.int32())
            made.append(batch.set_column(5, shard_schema(VOCAB).field("ordinal"), numbers))
        return made

    one = write_shards(batches(rows, 100), tmp_path / "a", "train", VOCAB, "f" * 64, 4_000)
    two = write_shards(batches(shuffled, 37), tmp_path / "b", "train", VOCAB, "f" * 64, 4_000)
    assert [info.sha256 for info in one] == [info.sha256 for info in two]
    assert len(one) > 3


def test_write_shards_rows_come_back_sorted_whole_and_within_the_limit(tmp_path: Path) -> None:
    rows = some_rows(700)
    infos = write_shards([batch_of(rows)], tmp_path, "train", VOCAB, "f" * 64, 3_000)
    found: dict[str, list[int]] = {}
    for info in infos:
        table = pq.read_table(tmp_path / info.path)
        ids = table["id"].to_pylist()
        assert ids == sorted(ids)
        assert info.tokens <= 3_000
        found |= dict(zip(ids, table["input_ids"].to_pylist(), strict=True))
    assert found == dict(rows)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(info.path for info in infos)


def test_write_shards_document_beyond_the_limit_stands_alone(tmp_path: Path) -> None:
    infos = write_shards([batch_of([("a", [1]), ("b", [2] * 500), ("c", [3])])], tmp_path, "train", VOCAB, "f" * 64, 100)
    assert [info.tokens for info in infos] == [1, 500, 1]


def test_write_shards_without_rows_writes_nothing(tmp_path: Path) -> None:
    assert write_shards([], tmp_path, "eval", VOCAB, "f" * 64, 100) == []
    assert list(tmp_path.iterdir()) == []


def test_write_shards_document_without_tokens_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="without tokens"):
        write_shards([batch_of([("a", [1]), ("b", [])])], tmp_path, "train", VOCAB, "f" * 64, 100)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("split", "expected"), [("train", 1 << 20), ("eval", 1 << 16)])
def test_write_shards_row_groups_have_about_the_promised_tokens(tmp_path: Path, split: str, expected: int) -> None:
    ids = np.arange(30_000) % VOCAB
    rows = [(f"{number:032x}", ids.tolist()) for number in range(40)]
    (info,) = write_shards([batch_of(rows)], tmp_path, split, VOCAB, "f" * 64, 10**9)
    with pq.ParquetFile(tmp_path / info.path) as file:
        tokens = [len(file.read_row_group(group)["input_ids"].combine_chunks().flatten()) for group in range(file.num_row_groups)]
    assert all(expected <= count < expected + 30_000 for count in tokens[:-1])


@pytest.mark.parametrize(("vocab_size", "kind"), [(65_536, pa.uint16()), (65_537, pa.uint32())])
def test_write_shards_id_type_follows_the_vocabulary(tmp_path: Path, vocab_size: int, kind: pa.DataType) -> None:
    batch = batch_of([("a", [vocab_size - 1])], vocab_size)
    (info,) = write_shards([batch], tmp_path, "train", vocab_size, "f" * 64, 100)
    with pq.ParquetFile(tmp_path / info.path) as file:
        assert file.schema_arrow.field("input_ids").type.value_type == kind
        column = file.metadata.row_group(0).column(7)
        assert (column.path_in_schema, column.compression) == (LIST_PATH, "ZSTD")
        assert "BYTE_STREAM_SPLIT" in column.encodings
    assert pq.read_table(tmp_path / info.path)["input_ids"].to_pylist() == [[vocab_size - 1]]


def test_read_shard_info_tells_what_was_written(tmp_path: Path) -> None:
    (info,) = write_shards([batch_of(some_rows(50))], tmp_path / "train", "train", VOCAB, "e" * 64, 10**6)
    assert read_shard_info(tmp_path / "train" / info.path) == info
    assert read_footer(tmp_path / "train" / info.path)["tokenizer_sha256"] == "e" * 64
    assert info.tally == [
        {"source": "s", "lang": "en", "license": "cc0", "documents": 50, "tokens": info.tokens, "bytes": 3 * info.tokens}
    ]


def test_shard_writer_arrivals_name_the_row_that_came(tmp_path: Path) -> None:
    rows = some_rows(300)
    with ShardWriter(tmp_path, "train", VOCAB, "f" * 64, 1_500) as writer:
        for start in range(0, 300, 50):
            writer.add(batch_of(rows[start : start + 50]))
        result = writer.close()
    for info, arrivals in zip(result.shards, result.arrivals, strict=True):
        assert pq.read_table(tmp_path / info.path)["id"].to_pylist() == [rows[number][0] for number in arrivals]
