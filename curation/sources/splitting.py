"""How a large file is cut into parts that are read one by one, and how one part is opened.

In: a File, or an Input with a Part. Out: Parts that cover it, or nothing, and then the file is read as a whole. A part holds
what STARTS in its bytes, so that all parts together give the documents of the whole file, in order:
    plain text, one JSON object a line    in decompressed bytes; a reader starts anywhere
    one JSON list                         the same, where its borders can be told (jsonborders.py)
    account's chats                       the same, at chats (chats/json_pieces.py)
    Stack Exchange XML, feeds             the same, at rows and items (web/stackrows.py, web/feed_items.py)
    Parquet                               row groups, where the file lies there uncompressed
    CSV, WARC                             rows and records, passed over from the start: only that tells where one begins
    zip, tar, 7z                          members, by `archives.Entry.start`; a zip of one file counts as its compression
    a large member of an archive           at the archive's borders, by the lines above but Parquet (insides.py)
A plain file is cut every PART_BYTES. Where a part must be reached from the start there are at most MAX_PARTS of them, so
that all together pass over the file at most 32 times (800 s of CPU for 10 GB of gzip at 400 MB/s, while cleaning and
scrubbing them take hours), and MAX_SLOW_PARTS where passing over is slow: bz2 at 30 MB/s, xz at 80, CSV at 60, WARC at 150.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from curation.errors import InputError
from curation.source import PART_BYTES, Dropped, File, Input, Part, Record
from curation.sources import archives, compression
from curation.sources.compression import BOMB_FREE_BYTES, BOMB_RATIO, CHUNK_BYTES, Budget
from curation.sources.formats import detect
from curation.sources.jsonrows import is_json_lines, list_borders
from curation.sources.members import HEAD_BYTES, Member, clean_name, file_opener, inflated, read_members, read_up_to
from curation.sources.streams import forward, guarded

MAX_PARTS = 64
MAX_SLOW_PARTS = 16
SLOW = frozenset(["bz2", "xz", "lzma", "7z", "csv", "warc", "arc"])
MIN_RATIO = 600  # a file that cannot reach PART_BYTES at this ratio is not worth counting


IsWanted = Callable[[Member, str], bool] | None


def parts(file: File, is_wanted: IsWanted = None) -> list[Part]:
    """Parts that cover the file, in order; empty where it is small or cannot be cut.

    `is_wanted(member, format)`: whether the kind reads such a file by parts, where that is not for the format to say.
    """
    if file.size * MIN_RATIO < PART_BYTES:
        return []
    try:
        member, methods = _opened(file)
        archive = archives.detect(member.head)
        if archive:
            return _by_member(member, archive, methods)
        if compression.detect(member.head):
            return []
        kind = detect(member)
        if not (is_wanted(member, kind) if is_wanted else is_table_or_text(member, kind)) or (kind == "parquet" and methods):
            return []
        size = _num_bytes(member.open()) if methods else file.size
    except InputError:
        return []  # reading it as a whole says what is wrong
    return _steps(size, [*methods, *(["csv"] if kind == "csv" else ["warc"] if kind in ("warc", "arc") else [])])


def is_table_or_text(member: Member, kind: str) -> bool:
    return kind == "text" or is_row_table(member, kind)


def is_row_table(member: Member, kind: str) -> bool:
    return kind in ("csv", "parquet") or (
        kind == "json" and (is_json_lines(member.head) or list_borders(member.head) is not None)
    )


def _steps(size: int, ways: list[str]) -> list[Part]:
    """`ways`: what must be passed over from the start to reach a part; none where a reader seeks."""
    step = PART_BYTES
    if ways:
        step *= -(-size // (PART_BYTES * (MAX_PARTS if SLOW.isdisjoint(ways) else MAX_SLOW_PARTS)))
    return [Part(start, start + step) for start in range(0, size, step)] if size > PART_BYTES else []


def _by_member(member: Member, archive: str, methods: list[str]) -> list[Part]:
    if archive == "rar" or (methods and archive != "tar"):
        return []
    if archive == "tar":
        with member.open() as stream:
            size = _num_bytes(stream)
        return _steps(size, [*methods, "tar", *_slow_members(member, archive, size)])
    with member.open() as stream:
        if archive == "zip" and archives.has_meaning(stream):
            return []
        packed = stream.seek(0, io.SEEK_END)
        stream.seek(0)
        sizes = archives.declared_bytes(stream, archive)
    # What a directory declares is only a claim: one that no honest archive makes is for the whole reading to refuse.
    if sum(sizes) > BOMB_FREE_BYTES + BOMB_RATIO * packed:
        return []
    if archive == "7z" or max(sizes, default=0) > PART_BYTES:
        return _steps(sum(sizes), [archive, *_slow_members(member, archive, sum(sizes))])
    return _steps(sum(sizes), [])


def _slow_members(member: Member, archive: str, size: int) -> list[str]:
    """The formats of large members where passing over is slow: their archive is cut no finer than they alone would be. Only
    an archive of more than MAX_SLOW_PARTS parts is looked into; its damage is for the reading to tell."""
    if archive == "7z" or size <= MAX_SLOW_PARTS * PART_BYTES:
        return []
    found = list[str]()
    with contextlib.suppress(InputError), member.open() as stream:
        for entry in archives.entries(stream, archive):
            if entry.size > PART_BYTES and not entry.reason:
                with entry.open() as content:
                    head = archives.guarded_read(content, HEAD_BYTES)
                found.append(detect(Member(entry.name, entry.name, head, entry.open)))
    return sorted(SLOW.intersection(found))


def read_input(
    item: Input, read_one: Callable[[Member, Part | None], Iterator[Record | Dropped]], is_wanted: IsWanted = None
) -> Iterator[Record | Dropped]:
    """`read_one` over all members, over the members of the part, or over what is read from inside: the file, a large member."""
    if item.part and not is_cut_by_member(item):
        member = part_member(item)
        yield from without_repeats(read_one(member, item.part), member, item.part)
    else:
        each = lambda member: without_repeats(read_one(member, member.part), member, member.part)  # noqa: E731
        yield from read_members(item, each, from_inside(is_wanted))


def from_inside(is_wanted: IsWanted) -> Callable[[Member], bool]:
    """Whether a large member of an archive is read by parts: Parquet, whose footer says where its rows lie, is not."""

    def is_cut(member: Member) -> bool:
        kind = detect(member)
        return kind != "parquet" and (is_wanted(member, kind) if is_wanted else is_table_or_text(member, kind))

    return is_cut


def without_repeats(found: Iterator[Record | Dropped], member: Member, part: Part | None) -> Iterator[Record | Dropped]:
    """What is said of the file as a whole (a format that nobody reads) is said by its first part only."""
    for event in found:
        if not (part and part.start and isinstance(event, Dropped) and event.origin == member.origin):
            yield event


def member_names(file: File) -> Iterator[str]:
    """Names of the entries of the archive that a file is; none for any other file."""
    member = _opened(file)[0]
    kind = archives.detect(member.head)
    if kind in ("zip", "tar", "7z"):
        yield from (clean_name(entry.name) for entry in archives.entries(member.open(), kind))


def is_cut_by_member(item: Input) -> bool:
    """Whether the parts of this input are members of an archive."""
    return bool(archives.detect(part_member(item).head))


def part_member(item: Input) -> Member:
    """The one file of an input with a Part, opened so that a reader can seek forward to the part."""
    (file,) = item.files
    return _opened(file)[0]


def _opened(file: File) -> tuple[Member, list[str]]:
    """The file without its compression, and by which words that was put on."""
    opener, name, origin, methods = file_opener(file), file.path, file.path, []
    head = _head(opener)
    if archives.detect(head) == "zip" and (only := _only_entry(opener)):
        packed = guarded(only.open, Budget(file.real.stat().st_size), only.size)
        opener, methods, head = packed, ["zip"], _head(packed)
        name = clean_name(only.name)
        origin = f"{file.path}!{name}"
    elif method := compression.detect(head):
        packed = guarded(inflated(opener, method), Budget(file.real.stat().st_size))
        opener, methods, head = packed, [method], _head(packed)
        name = compression.without_suffix(file.path)
    if not methods:
        return Member(origin, name, head, opener), methods
    return Member(origin, name, head, lambda: forward(opener())), methods


def _only_entry(opener: Callable[[], BinaryIO]) -> archives.Entry | None:
    """The file in a zip that holds one and is no document itself."""
    stream = opener()
    if archives.has_meaning(stream):
        return None
    entries = archives.entries(stream, "zip")
    first, second = next(entries, None), next(entries, None)
    if first is None or second or first.reason:
        return None
    with first.open() as content:
        head = archives.guarded_read(content, HEAD_BYTES)
    return None if archives.detect(head) or compression.detect(head) else first


def _head(opener: Callable[[], BinaryIO]) -> bytes:
    with opener() as stream:
        return read_up_to(stream, HEAD_BYTES)


def _num_bytes(stream: BinaryIO) -> int:
    size = 0
    while piece := stream.read(CHUNK_BYTES):
        size += len(piece)
    return size
