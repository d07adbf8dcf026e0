"""Books: plain texts of any encoding, Gutenberg's among them, cut into documents of bounded size.

In: one file an input. Out: Records of at most `max_document_bytes`, chapter by chapter, `work` = the book's path,
`ordinal` = number of the piece, origin `path#number`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from curation.source import Dropped, File, Input, Record, one_input_per_file
from curation.sources.encoding import is_binary
from curation.sources.gutenberg import strip_frame
from curation.sources.members import Member, read_members
from curation.sources.pieces import pieces
from curation.sources.segments import segments
from curation.stage import Settings

KIND = "books"
LIBRARIES: tuple[str, ...] = ("charset-normalizer",)
REASONS = {
    "empty": "the file holds no text",
    "binary": "the file is no text in any encoding",
}


class Config(Settings):
    """Settings of a books source."""

    max_document_bytes: int = Field(128 << 10, ge=1024, le=32 << 20)


def list_inputs(files: list[File], config: Config) -> list[Input]:
    return one_input_per_file(files)


def read(item: Input, config: Config) -> Iterator[Record | Dropped]:
    yield from read_members(item, lambda member: _read_member(member, config))


def _read_member(member: Member, config: Config) -> Iterator[Record | Dropped]:
    if is_binary(member.head):
        yield Dropped(member.origin, "binary")
        return
    number = 0
    for segment in segments(member.open()):
        text, _ = strip_frame(segment.text.replace("\r\n", "\n").replace("\r", "\n"))
        for piece in pieces([text], config.max_document_bytes):
            number += 1
            yield Record(f"{member.origin}#{number}", piece, work=member.origin, ordinal=number)
    if not number:
        yield Dropped(member.origin, "empty")
