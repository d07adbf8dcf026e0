"""CSV, TSV and Parquet as rows.

In: a Member. Out: (place, row as a dict), or `Broken`. CSV: delimiter and header from the first lines, fields over many
lines, `place` is `row N`; a field larger than a record may be ends the file as record_too_large; with a Part, the rows that
start in it, after all before them were passed over. Parquet: row groups one after another, only columns that hold text,
dates or numbers; with a Part, the row groups that start in it.
"""

from __future__ import annotations

import codecs
import csv
import sys
from collections.abc import Iterator
from typing import Any

from curation.errors import InputError
from curation.source import MAX_RECORD_BYTES, File, Part
from curation.sources.boundedlines import bounded_lines
from curation.sources.encoding import decode
from curation.sources.formats import table_dialect
from curation.sources.jsonrows import Broken
from curation.sources.members import Member, seekable
from curation.sources.spool import open_file

PARQUET_BATCH_ROWS = 256


def csv_rows(member: Member, part: Part | None = None) -> Iterator[tuple[str, Any]]:
    """Rows as dicts by the header's names."""
    decoded = decode(member.head)
    delimiter = table_dialect(decoded.text.lstrip("\ufeff"), is_named_so=True) or ","
    csv.field_size_limit(MAX_RECORD_BYTES)
    lines = _TextLines(member, decoded.encoding)
    reader = csv.reader(lines, delimiter=delimiter)
    header: list[str] | None = None
    number = 0
    first, stop = (part.start, part.stop) if part else (0, sys.maxsize)
    while lines.at < stop:
        start = lines.at
        try:
            row = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong) as error:
            too_large = isinstance(error, _TooLong) or "limit" in str(error)
            if start >= first:
                yield f"row {number + 1}", Broken("record_too_large" if too_large else "broken_record")
            return
        if header is None:
            header = [name.strip() for name in row]
        elif row:
            number += 1
            if start >= first:
                yield f"row {number}", dict(zip(header, row, strict=False))


class _TooLong(Exception):
    """A line of the table is larger than a record may be."""


class _TextLines:
    """Decoded lines of a table; `at`: where the next one starts, in bytes."""

    def __init__(self, member: Member, encoding: str) -> None:
        self._lines = bounded_lines(member.open())
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._next = next(self._lines, None)
        self.at = 0

    def __iter__(self) -> _TextLines:
        return self

    def __next__(self) -> str:
        if self._next is None:
            raise StopIteration
        offset, line = self._next
        if line is None:
            raise _TooLong
        self._next = next(self._lines, None)
        self.at = self._next[0] if self._next else sys.maxsize
        text = self._decoder.decode(line + b"\n").replace("\0", "")
        return text.removeprefix("\ufeff") if offset == 0 else text


def parquet_rows(member: Member, part: Part | None = None) -> Iterator[tuple[str, Any]]:
    """Rows as dicts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(seekable(member.open()), memory_map=False)
        columns = [field.name for field in file.schema_arrow if _is_wanted(field.type)]
        groups = [
            group
            for group in range(file.num_row_groups)
            if part is None or part.start <= _start(file.metadata, group) < part.stop
        ]
        for group in groups:
            number = sum(file.metadata.row_group(before).num_rows for before in range(group))
            for batch in file.iter_batches(PARQUET_BATCH_ROWS, row_groups=[group], columns=columns):
                for row in batch.to_pylist():
                    yield f"row {number}", row
                    number += 1
    except (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError) as error:
        reason = "encrypted" if "ncrypt" in str(error) else "unreadable"
        raise InputError(reason, f"parquet: {type(error).__name__}") from None


def parquet_starts(file: File) -> list[int]:
    """Offsets of the row groups of a Parquet file on disk."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        metadata = pq.ParquetFile(open_file(file.real)).metadata
        return [_start(metadata, group) for group in range(metadata.num_row_groups)]
    except (pa.ArrowException, OSError, ValueError):
        return []


def _start(metadata: Any, group: int) -> int:
    column = metadata.row_group(group).column(0)
    return int(column.dictionary_page_offset or column.data_page_offset)


def _is_wanted(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    if types.is_list(kind) or types.is_large_list(kind):
        return _is_wanted(kind.value_type)
    if types.is_struct(kind):
        return any(_is_wanted(field.type) for field in kind)
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_temporal(kind)
        or types.is_integer(kind)
        or (types.is_dictionary(kind) and _is_wanted(kind.value_type))
    )
