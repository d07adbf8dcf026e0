"""Wiki, code and chat readers beside their natural peers: quality and speed. `benchmarks/sources.py` prints what this returns.

Wikitext: share of labelled rows read equal after white-space normalisation, and MB/s over real pages, ours and
mwparserfromhell's strip_code (as NeMo Curator and Data-Juicer call it), alternating in one process.
Exports: beside bz2, iterparse and strip_code. Mail: beside `mailbox` with its headers. JSON chats: beside `json` and a walk
over the messages. Repositories: beside a loop that unpacks and decodes, drops nothing and looks for no licence.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import mailbox
import re
import statistics
import tarfile
import tempfile
import time
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any

from curation.errors import InputError
from curation.source import File, Record
from curation.sources import chat, code, wiki
from curation.sources.members import Member, members
from curation.sources.wiki_export import Pages, as_utf8, is_export
from curation.sources.wikitext import plain_text

STRAY = re.compile(r"\[\[|\]\]|\{\{|\}\}|\{\||\|\}|^=+[^=\n]+=+$|</?ref\b", re.MULTILINE)


def labelled_rows(folder: Path) -> list[dict[str, Any]]:
    """Every row with `wikitext` and `text` of every *.jsonl and *.jsonl.gz in the folder."""
    rows: list[dict[str, Any]] = []
    for path in sorted([*folder.rglob("*.jsonl"), *folder.rglob("*.jsonl.gz")]):
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if isinstance(row, dict) and isinstance(row.get("wikitext"), str) and isinstance(row.get("text"), str):
                    rows.append({**row, "file": path.name})
    return rows


def equal_share(clean: Callable[[str], str], rows: Iterable[dict[str, Any]]) -> float:
    """Share of rows whose cleaned wikitext equals `text`, white space normalised."""
    verdicts = [_normal(_quietly(clean, row["wikitext"])) == _normal(row["text"]) for row in rows]
    return sum(verdicts) / max(1, len(verdicts))


def _normal(text: str) -> str:
    return " ".join(text.split())


def _quietly(clean: Callable[[str], str], wikitext: str) -> str:
    try:
        return clean(wikitext)
    except (ValueError, RecursionError, IndexError, KeyError):  # a peer that fails has not read the row
        return "\0"


def stray_markup(texts: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        for found in STRAY.findall(text):
            counts[found[:12]] = counts.get(found[:12], 0) + 1
    return counts


def strip_code(wikitext: str) -> str:
    import mwparserfromhell

    return str(mwparserfromhell.parse(wikitext).strip_code())


def wiki_quality(labelled: Path) -> dict[str, float]:
    """Shares equal, ours and the peer's: core parser tests, all rows, rows whose wikitext holds a template but no core mark."""
    rows = labelled_rows(labelled / "wikitext")
    groups = {
        "core": [row for row in rows if row.get("core")],
        "all": rows,
        "templates": [row for row in rows if "core" not in row and row["file"].startswith("wtf")]
        or [row for row in rows if "core" not in row],
    }
    found = {}
    for name, group in groups.items():
        found[f"wiki_{name}"] = equal_share(plain_text, group)
        found[f"wiki_{name}_mwparserfromhell"] = equal_share(strip_code, group)
    return found


def wiki_pages(corpus: Path, limit_bytes: int = 4_000_000) -> list[str]:
    """Wikitext of a sample of pages, chosen by their title, from every export below corpus/wiki."""
    pages: list[tuple[int, str]] = []
    for file in _files(corpus / "wiki"):
        for member in _members(file):
            if is_export(member.head):
                try:
                    for page in Pages(as_utf8(member.open(), member.head)):
                        if page.text and page.namespace in (0, None) and not page.is_redirect:
                            pages.append((_rank(page.title), page.text))
                except InputError:
                    continue
    pages.sort()
    chosen, size = [], 0
    for _, text in pages:
        if size >= limit_bytes:
            break
        chosen.append(text)
        size += len(text.encode())
    return chosen


def _rank(title: str) -> int:
    import hashlib

    return int.from_bytes(hashlib.blake2b(title.encode("utf-8", "replace"), digest_size=8).digest())


