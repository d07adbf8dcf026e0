"""Which format a file is in, by content, and its channels.

In: a member of the input. Out: Channels, or a Dropped: `metadata` for what describes others, `unknown_format`,
`broken_record` for JSON that is none. Small JSON is read whole; JSON lines and mail stream.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from curation.source import MAX_RECORD_BYTES, Dropped, Part
from curation.sources import records
from curation.sources.chats import (
    answers,
    dialogue,
    discord,
    fields,
    google_chat,
    json_pieces,
    json_walk,
    listing,
    mail,
    pages,
    shapes,
    slack,
    textrows,
    trees,
    twitter,
    wrapped,
)
from curation.sources.chats.json_pieces import MESSAGES_AT_ONCE, batched
from curation.sources.chats.json_text import SURE_BYTES, loads_bytes, loads_plain
from curation.sources.chats.logs import is_log, log_channels
from curation.sources.chats.message import WHOLE, Channel, Message, Piece
from curation.sources.encoding import decode, is_binary, is_plain_utf8
from curation.sources.formats import detect, table_dialect
from curation.sources.jsonrows import Broken, is_json_lines
from curation.sources.members import HEAD_BYTES, Member, read_up_to

_PAGE = re.compile(r"<(?:!doctype|html|!--|head|\?xml)", re.IGNORECASE)
_TREE = re.compile(rb'"prompt"\s*:\s*\{')
_JSON_START = re.compile(r"\{\s*[\"}]|\[\s*[\"{\[\]]|[{\[]\s*\Z")  # not `[12:00] <nick>`
_PLAIN_JSON = re.compile(rb"[ \t\r\n]*(\{[ \t\r\n]*[\"}]|\[[ \t\r\n]*[\"{\[\]])")
_PLAIN_LIST = re.compile(rb"[ \t\r\n]*\[[ \t\r\n]*[\"{\[\]]")
WHOLE_JSON_BYTES = 32 << 20  # a larger file is read in pieces; as objects it takes about eight times its size
SAMPLE_ROWS = 50
Found = Iterator[Channel | Dropped]


def channels(member: Member, known: slack.People, text_column: str | None = None, part: Part | None = None) -> Found:
    """Everything in one file, or in a part of one that can be read from inside (`is_cuttable`)."""
    values = _small_list(member)
    if values is not None:
        yield from _value(member, values, known, text_column)
        return
    if mail.is_mbox(member.head):
        yield from mbox(member, part)
        return
    if twitter.is_metadata(member.head):
        yield Dropped(member.origin, "metadata")
        return
    member = twitter.bare(member)
    start = _start(member)
    kind = _table_kind(member, start)
    if kind:
        yield from _rows(member, records.rows(member, kind, part), known, text_column, kind != "json", part)
        return
    if not _JSON_START.match(start) and is_binary(member.head):
        yield Dropped(member.origin, "media" if "/" in member.name else "binary")
        return
    if part and (cut := json_pieces.cut(member)):
        yield from _in_pieces(member, json_pieces.part_values(member, part, cut), known, text_column)
    elif _JSON_START.match(start):
        yield from _json(member, known, text_column)
    else:
        yield from _text(member, start, part)


def _small_list(member: Member) -> list[Any] | None:
    """The value of a small file that is one list, asked first: a dump has thousands of them."""
    if len(member.head) >= HEAD_BYTES or not _PLAIN_LIST.match(member.head):
        return None
    try:
        value = loads_plain(member.head)
    except ValueError:
        return None
    return value if isinstance(value, list) else None


def work(member: Member, channel: Channel) -> str:
    """What survives a newer dump: the channel by its folder or file, without the day that a file name tells."""
    path = _inner_path(member.origin)
    if path == "_chat.txt":  # of WhatsApp on iOS: only the archive's name tells one chat from another
        path = member.origin
    folder = path.rpartition("/")[0]
    if channel.spans_files and folder:
        return f"{folder}/{channel.key}" if channel.key else folder
    return f"{path}/{channel.key}" if channel.key else path


@lru_cache(maxsize=16)
def _inner_path(origin: str) -> str:
    return re.sub(r"^.*?!", "", origin)


def mbox(member: Member, part: Part | None) -> Found:
    threads = mail.Threads()
    with member.open() as stream:
        for offset, data in mail.cut(stream, part.start, part.stop) if part else mail.cut(stream):
            found = (
                mail.message(offset, data, threads)
                if data is not None
                else Message(f"@{offset}", "", "", reason="record_too_large")
            )
            yield Channel("", [found], spans_files=True)


def is_cuttable(member: Member, kind: str) -> bool:
    """Mail, logs, and rows that are read one by one; trees that lie in rows (OASST) are gathered from the whole file."""
    if mail.is_mbox(member.head):
        return True
    member = twitter.bare(member)
    start = _start(member)
    if _table_kind(member, start):
        return b'"message_tree_id"' not in member.head or _TREE.search(member.head.partition(b"\n")[0]) is not None
    if _JSON_START.match(start):
        return json_pieces.cut(member) is not None
    return not (is_binary(member.head) or _PAGE.match(start) or mail.is_mail(member.head)) and is_log(member)


def _start(member: Member) -> str:
    """First characters; of plain JSON no more than tell that it is JSON."""
    head = member.head[:4096]
    found = _PLAIN_JSON.match(head)
    if found and len(head) >= SURE_BYTES and is_plain_utf8(head):
        return found[1].decode()
    return decode(head).text.lstrip("\ufeff \t\r\n")


def _table_kind(member: Member, start: str) -> str:
    """json (one value a line), csv or parquet; "" for what is no table."""
    if _JSON_START.match(start):
        return "json" if is_json_lines(member.head) and not _is_one_line(member) else ""
    kind = detect(member)
    return kind if kind == "parquet" or (kind == "csv" and _is_message_table(member, start)) else ""


def _is_one_line(member: Member) -> bool:
    """Whether a list of messages stands on one line that is longer than a record may be: as a row it would be dropped."""
    head = member.head
    if b"\n" in head or not member.reopen or not json_pieces.has_messages(head):
        return False
    with member.open() as stream:
        line = read_up_to(stream, MAX_RECORD_BYTES + 1)
    return len(line) > MAX_RECORD_BYTES and b"\n" not in line


def _is_message_table(member: Member, start: str) -> bool:
    """A header that names a text column; logs with commas or bars have none."""
    header = start.partition("\n")[0]
    names = {cell.strip(' "\r').lower() for cell in header.split(table_dialect(start, is_named_so=True) or ",")}
    return not names.isdisjoint((*fields.TEXT, *textrows.TEXT, *(name for pair in dialogue.PAIRS for name in pair)))


def _json(member: Member, known: slack.People, text_column: str | None) -> Found:
    with member.open() as stream:
        data = read_up_to(stream, WHOLE_JSON_BYTES + 1)
        if len(data) <= WHOLE_JSON_BYTES:
            try:
                value = loads_bytes(data)
            except ValueError:
                pass  # cut short or damaged: what stands before the damage is read piece by piece
            else:
                yield from _value(member, value, known, text_column)
                return
        found = json_pieces.values(member, data, stream, is_damaged=len(data) <= WHOLE_JSON_BYTES)
        yield from _in_pieces(member, found, known, text_column)


def _in_pieces(member: Member, found: Iterator[json_walk.Found | Dropped], known: slack.People, text_column: str | None) -> Found:
    """Of values that hold some of a list's messages each: what is no conversation of its own goes on with the value before."""
    for each in found:
        if isinstance(each, Dropped):
            yield each
            continue
        goes_on = each.piece.first > 0
        for channel in _value(member, each.value, known, text_column, each.piece):
            is_open = isinstance(channel, Channel) and not channel.is_whole
            yield replace(channel, goes_on=goes_on) if isinstance(channel, Channel) and is_open else channel


