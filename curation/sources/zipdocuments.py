"""Documents that are zips: EPUB, DOCX and ODT. Which one it is, and safe reading of one entry.

In: a Member whose head is a zip's. Out: ("epub" | "docx" | "odt" | "", archive). Entries are read up to MAX_ENTRY_BYTES
and within a common budget, so a bomb inside a document ends as InputError("archive_bomb").
"""

from __future__ import annotations

import zipfile

from curation.errors import InputError
from curation.source import MAX_RECORD_BYTES
from curation.sources.archives import DAMAGE, guarded_read, open_zip
from curation.sources.members import Member, seekable

MAX_ENTRIES = 20_000


def open_document(member: Member) -> tuple[str, zipfile.ZipFile]:
    archive = open_zip(seekable(member.open()))
    names = set(archive.namelist())
    total = sum(info.file_size for info in archive.infolist())
    if len(names) > MAX_ENTRIES or total > 1 << 31:
        raise InputError("archive_bomb", "document")
    if "word/document.xml" in names:
        return "docx", archive
    if "META-INF/container.xml" in names or any(name.lower().endswith(".opf") for name in names):
        return "epub", archive
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return "odt", archive
    return "", archive


def zip_read(archive: zipfile.ZipFile, name: str) -> bytes:
    """One entry; InputError where it is missing, damaged, encrypted or too large."""
    try:
        info = archive.getinfo(name)
        if info.flag_bits & 0x1:
            raise InputError("encrypted", name)
        stream = archive.open(info)
    except KeyError:
        raise InputError("unreadable", f"{name} is missing") from None
    except DAMAGE as error:
        raise InputError("corrupt_archive", str(error)) from None
    with stream:
        data = guarded_read(stream, MAX_RECORD_BYTES + 1)  # type: ignore[arg-type]
    if len(data) > MAX_RECORD_BYTES:
        raise InputError("archive_bomb", name)
    return data
