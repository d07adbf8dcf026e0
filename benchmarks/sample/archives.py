"""Archives with fixed dates and owners: the same members give the same bytes on every machine with the same compression
library.
"""

import bz2
import gzip
import io
import tarfile
import zipfile

FIXED_DATE = (2024, 3, 1, 12, 0, 0)
FIXED_TIME = 1_709_294_400  # 2024-03-01T12:00:00Z


def zipped(members: dict[str, bytes], *, stored: frozenset[str] = frozenset()) -> bytes:
    """A zip with the members in the given order; those in `stored` are not compressed (an EPUB's `mimetype`)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, FIXED_DATE)
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, content)
    return buffer.getvalue()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def tar_gz(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(content), FIXED_TIME, 0o644
            archive.addfile(info, io.BytesIO(content))
    return gzipped(buffer.getvalue())


def multistream_bz2(chunks: list[bytes]) -> bytes:
    """Concatenated bzip2 streams, as Wikimedia publishes its dumps."""
    return b"".join(bz2.compress(chunk) for chunk in chunks)
