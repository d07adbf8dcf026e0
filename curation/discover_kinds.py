"""What kind of dump is this file? From its content first, then from the folders it lies in, then from its suffix."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from pathlib import Path

from curation.errors import InputError
from curation.source import Dropped, File, Input
from curation.sources import SOURCES
from curation.sources.members import Member, members

MAX_MEMBERS = 40

FOLDERS = {
    "books": r"books?|ebooks?|gutenberg|novels?|library|ksi[aą][zż]ki|книги",
    "wiki": r"wikis?|wikipedia|mediawiki|wikidumps?",
    "code": r"code|repos(itories)?|src|source|git|github",
    "chat": r"chats?|slack|discord|irc|telegram|whatsapp|mails?|mbox|mailing-?lists?|dialogs?|conversations?|messages",
    "papers": r"papers?|articles?|arxiv|pmc|jats|preprints?",
    "web": r"web|www|html|sites?|warc|crawls?|blogs?|pages|posts|_posts",
}

CODE = frozenset(
    "py js ts jsx tsx c h cc cpp cxx hpp hh cs java kt kts scala go rs rb php pl pm lua sh bash zsh ps1 r jl swift m mm sql"  # noqa: SIM905
    " hs ml ex exs erl clj el vim asm s f90 f95 dart zig nim sv vhd proto cmake gradle ipynb css scss less vue svelte".split()
)

CHAT_KEYS = (
    b"messages|conversations?|utterances|from_id|user_profile|reactions|timestampMs|sender_name|client_msg_id|dialogue|chat"
)

# First words of a file -> kind. The order matters: an XML wiki export is also XML.
CONTENT: list[tuple[str, re.Pattern[bytes]]] = [
    ("wiki", re.compile(rb"<mediawiki\b")),
    ("web", re.compile(rb"\AWARC/\d|\A(filedesc|warcinfo)")),
    ("papers", re.compile(rb"<(article|pmc-articleset)\b[^>]*(article-type|dtd-version|xmlns:mml)|//NLM//DTD")),
    ("papers", re.compile(rb"\\documentclass|\\begin\{document\}|\\section\*?\{|\\chapter\*?\{")),
    ("books", re.compile(rb"Project Gutenberg|<TEI\b|<TEI\.2\b|<FictionBook\b")),
    ("chat", re.compile(rb"\AFrom \S.*\d{4}\r?\n(?:.*\r?\n){0,4}?[A-Za-z-]+: ")),
    ("chat", re.compile(rb"\A(\xef\xbb\xbf)?(\xe2\x80\x8e)?\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? .{4,16}?[\]-] ")),
    ("chat", re.compile(rb"(?m)\A(.*\n){0,3}\[?\d{2}:\d{2}(:\d{2})?\]?\s+(<[^>]{1,40}>|\*|-!-|--)")),
    ("chat", re.compile(rb"(?m)\A(.*\n){0,3}\[?\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?\S*\s+(<[^>]{1,40}>|\S{1,30}[\t ])")),
    ("chat", re.compile(rb'(?s)\A\s*[\[{].{0,4000}?"(' + CHAT_KEYS + rb')"\s*:')),
    ("web", re.compile(rb"(?i)\A\s*(<!--.*?-->\s*)*(<!doctype html|<html|<head)|<rss\b|<feed\b")),
    ("web", re.compile(rb"\A---\r?\n(.*\r?\n){0,30}?(title|layout|date|tags|permalink)\s*:")),
]  # fmt: skip


def kind_of_file(path: Path, relative: str) -> tuple[str, str]:
    """(kind, "") or ("", why not). Reads at most the first members of an archive, 64 KiB of each."""
    item = Input(relative, (File(relative, path, path.stat().st_size),))
    votes: Counter[str] = Counter()
    reasons: list[str] = []
    try:
        for member in islice(members(item), MAX_MEMBERS):
            if isinstance(member, Dropped):
                reasons.append(member.reason)
            elif vote := _kind_of_member(member, relative):
                votes[vote] += 1
    except InputError as error:
        reasons.append(error.reason)
    folder = _by_folder(relative)
    if not votes:
        # Damage is the reader's to explain, in the ledger; here it only must not go unseen.
        return (folder, "") if folder else ("", reasons[0] if reasons else "unknown_format")
    if folder and (votes[folder] or sum(votes.values()) > 1):
        return folder, ""
    return max(votes, key=lambda kind: (votes[kind], kind)), ""


def _kind_of_member(member: Member, relative: str) -> str:
    head = member.head
    suffix = Path(member.name).suffix.lower().lstrip(".")
    if re.match(rb"\s*window\.YTD\.\w+\.part\d+\s*=", head):
        return "chat"  # Twitter's archive
    if head[:4] == b"PK\x03\x04" or head[:5] == b"%PDF-":
        return "books"
    if suffix in CODE or Path(member.name).name in ("Makefile", "Dockerfile"):
        return "code"
    for kind, pattern in CONTENT:
        if pattern.search(head):
            return kind
    if b"\0" in head[:4096] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    if found := _by_folder(relative):
        return found
    by_suffix = {
        "md": "web", "markdown": "web", "jsonl": "web", "ndjson": "web", "csv": "web",
        "tsv": "web", "parquet": "web", "txt": "books", "tex": "papers", "nxml": "papers",
    }  # fmt: skip
    return by_suffix[suffix] if suffix in by_suffix else ("books" if head.count(b"\n") > 3 and not suffix else "")


def _by_folder(relative: str) -> str:
    for part in reversed(Path(relative).parts[:-1]):
        for kind, pattern in FOLDERS.items():
            if kind in SOURCES and re.fullmatch(pattern, part.lower()):
                return kind
    return ""
