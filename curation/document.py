"""The document: one row of an Arrow batch. The only place that knows its columns.

In memory a batch has RAW_SCHEMA when a source hands it over. Scrubbing adds `view`; the score stages append their
own columns. Nothing with RAW_SCHEMA is ever written to disk: `speakers` and unscrubbed `text` live in memory only.

`view` is the text as hashing, signing and overlap see it: every replaced value is its type word, so copies that
differ in an address stay copies. Null where it equals `text`.

A conversation with roles travels as one text in which every turn is introduced by TURN + role + ROLE_END; stages
treat both as ordinary control characters to keep. `split_turns` turns it into plain text + the `turns` column
after the last stage that changes text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

TURN, ROLE_END = "\x1e", "\x1f"

TURNS_TYPE = pa.list_(pa.struct([("role", pa.string()), ("start", pa.int32()), ("end", pa.int32())]))

RAW_SCHEMA = pa.schema(
    [
        ("input", pa.string()),  # key of the input, a path relative to the source's folder; workspace only
        ("origin", pa.string()),  # relative/path!member#place
        ("work", pa.string()),  # what survives a newer dump
        ("ordinal", pa.int32()),  # place in the work
        ("revised", pa.timestamp("us", "UTC")),
        ("text", pa.string()),
        ("lang", pa.string()),  # "" = to be recognized; code carries its programming language
        ("license", pa.string()),
        ("note", pa.string()),  # what its reader was unsure of (source.NOTES), null for nothing
        ("speakers", pa.list_(pa.string())),  # in memory only: names, nicknames, handles known from the dump
    ]
)

# What a segment stores of each document (documents-*.parquet); scores and signatures lie in tables of their own.
STORED_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("origin", pa.string()),
        ("work", pa.string()),
        ("ordinal", pa.int32()),
        ("revised", pa.timestamp("us", "UTC")),
        ("text", pa.string()),
        ("source", pa.string()),
        ("lang", pa.string()),
        ("license", pa.string()),
        ("turns", TURNS_TYPE),
        ("input", pa.string()),
        ("note", pa.string()),
    ]
)

MAX_BATCH_BYTES = 8 << 20
MAX_BATCH_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Record:
    """One document as a source reads it, before any stage. `origin` starts with the path of one of the input's files."""

    origin: str
    text: str
    work: str
    ordinal: int = 0
    revised: datetime | None = None
    lang: str = ""
    license: str = ""
    note: str = ""
    speakers: tuple[str, ...] = field(default=())


def document_id(kind: str, text: str) -> str:
    """128-bit hash, 32 hex digits, of kind and scrubbed text: exact copies within a kind share it."""
    return hashlib.blake2b(f"{kind}\0{text}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def to_batches(records: Iterable[tuple[str, Record]]) -> Iterator[pa.RecordBatch]:
    """(input key, record) pairs to batches of RAW_SCHEMA, bounded by MAX_BATCH_BYTES of text and MAX_BATCH_ROWS."""
    rows: list[tuple[str, Record]] = []
    size = 0
    for key, record in records:
        if rows and (size + len(record.text) > MAX_BATCH_BYTES or len(rows) == MAX_BATCH_ROWS):
            yield _batch(rows)
            rows, size = [], 0
        rows.append((key, record))
        size += len(record.text)
    if rows:
        yield _batch(rows)


def _batch(rows: list[tuple[str, Record]]) -> pa.RecordBatch:
    records = [record for _, record in rows]
    columns = [
        [key for key, _ in rows],
        [valid_text(record.origin) for record in records],
        [valid_text(record.work) for record in records],
        [record.ordinal for record in records],
        [record.revised for record in records],
        [valid_text(record.text) for record in records],
        [record.lang for record in records],
        [record.license for record in records],
        [record.note or None for record in records],
        [[valid_text(name) for name in record.speakers] for record in records],
    ]
    arrays = [pa.array(values, field.type) for values, field in zip(columns, RAW_SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=RAW_SCHEMA)


def valid_text(text: str) -> str:
    """Lone surrogates (JSON escapes, broken UTF-16) cannot be UTF-8: each becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def with_column(batch: pa.RecordBatch, name: str, values: pa.Array) -> pa.RecordBatch:
    """The batch with column `name` replaced, or appended at the end."""
    index = batch.schema.get_field_index(name)
    if index < 0:
        return batch.append_column(name, values)
    return batch.set_column(index, name, values)


def split_turns(text: str) -> tuple[str, list[dict[str, str | int]] | None]:
    """Text with turn marks to (plain text, turns); turns is None where the text has no marks.

    The plain text joins the turns by an empty line; start and end are character offsets into it.
    """
    if TURN not in text:
        return text, None
    pieces: list[str] = []
    turns: list[dict[str, str | int]] = []
    position = 0
    for part in text.split(TURN):
        role, mark, content = part.partition(ROLE_END)
        content = (content if mark else part).strip()
        if not content:
            continue
        if pieces:
            position += 2
        if mark:
            turns.append({"role": role.strip(), "start": position, "end": position + len(content)})
        pieces.append(content)
        position += len(content)
    return "\n\n".join(pieces), turns