def _value(member: Member, value: Any, known: slack.People, text_column: str | None, piece: Piece = WHOLE) -> Found:
    rows = [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    if text_column:
        rows = [row for _, row in textrows.named((("", row) for row in rows), text_column, is_table=False)]
        value = rows[0] if isinstance(value, dict) else rows
    found = shapes.of_value(value, known, piece)
    if found is not None:
        yield from found
    elif slack.is_metadata(value) or google_chat.is_metadata(value) or discord.is_metadata(value):
        yield Dropped(member.origin, "metadata")
    elif rows and textrows.is_table(rows[:SAMPLE_ROWS]):
        for number, row in enumerate(rows):
            yield textrows.channel(piece.of(number), row)
    else:
        yield Dropped(member.origin, "unknown_format" if value else "empty")


def _rows(
    member: Member,
    found: Iterator[tuple[str, Any]],
    known: slack.People,
    text_column: str | None,
    is_table: bool,
    part: Part | None,
) -> Found:
    """Rows: conversations, OASST messages (joined by tree), messages of a channel, or a text each, by the first of them."""
    rows = textrows.named(found, text_column, is_table=is_table)
    first = list(itertools.islice(rows, SAMPLE_ROWS))
    values = [value for _, value in first if not isinstance(value, Broken)]
    if any(map(wrapped.bare, values)):
        rows = wrapped.bare_rows(itertools.chain(first, rows))
        first = list(itertools.islice(rows, SAMPLE_ROWS))
        values = [value for _, value in first if not isinstance(value, Broken)]
    if len(first) == 1 and values and not is_table and part is None:
        yield from _value(member, values[0], known, text_column)
    elif not is_table and (answered := answers.channels(itertools.chain(first, rows), values, known, part)) is not None:
        yield from answered
    elif values and all(isinstance(value, dict) and "message_tree_id" in value and "text" in value for value in values):
        yield from _oasst([value for _, value in itertools.chain(first, rows)])
    elif values and dialogue.conversation(values[0], "") is None and listing.is_messages(values, with_author=is_table):
        for batch in batched(itertools.chain(first, rows), MESSAGES_AT_ONCE):
            yield from listing.channels([value for _, value in batch], [place for place, _ in batch])
    elif any(dialogue.conversation(value, "") for value in values):
        for place, value in itertools.chain(first, rows):
            yield dialogue.conversation(value, place) or Channel(
                "", [Message(place, "", "", reason="broken_record")], spans_files=True
            )
    elif values and textrows.is_table(values):
        for place, value in itertools.chain(first, rows):
            yield textrows.channel(place, value)
    else:
        yield Dropped(member.origin, "unknown_format" if values else "broken_record")


def _oasst(values: list[Any]) -> Found:
    by_tree: dict[str, list[dict[str, Any]]] = {}
    for value in values:
        if isinstance(value, dict):
            by_tree.setdefault(str(value.get("message_tree_id")), []).append(value)
    for name, rows in by_tree.items():
        tree = trees.oasst_tree_of(rows)
        found = trees.messages(tree) or []
        found += [trees.orphan(row) for row in tree["others"]]
        yield Channel(name, found, is_whole=True)


def _text(member: Member, start: str, part: Part | None) -> Found:
    if _PAGE.match(start):
        yield from pages.channels(member)
    elif mail.is_mail(member.head):
        yield Channel("", [mail.message(0, member.read(), mail.Threads())], spans_files=True)
    elif is_log(member):
        yield from log_channels(member, part)
    else:
        yield Dropped(member.origin, "unknown_format")
