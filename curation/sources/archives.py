"""Archives as a stream of entries: zip, tar and 7z, recognized by content.

In: a binary stream (seekable for zip and 7z). Out: entries in a stable order: zip by name, tar and 7z as they lie.
An entry that must not be read carries a drop reason instead of content: `link`, `special_file` (devices, pipes),
`encrypted`, `unsafe_path`, `archive_bomb`, `corrupt_archive`. Nothing is ever written under a name from an archive.
Damage raises InputError("truncated" | "corrupt_archive") after what was readable.

zip members are checked against their declared ratio before a byte is read; everything is counted while it is read.
"""

from __future__ import annotations

import contextlib
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, cast

from curation.errors import InputError
from curation.sources import zipdirectory
from curation.sources.compression import BOMB_FREE_BYTES, BOMB_RATIO
from curation.sources.naturalorder import natural
from curation.sources.zipdirectory import MAX_ZIP_ENTRIES

SMALL_BYTES = 1 << 20
TAR_BUFFER_BYTES = 256 << 10  # tarfile's own 10 KiB pass over a member at a quarter of the speed

_ZIP_HEADER = struct.Struct("<4s2xH18xHH")
_ENCRYPTED, _PATCHED, _UTF8 = 0x01, 0x20, 0x800

# What the standard library raises on hostile archives; beyond its own errors, whatever its parsers trip over.
DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, LookupError,
    OverflowError, AttributeError, TypeError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """`reason` is set where the entry must not be read. `reopen`: `open` may be called again, and later.

    `start` grows from entry to entry: the header's offset in a tar, in zip and 7z the bytes of all entries before.
    `content`: all of a small entry in one go, or None where it must be read by `open`.
    """

    name: str
    size: int
    open: Callable[[], BinaryIO]
    reopen: bool = False
    reason: str = ""
    start: int = 0
    content: Callable[[], bytes | None] = lambda: None


def detect(head: bytes) -> str | None:
    """zip, tar or 7z by the first bytes; `rar` and others that we cannot open have names too."""
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06") or head[:8] == b"PK00PK\x03\x04":
        return "zip"
    if head[:6] == b"7z\xbc\xaf\x27\x1c":
        return "7z"
    if head[:6] == b"Rar!\x1a\x07":
        return "rar"
    if is_tar(head):
        return "tar"
    return None


def is_tar(head: bytes) -> bool:
    """A tar header block has the sum of its own bytes at offset 148 (counted with eight spaces there)."""
    if len(head) < 512 or not head[0]:
        return False
    if head[257:262] == b"ustar":
        return True
    digits = head[148:156].strip(b"\0 ")
    if not digits or digits.strip(b"01234567"):
        return False
    return sum(head[:148]) + 8 * 32 + sum(head[156:512]) == int(digits, 8)


def safe_path(name: str) -> bool:
    is_parent = ".." in name and ".." in name.replace("\\", "/").split("/")
    has_drive = name[1:2] == ":" and name[0].isascii() and name[0].isalpha()
    return not ("\0" in name or is_parent or name[:1] in "/\\" or has_drive) and bool(name.strip("./ "))


def entries(stream: BinaryIO, kind: str) -> Iterator[Entry]:
    """The entries of an archive; folders are none."""
    if kind == "zip":
        return zip_entries(open_zip(stream))
    if kind == "tar":
        return _tar_entries(stream)
    if kind == "7z":
        from curation.sources.sevenzip import sevenzip_entries

        return sevenzip_entries(stream)
    raise InputError("unknown_format", kind)


def declared_bytes(stream: BinaryIO, kind: str) -> list[int]:
    """What the directory of a zip says that its entries hold, that of a 7z all together."""
    if kind == "zip":
        return [info.file_size for info in open_zip(stream).infolist()]
    from curation.sources.sevenzip import sevenzip_bytes

    return [sevenzip_bytes(stream)]


def has_meaning(stream: BinaryIO) -> bool:
    """Whether the stream is a zip that is a document itself."""
    try:
        return is_document(open_zip(stream))
    except InputError:
        return False


def is_document(archive: zipfile.ZipFile) -> bool:
    """EPUB, DOCX, ODT …, rather than a container of documents."""
    infos = archive.infolist()
    first = infos[0].filename if infos else ""
    marks = ("[Content_Types].xml", "META-INF/container.xml", "META-INF/manifest.xml")
    return first == "mimetype" or any(mark in archive.NameToInfo for mark in marks)


def open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    """A zip with a directory of bounded size, or InputError."""
    try:
        zipdirectory.span(stream)
        return zipfile.ZipFile(stream)
    except DAMAGE as error:
        raise InputError("corrupt_archive", f"zip: {error}") from None


