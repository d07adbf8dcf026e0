"""From a place in a shard back to where it came from: (shard, row, token offset) to document, origin, licence, bytes.

In: a release folder. Out: a Trace. The ledger is searched by the shard's and row's columns, file by file, pushed down
to Parquet's row groups; text is not needed, since a byte-level token knows its bytes. A public release without ledger
gives the document and the byte span, but no origin.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation.errors import ContractError, RecipeError
from curation.tokenizers.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Trace:
    """`start_byte` and `stop_byte`: where the token lies in the UTF-8 bytes of the document's text."""

    shard: str
    row: int
    token: int
    id: str
    source: str
    lang: str
    license: str
    work: str
    ordinal: int
    origins: tuple[str, ...]
    token_id: int
    start_byte: int
    stop_byte: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def trace(release: Path, shard: str, row: int, token: int = 0) -> Trace:
    """`shard`: path below the release, such as train/x.parquet. RecipeError where there is no such place."""
    document = _document(release / shard, row)
    ids = document["input_ids"]
    if not 0 <= token < len(ids):
        raise RecipeError("no such token", where=f"{shard} row {row}", got=str(token), expected=f"0 to {len(ids) - 1}")
    words = Encoder.load(release / "tokenizer").vocabulary.token_bytes
    if words is None:
        raise RecipeError("byte spans need a byte-level tokenizer", where=str(release / "tokenizer"))
    start = sum(len(words[number]) for number in ids[:token])
    fields = {name: document[name] for name in ("id", "source", "lang", "license", "work", "ordinal")}
    origins = _origins(release / "ledger", shard, row, document["id"])
    stop = start + len(words[ids[token]])
    return Trace(shard, row, token, **fields, origins=origins, token_id=ids[token], start_byte=start, stop_byte=stop)


def _document(path: Path, row: int) -> dict[str, Any]:
    if not path.is_file():
        raise RecipeError("no such shard", where=str(path))
    with pq.ParquetFile(path, memory_map=True) as file:
        if not 0 <= row < file.metadata.num_rows:
            raise RecipeError("no such row", where=str(path), got=str(row), expected=f"0 to {file.metadata.num_rows - 1}")
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if row < rows:
                found: dict[str, Any] = file.read_row_group(group, use_threads=False).slice(row, 1).to_pylist()[0]
                return found
            row -= rows
    raise ContractError("row groups and rows differ", where=str(path))


def _origins(ledger: Path, shard: str, row: int, key: str) -> tuple[str, ...]:
    found: set[str] = set()
    for path in sorted(ledger.glob("*.parquet")) if ledger.is_dir() else ():
        wanted = (pc.field("shard") == pa.scalar(shard)) & (pc.field("row") == row)
        table = pq.read_table(path, columns=["id", "origin"], filters=wanted, use_threads=False)
        if any(other != key for other in table["id"].to_pylist()):
            raise ContractError("ledger and shard name different documents", where=str(path), got=f"{shard} row {row}")
        found |= set(table["origin"].to_pylist())
    return tuple(sorted(found))
