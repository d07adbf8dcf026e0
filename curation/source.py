"""The shape of a source: which inputs a folder of dumps holds, and the documents of one input.

A source module (`sources/<kind>.py`, kind as in the recipe) offers
    KIND        the recipe's word
    REASONS     dict of drop reason -> one sentence
    LIBRARIES   distributions whose version decides its output
    Config      a frozen pydantic model (may be empty)
    list_inputs(files, config) -> list[Input]      groups files; every file lands in exactly one input; stable order
    read(item, config) -> Iterator[Record | Dropped]
    splittable(file, config) -> list[Part]         optional: how a large file is cut; its parts together read as the whole

`read` is pure: same bytes and relative paths, same records, on any machine and in any order. It raises InputError
when the input, or the rest of it, cannot be read (records already yielded are kept). What it does not turn into a
document it yields as Dropped: nothing is passed over in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from curation.document import Record

__all__ = [
    "MAX_RECORD_BYTES",
    "NOTES",
    "PART_BYTES",
    "READ_REASONS",
    "Dropped",
    "File",
    "Input",
    "Part",
    "Record",
    "one_input_per_file",
]

PART_BYTES = 64 << 20
MAX_RECORD_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class File:
    """One matched file. `path` is relative to the source's folder, with `/`; `real` is where it lies."""

    path: str
    real: Path
    size: int


@dataclass(frozen=True, slots=True)
class Part:
    """Of a large input, the records that START in decompressed bytes [start, stop)."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a source reads: a file, or files that only make sense together (a Slack folder, a LaTeX tree)."""

    key: str
    files: tuple[File, ...]
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that became no document: `origin` says where, `reason` why; `speakers` only scrub the origin."""

    origin: str
    reason: str
    work: str = ""
    speakers: tuple[str, ...] = ()


def one_input_per_file(files: list[File]) -> list[Input]:
    return [Input(file.path, (file,)) for file in sorted(files, key=lambda file: file.path)]


# What a reader says of a document that it handed over all the same; stands as the reason of a kept row in the ledger.
NOTES = {"doubtful_encoding": "kept, but its encoding was a close call, or bytes that fit no encoding were replaced"}

# What can happen to a file or to a member of an archive in any kind, before a reader has looked at its meaning.
READ_REASONS = {
    "empty": "no text was left, or there was none",
    "binary": "the bytes are no text in any encoding",
    "unreadable": "the file could not be opened or understood",
    "truncated": "the stream ends before its end; what stands before the break is kept",
    "corrupt_archive": "the archive or compressed stream is damaged; what stands before the damage is kept",
    "unsafe_path": "an archive member's name leads out of the archive",
    "link": "an archive member is a link; links are not followed",
    "special_file": "a device, pipe or socket, not a file",
    "encrypted": "the member is encrypted",
    "archive_bomb": "the archive grows beyond all proportion when it is opened",
    "too_deep": "archives within archives, deeper than is read",
    "record_too_large": "one record is larger than max_record_bytes",
    "unknown_format": "no reader knows this format",
    "broken_record": "one record is not valid in its format",
    "in_other_document": "a file of an export, repository or tree whose text, if any, stands in that input's documents",
    "no_document": "the file was read and holds nothing that makes a document",
}
