"""Every file inside an input: compression removed, archives walked, all by content and never by name.

In: an Input. Out: Members (a name, its first bytes, a way to open it) and Dropped for what must not be read:
empty, link, special_file, encrypted, unsafe_path, archive_bomb, too_deep, unknown_format (rar), and, inside archives,
truncated and corrupt_archive. Damage of a file of the input itself raises InputError after what was readable.

Order: files by path; zip members by name; tar and 7z members as they lie. Origins are unique within an input: a name
that occurs again gets `~2`. A zip that is a document itself (EPUB, DOCX, ODT) is handed on whole.
Unscrubbed bytes never stay on disk: what must be seekable lies in memory or in unlinked temporary files.
"""

from __future__ import annotations

import io
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from curation.document import valid_text
from curation.errors import InputError
from curation.source import MAX_RECORD_BYTES, Dropped, File, Input, Part, Record
from curation.sources import archives, compression
from curation.sources.compression import CHUNK_BYTES, Budget
from curation.sources.spool import Spool, is_on_disk, open_file

if TYPE_CHECKING:
    from curation.sources.trees import Tree

HEAD_BYTES = 64 << 10
MAX_DEPTH = 8  # layers of compression and archives around one file


@dataclass(frozen=True, slots=True)
class Member:
    """`origin`: rel/path!inner/name; `name`: the innermost path; `head`: its first 64 KiB.

    `open` gives the bytes from the start; valid while the member is current. A member of a streamed archive larger
    than 64 KiB can be opened once only (`reopen` is False there).
    """

    origin: str
    name: str
    head: bytes
    open: Callable[[], BinaryIO]
    reopen: bool = True

    def read(self, limit: int = MAX_RECORD_BYTES) -> bytes:
        """The whole content; InputError("record_too_large") above `limit` bytes."""
        if len(self.head) < HEAD_BYTES and len(self.head) <= limit:
            return self.head
        stream = self.open()
        pieces, size = [], 0
        while piece := stream.read(CHUNK_BYTES):
            size += len(piece)
            if size > limit:
                raise InputError("record_too_large", where=self.origin)
            pieces.append(piece)
        return b"".join(pieces)


def members(item: Input) -> Iterator[Member | Dropped]:
    """All files of the input, or the members of its archive that start in its part (splitting.py).

    Damage raises where the input is one file, and is Dropped where it is several.
    """
    for file in sorted(item.files, key=lambda file: file.path):
        try:
            yield from _unique(_file_members(file, item.part))
        except InputError as error:
            if len(item.files) == 1:
                raise InputError(error.reason, error.what, where=file.path) from None
            yield Dropped(file.path, error.reason)


def read_members(item: Input, read_one: Callable[[Member], Iterator[Record | Dropped]]) -> Iterator[Record | Dropped]:
    """`read_one` over all members; a member that cannot be read is Dropped with its reason."""
    for member in members(item):
        if isinstance(member, Dropped):
            yield member
            continue
        try:
            yield from read_one(member)
        except InputError as error:
            yield Dropped(member.origin, error.reason)


def tree(item: Input) -> Tree:
    """Random access by name over a folder-input or archive: see trees.py."""
    from curation.sources.trees import tree as opened_tree

    return opened_tree(item)


def _file_members(file: File, part: Part | None) -> Iterator[Member | Dropped | _Passed]:
    try:
        status = file.real.stat()
    except OSError:
        raise InputError("unreadable") from None
    if not stat.S_ISREG(status.st_mode):
        yield Dropped(file.path, "special_file")
        return
    whole = Member(file.path, file.path, b"", file_opener(file))
    yield from expanded(whole, Budget(status.st_size), part=part)


def file_opener(file: File) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            return open_file(file.real)
        except OSError:
            raise InputError("unreadable", where=file.path) from None

    return opened


@dataclass(frozen=True, slots=True)
class _Passed:
    """A member of an archive that another part of it reads: only its name counts."""

    origin: str


def _unique(found: Iterator[Member | Dropped | _Passed]) -> Iterator[Member | Dropped]:
    seen: dict[int, int] = {}
    for member in found:
        key = hash(member.origin)
        seen[key] = count = seen.get(key, 0) + 1
        if not isinstance(member, _Passed):
            yield member if count == 1 else replace(member, origin=f"{member.origin}~{count}")


