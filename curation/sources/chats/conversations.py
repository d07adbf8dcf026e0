"""Messages to conversations: threads where the dump has them, otherwise by channel and pause.

In: the messages of one channel in order, each with the origin of its file. Out: a Record a conversation, a Dropped for
every message that is none. Each message ends in exactly one of them: the origin of a conversation is
`file#first+N`, its first message and how many more it holds. `work` is the thread, or the channel and its day.
Memory: open threads are closed, oldest first, above MAX_OPEN_CHARS.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from curation.document import ROLE_END, TURN
from curation.source import Dropped, Record
from curation.sources.chats.message import ROLES, Message

MAX_OPEN_CHARS = 64 << 20


class _Thread:
    """Messages of an open thread, their texts as UTF-8: one sign beyond Latin-1 makes a string two or four times as large."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, Message, bytes]] = []
        self.num_chars = self.weight = 0

    def add(self, place: str, message: Message) -> int:
        self.messages.append((place, replace(message, text=""), message.text.encode("utf-8", "surrogatepass")))
        self.num_chars += len(message.text)
        self.weight += len(message.text) + 500
        return len(message.text) + 500

    def said(self) -> list[tuple[str, Message]]:
        return [(place, replace(each, text=text.decode("utf-8", "surrogatepass"))) for place, each, text in self.messages]


class Conversations:
    """Feed messages with `add`, end with `finish`."""

    def __init__(
        self,
        channel: str,
        max_pause_seconds: int,
        max_chars: int,
        *,
        is_whole: bool = False,
        license: str = "",
    ) -> None:
        self._owners: tuple[str, ...] = ()
        self._channel, self._max_pause, self._max_chars = channel, max_pause_seconds, max_chars
        self._is_whole, self._license = is_whole, license
        self._current: list[tuple[str, Message]] = []
        self._current_chars = 0
        self._threads: dict[str, _Thread] = {}
        self._open_chars = 0
        self._ordinals: dict[str, int] = {}

    def owned_by(self, names: tuple[str, ...]) -> None:
        """People whom the channel's file or folder is named after: "dm-ada"; for the messages added from now on."""
        self._owners = names

    def add(self, origin: str, message: Message) -> Iterator[Record | Dropped]:
        place = f"{origin}#{message.place}"
        if message.reason or not message.text.strip():
            yield Dropped(place, message.reason or "empty", speakers=(message.author, *message.names, *self._owners))
            return
        if message.thread and not self._is_whole:
            yield from self._add_to_thread(place, message)
            return
        if self._current and self._is_over(message):
            yield self._conversation(self._current, self._day(self._current[0][1]))
            self._current, self._current_chars = [], 0
        self._current.append((place, message))
        self._current_chars += len(message.text)

    def finish(self) -> Iterator[Record]:
        if self._current:
            yield self._conversation(self._current, self._day(self._current[0][1]))
        while self._threads:
            name = next(iter(self._threads))
            yield self._conversation(self._threads.pop(name).said(), name)
        self._current, self._current_chars, self._open_chars = [], 0, 0

    def _add_to_thread(self, place: str, message: Message) -> Iterator[Record]:
        thread = self._threads.setdefault(message.thread, _Thread())
        if thread.messages and thread.num_chars + len(message.text) > self._max_chars:
            self._open_chars -= thread.weight
            yield self._conversation(thread.said(), message.thread)
            thread = self._threads[message.thread] = _Thread()
        self._open_chars += thread.add(place, message)
        while self._open_chars > MAX_OPEN_CHARS:
            name = next(iter(self._threads))
            oldest = self._threads.pop(name)
            self._open_chars -= oldest.weight
            yield self._conversation(oldest.said(), name)

    def _is_over(self, message: Message) -> bool:
        if self._is_whole:
            return False
        before = self._current[-1][1].time
        if before is not None and message.time is not None and (message.time - before).total_seconds() > self._max_pause:
            return True
        return self._current_chars + len(message.text) > self._max_chars

    def _day(self, message: Message) -> str:
        if self._is_whole or message.time is None:
            return ""
        return message.time.astimezone(UTC).date().isoformat()

    def _conversation(self, messages: list[tuple[str, Message]], name: str) -> Record:
        work = f"{self._channel}/{name}" if name else self._channel
        ordinal = self._ordinals.get(work, 0)
        self._ordinals[work] = ordinal + 1
        origin = messages[0][0] + (f"+{len(messages) - 1}" if len(messages) > 1 else "")
        times = [message.time for _, message in messages if message.time is not None]
        names = dict.fromkeys(name for _, message in messages for name in (message.author, *message.names) if name)
        names |= dict.fromkeys(self._owners)
        said = [message for _, message in messages]
        has_roles = self._is_whole and all(message.author.lower() in ROLES for message in said)
        return Record(
            origin,
            role_text(said) if has_roles else plain(said),
            work,
            ordinal,
            revised=_utc(max(times)) if times else None,
            license=self._license,
            note=next((message.note for message in said if message.note), ""),
            speakers=() if has_roles else tuple(names),
        )


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC)


def plain(messages: list[Message]) -> str:
    """The title, then one line "name: message" a message; continuation lines as they are."""
    title = f"{messages[0].title}\n\n" if messages[0].title else ""
    return title + "\n".join(
        f"{message.author}: {message.text.strip()}" if message.author else message.text.strip() for message in messages
    )


def role_text(messages: list[Message]) -> str:
    """Every turn introduced by TURN + role + ROLE_END; those characters are taken out of the content."""
    marks = {ord(TURN): None, ord(ROLE_END): None}
    return "".join(
        f"{TURN}{ROLES[message.author.lower()]}{ROLE_END}{message.text.translate(marks).strip()}" for message in messages
    )