def wiki_speed(corpus: Path, repeats: int = 3, limit_bytes: int = 4_000_000) -> dict[str, float]:
    """MB/s of wikitext on one core, medians of alternating runs."""
    pages = wiki_pages(corpus, limit_bytes)
    size = sum(len(page.encode()) for page in pages) / 1e6
    ours, theirs, cleaned = [], [], [""]
    for _ in range(repeats):
        cleaned, seconds = _timed(lambda: [plain_text(page) for page in pages])
        ours.append(size / seconds)
        theirs.append(size / _timed(lambda: [strip_code(page) for page in pages])[1])
    num_stray = sum(stray_markup(cleaned).values())
    return {
        "wiki_mb": size,
        "wiki_mb_per_second": statistics.median(ours),
        "wiki_mb_per_second_mwparserfromhell": statistics.median(theirs),
        "wiki_speed_ratio": statistics.median(ours) / statistics.median(theirs),
        "wiki_stray_markup_per_mb": num_stray / max(1e-9, sum(len(text.encode()) for text in cleaned) / 1e6),
    }


def reader_speed(corpus: Path, repeats: int = 3) -> dict[str, float]:
    """MB/s of decompressed input per reader, beside the peer that people use for the same files."""
    found: dict[str, float] = {}
    peer: Callable[[File], int]
    for name, folder, source, peer in (
        ("wiki", corpus / "wiki", wiki, _export_loop),
        ("code", corpus / "code", code, _archive_loop),
        ("mail", corpus / "chat", chat, _mailbox_loop),
        ("json", corpus / "chat", chat, _json_loop),
    ):
        files = [file for file in _files(folder) if _is_of(name, file)]
        size = sum(_raw_bytes(file) for file in files) / 1e6
        if not size:
            continue
        ours, theirs = [], []
        for _ in range(repeats):
            ours.append(size / _timed(partial(_read, source, files))[1])
            if name != "wiki" or not theirs:  # the wiki's takes a minute: once
                theirs.append(size / _timed(partial(_each, peer, files))[1])
        found[f"{name}_reader_mb_per_second"] = statistics.median(ours)
        found[f"{name}_peer_mb_per_second"] = statistics.median(theirs)
    return found


def _each(peer: Callable[[File], int], files: list[File]) -> int:
    return sum(peer(file) for file in files)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Its result, and seconds of processor: the wall clock would count who else is at work."""
    start = time.process_time()
    result = work()
    return result, max(1e-9, time.process_time() - start)


def _files(folder: Path) -> list[File]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return [File(path.relative_to(folder).as_posix(), path, path.stat().st_size) for path in paths]


def _members(file: File) -> list[Member]:
    from curation.source import Input

    try:
        return [member for member in members(Input(file.path, (file,))) if isinstance(member, Member)]
    except InputError:
        return []


def _raw_bytes(file: File) -> int:
    total = 0
    for member in _members(file):
        try:
            total += len(member.read())
        except InputError:
            continue
    return total


def _is_of(name: str, file: File) -> bool:
    if name in ("wiki", "code"):
        return True
    heads = [member.head for member in _members(file)[:1]]
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
    for member in _members(file):
        if not is_export(member.head):
            continue
        with contextlib.suppress(ElementTree.ParseError, InputError, EOFError, OSError, zlib.error):
            for _, page in ElementTree.iterparse(member.open()):
                if page.tag.rpartition("}")[2] == "page":
                    if page.findtext("{*}ns") in (None, "0") and page.find("{*}redirect") is None:
                        size += len(strip_code(page.findtext("{*}revision/{*}text") or ""))
                    page.clear()
    return size


def _archive_loop(file: File) -> int:
    if zipfile.is_zipfile(file.real):
        with zipfile.ZipFile(file.real) as archive:
            return sum(len(archive.read(name).decode("utf-8", "replace")) for name in archive.namelist())
    with tarfile.open(file.real) as archive:
        streams = [archive.extractfile(entry) for entry in archive if entry.isfile()]
        return sum(len(stream.read().decode("utf-8", "replace")) for stream in streams if stream)


def _mailbox_loop(file: File) -> int:
    """Author, subject, time, what it answers, and the text of every mail, as text and no more: nothing is taken off or joined."""
    with tempfile.NamedTemporaryFile() as plain:
        for member in _members(file):
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
        for member in _members(file)
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


def main(corpus: Path, labelled: Path) -> dict[str, float]:
    """All figures of this file, under stable keys."""
    return {**wiki_quality(labelled), **wiki_speed(corpus), **reader_speed(corpus)}
