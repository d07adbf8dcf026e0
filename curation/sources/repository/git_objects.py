"""Bare git repositories: the files of the newest commit, read from loose objects and packs without git.

In: a Tree over the repository's files. Out: path and content of every file of HEAD's tree; links and submodules are passed
by. Deltas are applied to a bounded depth, sizes are bounded: InputError("corrupt_archive" | "archive_bomb").
Reference: https://git-scm.com/docs/gitformat-pack.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from curation.errors import InputError
from curation.sources.members import seekable
from curation.sources.trees import Tree

MAX_OBJECT_BYTES = 64 << 20
MAX_DELTAS = 5000
MAX_TREE_DEPTH = 60
_TYPES = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_NAME = re.compile(r"[0-9a-f]{40}")


def is_bare(names: list[str]) -> bool:
    """Whether these are the files of a repository without a checkout."""
    known = set(names)
    has_objects = any(name.startswith("objects/") for name in names)
    return "HEAD" in known and has_objects and ("packed-refs" in known or any(name.startswith("refs/") for name in names))


class Repository:
    """Objects by their hexadecimal name."""

    def __init__(self, tree: Tree, root: str = "") -> None:
        self._tree, self._root = tree, root
        self._packed: dict[str, tuple[str, int]] = {}
        self._streams: dict[str, BinaryIO] = {}
        self._open_bases: set[str] = set()
        for name in tree.names():
            if name.startswith(f"{root}objects/pack/") and name.endswith(".idx"):
                self._read_index(name)

    def files(self) -> Iterator[tuple[str, str]]:
        """(path, object name) of the files of HEAD's tree, in the order of the tree; `read` gives their content."""
        name = self._head()
        kind, data = self.read(name)
        while kind == "tag":
            name = data.partition(b"object ")[2][:40].decode("ascii", "replace")
            kind, data = self.read(name)
        if kind != "commit" or not data.startswith(b"tree "):
            raise InputError("corrupt_archive")
        yield from self._walk(data[5:45].decode("ascii", "replace"), "", 0)

    def _walk(self, name: str, prefix: str, depth: int) -> Iterator[tuple[str, str]]:
        if depth > MAX_TREE_DEPTH:
            raise InputError("too_deep")
        kind, data = self.read(name)
        if kind != "tree":
            raise InputError("corrupt_archive")
        position = 0
        while position < len(data):
            space, end = data.find(b" ", position), data.find(b"\0", position)
            if not position < space < end or end + 21 > len(data):
                raise InputError("corrupt_archive")
            mode, path = data[position:space], data[space + 1 : end].decode("utf-8", "replace")
            child = data[end + 1 : end + 21].hex()
            position = end + 21
            if mode in (b"40000", b"040000"):
                yield from self._walk(child, f"{prefix}{path}/", depth + 1)
            elif mode.startswith(b"100"):
                yield prefix + path, child

    def _head(self) -> str:
        text = self._text("HEAD").strip()
        for _ in range(5):
            if _NAME.fullmatch(text):
                return text
            reference = text.removeprefix("ref:").strip()
            text = self._text(reference).strip() if self._root + reference in self._tree else self._packed_reference(reference)
        raise InputError("corrupt_archive")

    def _packed_reference(self, reference: str) -> str:
        lines = self._text("packed-refs").split("\n") if f"{self._root}packed-refs" in self._tree else []
        references = [line.split(" ", 1) for line in lines if _NAME.match(line) and " " in line]
        found = {name.strip(): value for value, name in references}
        branches = [value for name, value in sorted(found.items()) if name.startswith("refs/heads/")]
        if reference in found:
            return found[reference]
        if branches:
            return branches[0]
        raise InputError("no_document")

    def _text(self, name: str) -> str:
        return self._tree.read(self._root + name, MAX_OBJECT_BYTES).decode("utf-8", "replace")

    def read(self, name: str) -> tuple[str, bytes]:
        """(type, content) of an object."""
        if name in self._packed:
            return self._from_pack(*self._packed[name])
        path = f"{self._root}objects/{name[:2]}/{name[2:]}"
        if path not in self._tree:
            raise InputError("corrupt_archive")
        header, _, content = _inflated(self._tree.read(path, MAX_OBJECT_BYTES)).partition(b"\0")
        return header.split(b" ")[0].decode("ascii", "replace"), content

    def _base(self, name: str) -> tuple[str, bytes]:
        """A base named by its hash; a ring of such names would never end."""
        if name in self._open_bases or len(self._open_bases) > MAX_TREE_DEPTH:
            raise InputError("corrupt_archive")
        self._open_bases.add(name)
        try:
            return self.read(name)
        finally:
            self._open_bases.discard(name)

    def _read_index(self, name: str) -> None:
        data = self._tree.read(name, 1 << 30)
        if data[:8] != b"\xfftOc\x00\x00\x00\x02" or len(data) < 1032:
            raise InputError("corrupt_archive")
        count = int.from_bytes(data[1028:1032])
        names, offsets = 1032, 1032 + 24 * count
        large = offsets + 4 * count
        if len(data) < large:
            raise InputError("truncated")
        pack = name.removesuffix(".idx") + ".pack"
        for index in range(count):
            offset = int.from_bytes(data[offsets + 4 * index : offsets + 4 * index + 4])
            if offset >> 31:
                at = large + 8 * (offset & 0x7FFFFFFF)
                offset = int.from_bytes(data[at : at + 8])
            self._packed[data[names + 20 * index : names + 20 * index + 20].hex()] = pack, offset

    def _from_pack(self, pack: str, offset: int) -> tuple[str, bytes]:
        """Follows the deltas down to a whole object, then applies them on the way back."""
        deltas: list[bytes] = []
        if pack not in self._tree:
            raise InputError("corrupt_archive")
        if pack not in self._streams:
            self._streams[pack] = seekable(self._tree.open(pack))
        while True:
            if len(deltas) > MAX_DELTAS:
                raise InputError("archive_bomb")
            kind, base, data = _entry(self._streams[pack], offset)
            if kind in _TYPES:
                name, content = _TYPES[kind], data
                break
            deltas.append(data)
            if kind == 7:
                name, content = self._base(base.hex())
                break
            offset -= int.from_bytes(base)
            if offset <= 0:
                raise InputError("corrupt_archive")
        for delta in reversed(deltas):
            content = _patched(content, delta)
        return name, content