def expanded(
    member: Member, budget: Budget, depth: int = 0, part: Part | None = None, content: bytes | None = None
) -> Iterator[Member | Dropped | _Passed]:
    """What one stream holds: itself, or the members of the archive that it is. `content`: all of it, where it is at hand."""
    if content is None:
        stream = member.open()
        head = read_up_to(stream, HEAD_BYTES)
        opened = _again(member, head, stream)
    else:
        head, opened = content[:HEAD_BYTES], partial(io.BytesIO, content)
    if not head:
        yield Dropped(member.origin, "empty")
        return
    member = Member(member.origin, member.name, head, opened, member.reopen or len(head) < HEAD_BYTES)
    method, kind = compression.detect(head), archives.detect(head)
    if (method or kind) and depth >= MAX_DEPTH:
        yield Dropped(member.origin, "too_deep")
    elif method:
        inner = guarded(inflated(member.open, method), budget)
        name = compression.without_suffix(member.name)
        yield from expanded(Member(member.origin, name, b"", inner, member.reopen), budget, depth + 1, part)
    elif kind:
        yield from _walked(member, kind, budget, depth, part)
    else:
        yield member


def _walked(member: Member, kind: str, budget: Budget, depth: int, part: Part | None) -> Iterator[Member | Dropped | _Passed]:
    stream = member.open() if kind == "tar" else seekable(member.open())
    if kind == "zip":
        archive = archives.open_zip(stream)
        if archives.is_document(archive):
            yield replace(member, open=lambda: _rewound(stream), reopen=True)
            return
    found = False
    for entry in archives.zip_entries(archive) if kind == "zip" else archives.entries(stream, kind):
        found = True
        budget.count_member()
        name = clean_name(entry.name)
        origin = f"{member.origin}!{name}"
        if part and entry.start >= part.stop:
            return
        if part and entry.start < part.start:
            yield _Passed(origin)
            continue
        if entry.reason:
            yield Dropped(origin, entry.reason)
            continue
        try:
            size = entry.size if kind == "zip" else None
            inner = Member(origin, name, b"", guarded(entry.open, budget, size), entry.reopen)
            content = entry.content()
            budget.spend(len(content or b""))
            yield from expanded(inner, budget, depth + 1, content=content)
        except InputError as error:
            if error.reason == "archive_bomb":
                raise
            yield Dropped(origin, error.reason)
    if not found and not part:
        yield Dropped(member.origin, "empty")


def inflated(opener: Callable[[], BinaryIO], method: str) -> Callable[[], BinaryIO]:
    return lambda: compression.decompressed(opener(), method)


def clean_name(name: str) -> str:
    while name.startswith("./"):
        name = name[2:]
    return valid_text(name.replace("\\", "/"))


def read_up_to(stream: BinaryIO, size: int) -> bytes:
    """`size` bytes, fewer only at the end of the stream."""
    pieces = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def seekable(stream: BinaryIO) -> BinaryIO:
    """The stream itself where it lies on disk or in memory, else a copy in memory or in an unlinked file."""
    if isinstance(stream, io.BytesIO) or is_on_disk(stream):
        return stream
    copy = Spool()
    while piece := stream.read(CHUNK_BYTES):
        copy.write(piece)
    copy.seek(0)
    return copy  # type: ignore[return-value]


def _rewound(stream: BinaryIO) -> BinaryIO:
    stream.seek(0)
    return stream


def _again(member: Member, head: bytes, stream: BinaryIO) -> Callable[[], BinaryIO]:
    if len(head) < HEAD_BYTES:
        return lambda: io.BytesIO(head)
    if member.reopen:
        stream.close()
        return member.open
    streams = [stream]

    def once() -> BinaryIO:
        if not streams:
            raise RuntimeError("a member of a streamed archive was opened twice")
        return io.BufferedReader(_Replayed(head, streams.pop()), CHUNK_BYTES)

    return once


def guarded(opener: Callable[[], BinaryIO], budget: Budget, size: int | None = None) -> Callable[[], BinaryIO]:
    return lambda: io.BufferedReader(_Guarded(opener(), budget, size), CHUNK_BYTES)


class _Guarded(io.RawIOBase):
    """Counts what comes out against the budget; turns the libraries' complaints into InputError."""

    def __init__(self, stream: BinaryIO, budget: Budget, size: int | None) -> None:
        self._stream, self._budget, self._left = stream, budget, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = archives.guarded_read(self._stream, len(buffer))
        self._budget.spend(len(data))
        if self._left is not None:
            self._left -= len(data)
            if not data and self._left > 0:  # zipfile ends quietly where less comes out than was declared
                raise InputError("truncated")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


class _Replayed(io.RawIOBase):
    """A stream whose first bytes were taken for a look."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head, self._stream = memoryview(head), stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head:
            data: bytes | memoryview = self._head[: len(buffer)]
            self._head = self._head[len(data) :]
        else:
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
