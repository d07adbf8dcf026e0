"""Reads the sample's files back without any reader of the product: unpacked members, decoded, strings of JSON laid out."""

import bz2
import gzip
import html
import io
import json
import re
import tarfile
import zipfile
from collections.abc import Iterator
from typing import Any

ENCODINGS = {"letopis.txt": "cp1251", "dodatek_1250.txt": "cp1250", "99002.txt": "latin-1"}
Members = dict[str, bytes]


def unpacked(name: str, content: bytes) -> Members:
    """Member name to bytes; a file that is no archive is its own only member. A truncated stream gives nothing."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist()}
    if name.endswith(".tar.gz"):
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            return {m.name: f.read() for m in archive if (f := archive.extractfile(m)) is not None}
    if name.endswith("truncated.txt.gz"):
        return {name: content}
    if content[:2] == b"\x1f\x8b":
        return {name: gzip.decompress(content)}
    return {name: bz2.decompress(content) if content[:3] == b"BZh" else content}


def strings(value: Any) -> Iterator[str]:
    """Every string inside a JSON value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def readable(name: str, content: bytes) -> str:
    """The text of one member with white space normalised."""
    text = content.decode(ENCODINGS.get(name.rsplit("/", 1)[-1], "utf-8-sig"), "replace")
    if name.endswith((".json", ".jsonl", ".jsonl.gz", ".ipynb")):
        text = " ".join(piece for line in _json_values(text) for piece in strings(line))
    elif name.endswith((".html", ".xhtml", ".xml", ".xml.bz2", ".warc.gz")):
        text = html.unescape(re.sub(r"</?\w[^>]*>", " ", text))
    return re.sub(r"\s+", " ", text)


def _json_values(text: str) -> Iterator[Any]:
    try:
        yield json.loads(text)
    except json.JSONDecodeError:
        for line in text.splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                yield line


def everything(name: str, content: bytes) -> str:
    """Name and text of a file and of its members."""
    members = unpacked(name, content)
    return " ".join([name, *members, *(readable(member, data) for member, data in members.items())])
