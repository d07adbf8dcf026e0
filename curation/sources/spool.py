"""Files that close themselves when nobody holds them: a member's stream lives as long as its reader wants it.

`Disk`: a file on disk. `Spool`: bytes that must be seekable, in memory up to `SPOOL_BYTES`, above that in an unlinked
temporary file, so that unscrubbed text never stays on disk.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

SPOOL_BYTES = 32 << 20


class Disk(io.RawIOBase):
    """A FileIO that closes itself in silence; a FileIO of one's own subclass still warns through its buffer."""

    def __init__(self, path: Path) -> None:
        self._file = io.FileIO(path)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any) -> int | None:
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class Spool(tempfile.SpooledTemporaryFile[bytes]):
    def __init__(self) -> None:
        super().__init__(SPOOL_BYTES)

    def __del__(self) -> None:
        self.close()


def open_file(path: Path) -> BinaryIO:
    return io.BufferedReader(Disk(path), 1 << 18)


def is_on_disk(stream: BinaryIO) -> bool:
    return isinstance(stream, io.BufferedReader) and isinstance(stream.raw, Disk)
