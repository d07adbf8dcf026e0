"""Which format a file is in, by content, and its channels.

In: a member of the input. Out: Channels, or a Dropped: `metadata` for what describes others, `unknown_format`,
`broken_record` for JSON that is none. Small JSON is read whole; JSON lines and mail stream.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from curation.errors import InputError
from curation.source import Dropped, Input
from curation.sources.chats import dialogue, discord, google_chat, html_list, irc, listing, mail, matrix, messenger, slack, telegram, trees, whatsapp
from curation.sources.chats.json_text import loads
from curation.sources.chats.message import Channel, Message
from curation.sources.encoding import decode, is_binary
from curation.sources.members import Member, members

_PEOPLE_FILE = re.compile(r"(?:^|/)(?:org_)?users\.json$")
MAX_PEOPLE_BYTES = 64 << 20
Found = Iterator[Channel | Dropped]


def people(item: Input) -> slack.People:
    """Names by user id from the users.json of a Slack export, which may stand behind the channels."""
    found: slack.People = {}
    if len(item.files) == 1 and item.files[0].path.endswith((".txt", ".jsonl", ".mbox")):
        return found
    try:
        for member in members(item):
            if isinstance(member, Member) and _PEOPLE_FILE.search(member.name):
                value = loads(decode(member.read(MAX_PEOPLE_BYTES)).text)
                found.update(slack.people_of(value))
    except (InputError, ValueError):
        pass  # the reading proper says what is wrong with the file
    return found


def channels(member: Member, known: slack.People) -> Found:
    """Everything in one file."""
    if mail.is_mbox(member.head):
        yield from _mbox(member)
        return
    if is_binary(member.head):
        yield Dropped(member.origin, "media" if "/" in member.name else "binary")
        return
    start = decode(member.head[:4096]).text.lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        yield from _json(member, known, start)
    else:
        yield from _text(member, start)


def work(member: Member, channel: Channel) -> str:
    """What survives a newer dump: the channel by its folder or file, without the day that a file name tells."""
    path = re.sub(r"^.*?!", "", member.origin) if "!" in member.origin else member.origin
    folder, _, name = path.rpartition("/")
    if channel.spans_files and folder:
        return f"{folder}/{channel.key}" if channel.key else folder
    return f"{path}/{channel.key}" if channel.key else path


def _mbox(member: Member) -> Found:
    threads = mail.Threads()
    with member.open() as stream:
        for offset, data in mail.cut(stream):
            found = mail.message(offset, data, threads) if data is not None else Message(f"@{offset}", "", "", reason="record_too_large")
            yield Channel("", [found], spans_files=True)


def _json(member: Member, known: slack.People, start: str) -> Found:
    text = decode(member.read()).text.lstrip("\ufeff")
    try:
        value = loads(text)
    except ValueError:
        yield from _json_lines(member, text)
        return
    found = of_value(value, known)
    if found is None:
        yield Dropped(member.origin, "metadata" if slack.is_metadata(value) or google_chat.is_metadata(value) else "empty" if not value else "unknown_format")
        return
    yield from found


def of_value(value: Any, known: slack.People) -> list[Channel] | None:
    """The channels of a JSON file, by the shape that fits; the most particular shapes are tried first."""
    if slack.is_messages(value):
        return [Channel("", slack.messages(value, known), spans_files=True)]
    if isinstance(value, dict) and slack.is_messages(value.get("messages")):
        return [Channel(str(value.get("channel_id") or value.get("name") or ""), slack.messages(value["messages"], known))]
    if slack.is_metadata(value):
        return None
    if discord.is_export(value):
        return [discord.channel(value)]
    if messenger.is_export(value):
        return [messenger.channel(value)]
    if google_chat.is_export(value):
        return [google_chat.channel(value)]
    events = matrix.events_of(value)
    if events is not None:
        return [matrix.channel(value, events)]
    if telegram.is_export(value):
        return list(telegram.channels(value))
    if isinstance(value, list) and all(isinstance(each, dict) for each in value) and listing.is_messages(value):
        return listing.channels(value)
    return dialogue.conversations(value)


def _json_lines(member: Member, text: str) -> Found:
    """JSON lines: conversations, OASST messages (joined by tree), or messages of a channel."""
    rows: list[tuple[int, Any]] = []
    broken = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                rows.append((number, loads(line)))
            except ValueError:
                broken += 1
                yield Channel("", [Message(f"L{number}", "", "", reason="broken_record")], spans_files=True)
    values = [value for _, value in rows]
    if not rows:
        return
    if all(isinstance(value, dict) and "message_tree_id" in value and "text" in value for value in values[:20]):
        yield from _oasst(values)
        return
    if dialogue.conversation(values[0], "") is None and listing.is_messages(values):
        yield from listing.channels(values)
        return
    for number, value in rows:
        found = dialogue.conversation(value, f"L{number}")
        yield found or Channel("", [Message(f"L{number}", "", "", reason="broken_record")], spans_files=True)


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


def _text(member: Member, start: str) -> Found:
    if start[:1] == "<" and re.match(r"<(?:!doctype|html|!--|head|\?xml)", start, re.IGNORECASE):
        yield from _page(member)
        return
    if mail.is_mail(member.head):
        yield Channel("", [mail.message(0, member.read(), mail.Threads())], spans_files=True)
        return
    sample = decode(member.head).text
    if whatsapp.is_chat(sample):
        yield Channel("", whatsapp.messages(decode(member.read()).text))
    elif irc.is_log(sample):
        yield Channel("", irc.messages(decode(member.read()).text, irc.date_in(member.name)), spans_files=True)
    else:
        yield Dropped(member.origin, "unknown_format")


def _page(member: Member) -> Found:
    page = decode(member.read()).text
    found = html_list.message(page)
    if found is not None:
        yield Channel("", [found], spans_files=True)
    else:
        yield Dropped(member.origin, "metadata" if html_list.is_index(page) else "unknown_format")
