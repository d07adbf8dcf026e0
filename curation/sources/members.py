"""Every file inside an input: compression removed, archives walked, all by content and never by name.

In: an Input. Out: Members (a name, its first bytes, a way to open it) and Dropped for what must not be read:
empty, link, special_file, encrypted, unsafe_path, archive_bomb, too_deep, unknown_format (rar), and, inside archives,
truncated and corrupt_archive. Damage of a file of the input itself raises InputError after what was readable.

Order: files by path; zip members by name; tar and 7z members as they lie. Origins are unique within an input: a name
that occurs again gets `~2`. A zip that is a document itself (EPUB, DOCX, ODT) is handed on whole.
Unscrubbed bytes never stay on disk: what must be seekable lies in memory or in unlinked temporary files.
"""

from __future__ import annotations

import contextlib
import io
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from curation.document import valid_text
from curation.errors import InputError
from curation.source import MAX_RECORD_BYTES, Dropped, File, Input, Part, Record
from curation.sources import archives, compression
from curation.sources.compression import CHUNK_BYTES, Budget
from curation.sources.insides import inner_part
from curation.sources.naturalorder import natural
from curation.sources.spool import Spool, is_on_disk, open_file
from curation.sources.streams import Replayed, forward, guarded

if TYPE_CHECKING:
    from curation.sources.trees import Tree

HEAD_BYTES = 64 << 10
MAX_DEPTH = 8  # layers of compression and archives around one file


@dataclass(frozen=True, slots=True)
class Member:
    """`origin`: rel/path!inner/name; `name`: the innermost path; `head`: its first 64 KiB.

    `open` gives the bytes from the start; valid while the member is current. A member of a streamed archive larger
    than 64 KiB can be opened once only (`reopen` is False there). `part`: what of it to read, if not all (insides.py).
    """

    origin: str
    name: str
    head: bytes
    open: Callable[[], BinaryIO]
    reopen: bool = True
    part: Part | None = None

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


def members(item: Input, is_cut: Callable[[Member], bool] | None = None) -> Iterator[Member | Dropped]:
    """All files of the input, or the members of its archive that start in its part (splitting.py).

    `is_cut(member)`: whether a large member is read from inside, so that it may have a `part`.
    Damage raises where the input is one file, and is Dropped where it is several.
    """
    for file in sorted(item.files, key=lambda file: natural(file.path)):
        try:
            yield from _unique(_file_members(file, item.part, is_cut))
        except InputError as error:
            if len(item.files) == 1:
                raise InputError(error.reason, error.what, where=file.path) from None
            yield Dropped(file.path, error.reason)


def read_members(
    item: Input, read_one: Callable[[Member], Iterator[Record | Dropped]], is_cut: Callable[[Member], bool] | None = None
) -> Iterator[Record | Dropped]:
    """`read_one` over all members; a member that cannot be read is Dropped with its reason."""
    for member in members(item, is_cut):
        if isinstance(member, Dropped):
            yield member
            continue
        try:
            yield from read_one(member)
        except InputError as error:
            yield damaged(member, error)


def damaged(member: Member, error: InputError) -> Dropped:
    is_inside = member.part is not None and member.part.start > 0
    return Dropped(f"{member.origin}#byte {member.part.start}" if is_inside and member.part else member.origin, error.reason)


def tree(item: Input) -> Tree:
    """Random access by name over a folder-input or archive: see trees.py."""
    from curation.sources.trees import tree as opened_tree

    return opened_tree(item)


_IsCut = Callable[[Member], bool] | None


def _file_members(file: File, part: Part | None, is_cut: _IsCut) -> Iterator[Member | Dropped | _Passed]:
    try:
        status = file.real.stat()
    except OSError:
        raise InputError("unreadable") from None
    if not stat.S_ISREG(status.st_mode):
        yield Dropped(file.path, "special_file")
        return
    whole = Member(file.path, file.path, b"", file_opener(file))
    yield from expanded(whole, Budget(status.st_size), part=part, is_cut=is_cut)


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
    member: Member,
    budget: Budget,
    depth: int = 0,
    part: Part | None = None,
    is_cut: _IsCut = None,
    content: bytes | None = None,
) -> Iterator[Member | Dropped | _Passed]:
    """What one stream holds: itself, or the members of the archive that it is. `content`: all of it, where it is at hand."""
    member = _looked_at(member, content)
    head = member.head
    if not head:
        yield Dropped(member.origin, "empty")
        return
    method, kind = compression.detect(head), archives.detect(head)
    if (method or kind) and depth >= MAX_DEPTH:
        yield Dropped(member.origin, "too_deep")
    elif method:
        inner = guarded(inflated(member.open, method), budget)
        name = compression.without_suffix(member.name)
        yield from expanded(Member(member.origin, name, b"", inner, member.reopen), budget, depth + 1, part, is_cut)
    elif kind:
        yield from _walked(member, kind, budget, depth, part, is_cut)
    else:
        yield member


def _walked(
    member: Member, kind: str, budget: Budget, depth: int, part: Part | None, is_cut: _IsCut
) -> Iterator[Member | Dropped | _Passed]:
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
        size = entry.size if kind == "zip" else None
        inside = Member(origin, name, b"", guarded(entry.open, budget, size), entry.reopen)
        inner = inner_part(entry, part) if part and is_cut else None
        if inner and is_cut:
            with contextlib.suppress(InputError):  # read as a whole, it says what is wrong
                inside = _looked_at(inside)
            if inside.head and not (compression.detect(inside.head) or archives.detect(inside.head)) and is_cut(inside):
                yield replace(inside, part=inner, open=_forward(inside.open))
                if part and part.stop <= entry.start + entry.size:
                    return
                continue
        if part and entry.start < part.start:
            yield _Passed(origin)
            continue
        if entry.reason:
            yield Dropped(origin, entry.reason)
            continue
        try:
            content = entry.content()
            budget.spend(len(content or b""))
            yield from expanded(inside, budget, depth + 1, content=content)
        except InputError as error:
            if error.reason == "archive_bomb":
                raise
            yield Dropped(origin, error.reason)
    if not found and not part:
        yield Dropped(member.origin, "empty")


def _looked_at(member: Member, content: bytes | None = None) -> Member:
    if content is None:
        stream = member.open()
        head = read_up_to(stream, HEAD_BYTES)
        opened = _again(member, head, stream)
    else:
        head, opened = content[:HEAD_BYTES], partial(io.BytesIO, content)
    return Member(member.origin, member.name, head, opened, member.reopen or len(head) < HEAD_BYTES)


def _forward(opener: Callable[[], BinaryIO]) -> Callable[[], BinaryIO]:
    return lambda: forward(opener())


def inflated(opener: Callable[[], BinaryIO], method: str) -> Callable[[], BinaryIO]:
    return lambda: compression.decompressed(opener(), method)


def clean_name(name: str) -> str:
    while name.startswith("./"):
        name = name[2:]
    return valid_text(name.replace("\\", "/"))


def read_up_to(stream: BinaryIO, size: int) -> bytes:
    """`size` bytes, fewer only at the end of the stream."""
    pieces = []
    while size > 0 and (piece := stream.read(min(size, CHUNK_BYTES))):  # a buffer of all that may come is slow to be had
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
        return io.BufferedReader(Replayed(head, streams.pop()), CHUNK_BYTES)

    return once