def zip_entries(archive: zipfile.ZipFile) -> Iterator[Entry]:
    infos = [info for info in archive.infolist() if not info.filename or not info.is_dir()]
    if len(infos) > MAX_ZIP_ENTRIES:
        raise InputError("archive_bomb", "too many entries")
    start = 0
    for info in sorted(infos, key=lambda info: (natural(zip_name(info)), info.header_offset)):
        name = zip_name(info)
        yield Entry(
            name, info.file_size, _zip_opener(archive, info), reopen=True, reason=_zip_reason(info, name), start=start,
            content=partial(_zip_content, archive, info),
        )  # fmt: skip
        start += info.file_size


def zip_name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag are often UTF-8 all the same; zipfile reads them as CP437."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _zip_reason(info: zipfile.ZipInfo, name: str) -> str:
    mode = info.external_attr >> 16
    if not safe_path(info.orig_filename) or (name != info.orig_filename and not safe_path(name)):
        return "unsafe_path"
    if stat.S_ISLNK(mode):
        return "link"
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "special_file"
    if info.flag_bits & 0x1:
        return "encrypted"
    if info.file_size > BOMB_FREE_BYTES // 8 and info.file_size > BOMB_RATIO * max(info.compress_size, 1):
        return "archive_bomb"
    return ""


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            return cast(BinaryIO, archive.open(info))
        except DAMAGE as error:
            raise InputError("corrupt_archive", f"zip: {error}") from None

    return opened


def _zip_content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """A small entry that is sound in every respect, in half the time of zipfile's streams: they tell what is wrong."""
    is_plain = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not info.flag_bits & (_ENCRYPTED | _PATCHED)
    if not is_plain or info.file_size > SMALL_BYTES or info.compress_size > SMALL_BYTES:
        return None
    stream = cast(BinaryIO, archive.fp)
    try:
        stream.seek(info.header_offset)
        header = stream.read(_ZIP_HEADER.size)
        magic, flags, name_bytes, extra_bytes = _ZIP_HEADER.unpack(header)
        raw = stream.read(name_bytes + extra_bytes)[:name_bytes]
        name = raw.decode("utf-8" if flags & _UTF8 or raw.isascii() else "cp437")  # CP437 is decoded by Python code
        packed = stream.read(info.compress_size)
        if info.compress_type == zipfile.ZIP_DEFLATED:
            inflater = zlib.decompressobj(-15)
            data = inflater.decompress(packed, info.file_size + 1)
            if not inflater.eof:
                return None
        else:
            data = packed
    except DAMAGE:
        return None
    is_sound = magic == b"PK\x03\x04" and name == info.orig_filename and len(packed) == info.compress_size
    return data if is_sound and len(data) == info.file_size and zlib.crc32(data) == info.CRC else None


class _Header(tarfile.TarInfo):
    """tarfile ends silently at a damaged or cut header; this one remembers why it ended."""

    @classmethod
    def fromtarfile(cls, archive: Any) -> Any:
        archive.ended_by = None
        try:
            return super().fromtarfile(archive)
        except tarfile.HeaderError as error:
            archive.ended_by = error
            raise


def _tar_entries(stream: BinaryIO) -> Iterator[Entry]:
    try:
        archive: Any = tarfile.open(  # noqa: SIM115
            fileobj=stream, mode="r|", tarinfo=_Header, errors="surrogateescape", bufsize=TAR_BUFFER_BYTES
        )
        while (header := archive.next()) is not None:
            archive.members.clear()  # a stream needs no list, and it would grow without bound
            if not header.isdir():
                yield Entry(
                    header.name, header.size, _tar_opener(archive, header), reason=_tar_reason(header), start=header.offset
                )
    except DAMAGE as error:
        reason = "truncated" if "end of data" in str(error) or "truncated" in str(error) else "corrupt_archive"
        raise InputError(reason, f"tar: {error}") from None
    if isinstance(archive.ended_by, tarfile.TruncatedHeaderError):  # type: ignore[attr-defined]
        raise InputError("truncated", "tar header")
    if isinstance(archive.ended_by, (tarfile.InvalidHeaderError, tarfile.SubsequentHeaderError)):  # type: ignore[attr-defined]
        raise InputError("corrupt_archive", "tar header")


def _tar_reason(header: tarfile.TarInfo) -> str:
    if header.issym() or header.islnk():
        return "link"
    if not header.isfile():
        return "special_file"
    return "" if safe_path(header.name) else "unsafe_path"


def _tar_opener(archive: tarfile.TarFile, header: tarfile.TarInfo) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        try:
            stream = archive.extractfile(header)
        except DAMAGE as error:
            raise InputError("corrupt_archive", f"tar: {error}") from None
        if stream is None:
            raise InputError("unreadable", "tar member without content")
        return cast(BinaryIO, stream)

    return opened


def guarded_read(stream: BinaryIO, size: int) -> bytes:
    """Read with every library's complaint about damage turned into InputError."""
    try:
        return stream.read(size)
    except InputError:
        raise
    except DAMAGE as error:
        cut = isinstance(error, EOFError) or "end of data" in str(error)
        raise InputError("truncated" if cut else "corrupt_archive", str(error)) from None
