"""Token ids straight from Parquet pages, against pyarrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.shards import list_starts, read_lists, varint

CONTRACT: dict[str, Any] = {
    "compression": "zstd",
    "use_dictionary": False,
    "column_encoding": {"input_ids.list.element": "BYTE_STREAM_SPLIT"},
}


def write(path: Path, documents: list[Any], kind: pa.DataType, nullable: bool = False, **options: Any) -> Path:
    lists = pa.list_(pa.field("element", kind, nullable=nullable))
    schema = pa.schema([pa.field("input_ids", lists, nullable=nullable)])
    pq.write_table(pa.table([pa.array(documents, lists)], schema=schema), path, **(CONTRACT | options))
    return path


def read(path: Path, group: int = 0, dtype: Any = np.uint16) -> tuple[list[int], list[int]] | None:
    found = read_lists(path, pq.read_metadata(path).row_group(group).column(0), dtype)
    return (found[0].tolist(), found[1].tolist()) if found else None


def expected(path: Path, group: int = 0) -> tuple[list[int], list[int]]:
    lists = pq.ParquetFile(path).read_row_group(group).column(0).combine_chunks()
    return lists.values.to_pylist(), lists.offsets.to_pylist()


@settings(max_examples=80, deadline=None)
@given(
    lengths=st.lists(st.one_of(st.just(1), st.integers(1, 40), st.integers(200, 3000)), min_size=1, max_size=60),
    wide=st.booleans(),
    page=st.sampled_from([64, 1000, 1 << 20]),
    rows=st.integers(1, 60),
)
def test_any_lengths_pages_and_row_groups_read_as_pyarrow_reads_them(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], wide: bool, page: int, rows: int
) -> None:
    rng = np.random.default_rng(len(lengths))
    documents = [rng.integers(0, 1 << (32 if wide else 16), length).tolist() for length in lengths]
    path = tmp_path_factory.mktemp("pages") / "one.parquet"
    write(path, documents, pa.uint32() if wide else pa.uint16(), data_page_size=page, row_group_size=rows)
    for group in range(pq.read_metadata(path).num_row_groups):
        assert read(path, group, np.uint32 if wide else np.uint16) == expected(path, group)


def test_many_pages_are_put_together(tmp_path: Path) -> None:
    documents = [list(range(i, i + 500)) for i in range(20)]
    path = write(tmp_path / "one.parquet", documents, pa.uint16(), data_page_size=256, write_batch_size=1)
    column = pq.read_metadata(path).row_group(0).column(0)
    raw = path.read_bytes()[column.data_page_offset :][: column.total_compressed_size]
    assert raw.count(b"\x28\xb5\x2f\xfd") > 10  # many pages
    assert read(path) == expected(path)


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        ({"data_page_version": "2.0"}, [[1, 2], [3]]),
        ({"compression": "snappy"}, [[1, 2], [3]]),
        ({"column_encoding": None}, [[1, 2], [3]]),
        ({"column_encoding": None, "use_dictionary": True}, [[1, 2], [3]]),
        ({}, [[1, 2], [], [3]]),
        ({"nullable": True}, [[1, 2], None, [3]]),
        ({"nullable": True}, [[1, None], [3]]),
    ],
    ids=["pages of version 2", "snappy", "plain", "dictionary", "an empty list", "a null list", "a null id"],
)
def test_what_is_not_written_by_the_contract_is_left_to_pyarrow(
    tmp_path: Path, options: dict[str, Any], documents: list[Any]
) -> None:
    assert read(write(tmp_path / "one.parquet", documents, pa.uint16(), **options)) is None


def test_nullable_columns_without_a_null_read_alike(tmp_path: Path) -> None:
    path = write(tmp_path / "one.parquet", [[1, 2], [3]], pa.uint16(), nullable=True)
    assert read(path) == expected(path)


def test_truncated_chunk_is_left_to_pyarrow(tmp_path: Path) -> None:
    documents = [list(range(i, i + 500)) for i in range(20)]
    path = write(tmp_path / "one.parquet", documents, pa.uint16(), data_page_size=256, write_batch_size=1)
    column = pq.read_metadata(path).row_group(0).column(0)
    raw = path.read_bytes()[: column.data_page_offset + column.total_compressed_size]
    path.write_bytes(raw[: raw.rindex(b"\x15\x00\x15")])  # the last page is missing
    assert read_lists(path, column, np.uint16) is None


def test_levels_by_hand() -> None:
    assert varint(b"\xac\x02\x01", 0) == (300, 2)
    # 1 group of 8 bits (0 1 1 1 1 1 1 1), a run of 300 ones, a run of 2 zeros, a group with two starts and zeros to fill up
    levels = b"\x03\xfe" + b"\xd8\x04\x01" + b"\x04\x00" + b"\x03\x16"
    assert list_starts(levels, 10) == [10, 10 + 308, 10 + 309, 10 + 310, 10 + 313, 10 + 315, 10 + 316, 10 + 317]
