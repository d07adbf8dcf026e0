"""Readers of whole dumps beside their natural peers, MB/s on one core. `benchmarks/sources.py` prints what this returns.

Wiki exports: beside bz2, iterparse and strip_code. Mail: beside `mailbox` with its headers. JSON chats: beside `json` and a
walk over the messages; `chat` is both together, bytes over seconds. Repositories: beside the filters published with The Stack
(length of lines, share of letters and digits, words of generated files), in a loop as people write it; and, as the floor, a
loop that only unpacks and decodes.
"""

from __future__ import annotations

import contextlib
import io
import json
import mailbox
import statistics
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.sources_wiki import files_of, members_of, strip_code, timed
from curation.errors import InputError
from curation.source import File, Record
from curation.sources import chat, code, wiki
from curation.sources.wiki_export import is_export


def reader_speed(corpus: Path, repeats: int = 5) -> dict[str, float]:
    """MB/s of decompressed input per reader, beside the peer that people use for the same files."""
    found: dict[str, float] = {}
    chats: dict[str, tuple[float, float, float]] = {}
    peer: Callable[[File], int]
    for name, folder, source, peer in (
        ("wiki", corpus / "wiki", wiki, _export_loop),
        ("code", corpus / "code", code, _stack_loop),
        ("mail", corpus / "chat", chat, _mailbox_loop),
        ("json", corpus / "chat", chat, _json_loop),
    ):
        files = [file for file in files_of(folder) if _is_of(name, file)]
        size = sum(_raw_bytes(file) for file in files) / 1e6
        if not size:
            continue
        ours, theirs = [], []
        for _ in range(repeats):
            ours.append(size / timed(partial(_read, source, files))[1])
            if name != "wiki" or not theirs:  # the wiki's takes a minute: once
                theirs.append(size / timed(partial(_each, peer, files))[1])
        found[f"{name}_reader_mb_per_second"] = statistics.median(ours)
        found[f"{name}_peer_mb_per_second"] = statistics.median(theirs)
        if source is chat:
            chats[name] = size, statistics.median(ours), statistics.median(theirs)
        if name == "code":
            found["code_unpack_mb_per_second"] = size / timed(partial(_each, _archive_loop, files))[1]
    if len(chats) > 1:
        size = sum(size for size, _, _ in chats.values())
        found["chat_reader_mb_per_second"] = size / sum(size / ours for size, ours, _ in chats.values())
        found["chat_peer_mb_per_second"] = size / sum(size / theirs for size, _, theirs in chats.values())
    return found


def _each(peer: Callable[[File], int], files: list[File]) -> int:
    return sum(peer(file) for file in files)


def _raw_bytes(file: File) -> int:
    total = 0
    for member in members_of(file):
        try:
            total += len(member.read())
        except InputError:
            continue
    return total


def _is_of(name: str, file: File) -> bool:
    if name in ("wiki", "code"):
        return True
    heads = [member.head for member in members_of(file)[:1]]
    if name == "mail":
        return any(head.startswith(b"From ") for head in heads)
    return any(head.lstrip()[:1] in (b"[", b"{") for head in heads)


def _read(source: Any, files: list[File]) -> int:
    count = 0
    for item in source.list_inputs(files, source.Config()):
        try:
            count += sum(isinstance(event, Record) for event in source.read(item, source.Config()))
        except InputError:
            continue
    return count


def _export_loop(file: File) -> int:
    """Every page of the main space through strip_code; a damaged export ends where it is damaged."""
    size = 0
    for member in members_of(file):
        if not is_export(member.head):
            continue
        with contextlib.suppress(ElementTree.ParseError, InputError, EOFError, OSError, zlib.error):
            for _, page in ElementTree.iterparse(member.open()):
                if page.tag.rpartition("}")[2] == "page":
                    if page.findtext("{*}ns") in (None, "0") and page.find("{*}redirect") is None:
                        size += len(strip_code(page.findtext("{*}revision/{*}text") or ""))
                    page.clear()
    return size


def _archive_texts(file: File) -> Iterator[str]:
    if zipfile.is_zipfile(file.real):
        with zipfile.ZipFile(file.real) as archive:
            yield from (archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        return
    with tarfile.open(file.real) as archive:
        streams = [archive.extractfile(entry) for entry in archive if entry.isfile()]
        yield from (stream.read().decode("utf-8", "replace") for stream in streams if stream)


def _archive_loop(file: File) -> int:
    return sum(map(len, _archive_texts(file)))


def _stack_loop(file: File) -> int:
    """Files that pass what Kocetkov et al. 2022 and Allal et al. 2023 filter by: lines of at most 1,000 characters, 100 on
    average, a quarter letters and digits, no word of a generated file in the first five lines."""
    return sum(len(text) for text in _archive_texts(file) if _passes_stack(text))


def _passes_stack(text: str) -> bool:
    lines = text.splitlines()
    lengths = [len(line) for line in lines]
    if not lines or max(lengths) > 1000 or sum(lengths) / len(lengths) > 100:
        return False
    if any(word in line.lower() for line in lines[:5] for word in ("auto-generated", "autogenerated", "automatically generated")):
        return False
    return sum(character.isalnum() for character in text) / len(text) > 0.25


def _mailbox_loop(file: File) -> int:
    """Author, subject, time, what it answers, and the text of every mail, as text and no more: nothing is taken off or joined."""
    with tempfile.NamedTemporaryFile() as plain:
        for member in members_of(file):
            plain.write(member.read())
        plain.flush()
        box = mailbox.mbox(plain.name)
        try:
            return sum(map(_mail_chars, box))
        finally:
            box.close()


def _mail_chars(mail: mailbox.mboxMessage) -> int:
    part = next((part for part in mail.walk() if part.get_content_type() == "text/plain"), mail)
    payload = part.get_payload(decode=True)
    try:
        text = payload.decode(part.get_content_charset() or "utf-8", "replace") if isinstance(payload, bytes) else ""
        fields = [str(make_header(decode_header(str(mail[name] or "")))) for name in ("From", "Subject", "In-Reply-To")]
    except (LookupError, ValueError):
        return 0
    with contextlib.suppress(ValueError, TypeError, IndexError):
        parsedate_to_datetime(str(mail["Date"]))
    return len(text) + sum(map(len, parseaddr(fields[0]))) + sum(map(len, fields[1:]))


def _json_loop(file: File) -> int:
    """json.load, and of every object that holds a text the line "name: text", a file's lines joined."""
    return sum(
        len("\n".join(_spoken(json.load(io.BytesIO(member.read())))))
        for member in members_of(file)
        if member.head.lstrip()[:1] in (b"[", b"{")
    )


def _spoken(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        text = value.get("text") or value.get("content") or value.get("message")
        if isinstance(text, str):
            author = value.get("from") or value.get("author") or value.get("user") or value.get("sender")
            yield f"{author.get('name') if isinstance(author, dict) else author}: {text}"
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(each, dict | list):
            yield from _spoken(each)