def _entry(stream: BinaryIO, offset: int) -> tuple[int, bytes, bytes]:
    """(type, base, inflated data) of the pack entry at `offset`; base is a distance (6) or a name (7)."""
    stream.seek(offset)
    head = stream.read(64)
    if len(head) < 2:
        raise InputError("truncated")
    kind, position = head[0] >> 4 & 7, 1
    while head[position - 1] & 0x80 and position < 12:
        position += 1
    base = b""
    if kind == 6:
        distance = head[position] & 0x7F
        while head[position] & 0x80:
            position += 1
            distance = (distance + 1) << 7 | head[position] & 0x7F
        position += 1
        base = distance.to_bytes(16)
    elif kind == 7:
        base, position = head[position : position + 20], position + 20
    elif kind not in _TYPES:
        raise InputError("corrupt_archive")
    stream.seek(offset + position)
    state, pieces, size = zlib.decompressobj(), [], 0
    while not state.eof:
        chunk = stream.read(1 << 16)
        if not chunk:
            raise InputError("truncated")
        pieces.append(_step(state, chunk))
        size += len(pieces[-1])
        if size > MAX_OBJECT_BYTES:
            raise InputError("record_too_large")
    return kind, base, b"".join(pieces)


def _step(state: zlib._Decompress, chunk: bytes) -> bytes:
    try:
        return state.decompress(chunk, MAX_OBJECT_BYTES)
    except zlib.error:
        raise InputError("corrupt_archive") from None


def _inflated(data: bytes) -> bytes:
    return _step(zlib.decompressobj(), data)


def _patched(base: bytes, delta: bytes) -> bytes:
    """A delta: two sizes, then copies out of the base and insertions."""
    _, position = _size(delta, 0)
    expected, position = _size(delta, position)
    if expected > MAX_OBJECT_BYTES:
        raise InputError("record_too_large")
    pieces, size = [], 0
    while position < len(delta) and size <= expected:
        command = delta[position]
        position += 1
        if command & 0x80:
            fields = []
            for bit in range(7):
                present = command >> bit & 1
                fields.append(delta[position] if present and position < len(delta) else 0)
                position += present
            start = fields[0] | fields[1] << 8 | fields[2] << 16 | fields[3] << 24
            piece = base[start : start + (fields[4] | fields[5] << 8 | fields[6] << 16 or 0x10000)]
        else:
            piece, position = delta[position : position + command], position + command
        pieces.append(piece)
        size += len(piece)
    if size != expected:
        raise InputError("corrupt_archive")
    return b"".join(pieces)


def _size(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(data) and shift < 64:
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position, shift = position + 1, shift + 7
        if not byte & 0x80:
            return value, position
    raise InputError("corrupt_archive")
