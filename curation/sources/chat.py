"""Chats: exports of messengers, IRC logs, mailing lists, and sets of dialogues, each recognized by content.

In: files, folders, archives. Out: one document a conversation (chats/conversations.py), a Dropped for every message
that is none: as many messages come out, in documents and drops, as the dump holds.
`work` is the thread, or the channel and its day; `speakers` lists every name known for the people in it.
Formats: one file each in chats/. Cost: see benchmarks/sources_readers.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from curation.errors import InputError
from curation.source import Dropped, File, Input, Part, Record
from curation.sources import splitting
from curation.sources.chats import files as chat_files
from curation.sources.chats import names, users
from curation.sources.chats.conversations import Conversations
from curation.sources.chats.folders import group
from curation.sources.chats.message import Channel
from curation.sources.members import Member, damaged, members
from curation.stage import Settings

KIND = "chat"
LIBRARIES: tuple[str, ...] = ("charset-normalizer", "lxml")
REASONS = {
    "join": "Somebody comes, goes or changes their name.",
    "service": "A line of the program or the server.",
    "bot": "Written by a program.",
    "reaction": "A sign put to somebody's message.",
    "media": "A picture, a voice message, a sticker, a file: no words.",
    "deleted": "Withdrawn by its author.",
    "edit": "A new wording; the message itself carries it.",
    "encrypted": "The dump holds no key.",
    "only_quotes": "A mail that quotes and adds nothing.",
    "repost": "Somebody else's words, passed on.",
    "alternative_reply": "Another reply at the same place of a conversation with roles.",
    "empty": "A message without text.",
    "metadata": "A file that describes others: users, channels, an index.",
    "broken_record": "Not a message of this format.",
    "record_too_large": "A message or a file of messages larger than max_record_bytes.",
    "unknown_format": "No format of chats that we know.",
}


_IS_CUT = splitting.from_inside(chat_files.is_cuttable)


class Config(Settings):
    """A conversation ends after `max_pause_minutes` of silence in its channel, or before it exceeds `max_conversation_chars`.

    `text_column` names the column of tables that holds what was said; without it the usual names are tried.
    """

    max_pause_minutes: int = 120
    max_conversation_chars: int = 50_000
    text_column: str | None = None


def list_inputs(files: list[File], config: Config) -> list[Input]:
    return group(files)


def splittable(file: File, config: Config) -> list[Part]:
    """A conversation that runs over the border of two parts is cut there."""
    return splitting.parts(file, chat_files.is_cuttable)


def read(item: Input, config: Config) -> Iterator[Record | Dropped]:
    inside = item.part if item.part and not splitting.is_cut_by_member(item) else None
    people = {} if inside else users.people(replace(item, part=None))
    open_channel: tuple[str, Conversations] | None = None
    for member in [splitting.part_member(item)] if inside else members(item, _IS_CUT):
        if isinstance(member, Dropped):
            yield replace(member, speakers=names.owners(member.origin, people))
            continue
        is_silent, part = True, inside or member.part
        owners = names.owners(member.origin, people)
        try:
            for channel in chat_files.channels(member, people, config.text_column, part):
                is_silent = is_silent and isinstance(channel, Channel) and not channel.messages
                if isinstance(channel, Dropped):
                    if part and part.start and channel.origin == member.origin:
                        continue  # what is said of the whole file, its first part says
                    yield replace(channel, speakers=names.owners(channel.origin, people))
                    continue
                key = _key(item, member, channel.key, channel.spans_files)
                if open_channel is None or open_channel[0] != key or not (channel.spans_files or channel.goes_on):
                    if open_channel is not None:
                        yield from open_channel[1].finish()
                    work = chat_files.work(member, channel)
                    open_channel = (
                        key,
                        Conversations(
                            work,
                            60 * config.max_pause_minutes,
                            config.max_conversation_chars,
                            is_whole=channel.is_whole,
                        ),
                    )
                named = names.authors_in(member.origin, channel.messages)
                open_channel[1].owned_by((*owners, *named))
                yield from open_channel[1].add(member.origin, channel.messages)
        except InputError as error:
            is_silent = False
            yield damaged(member, error)
        if is_silent and part is None:
            yield Dropped(member.origin, "empty")
    if open_channel is not None:
        yield from open_channel[1].finish()


def _key(item: Input, member: Member, channel: str, spans_files: bool) -> str:
    folder = member.origin.rpartition("/")[0] if spans_files else member.origin
    return f"{folder}\0{channel}"
