"""Messages to conversations: threads where the dump has them, otherwise by channel and pause.

In: the messages of one channel in order, each with the origin of its file. Out: a Record a conversation, a Dropped for
every message that is none. Each message ends in exactly one of them: the origin of a conversation is
`file#first+N`, its first message and how many more it holds. `work` is the thread, or the channel and its day.
Memory: open threads are closed, oldest first, above MAX_OPEN_BYTES.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from curation.document import ROLE_END, TURN
from curation.source import Dropped, Record
from curation.sources.chats.message import ROLES, Message

MAX_OPEN_BYTES = 64 << 20
MESSAGE_BYTES = 450  # beside its text
_author, _time, _names, _note = map(attrgetter, ("author", "time", "names", "note"))


@dataclass(slots=True)
class _Open:
    """A conversation that may go on: where its first message stands, its messages, and how many characters they have.

    `weight`: of a thread, bytes in memory; one emoji makes a string four times as large.
    """

    place: str
    messages: list[Message]
    chars: int = 0
    weight: int = 0


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
        self._channel, self._max_pause, self._max_chars = channel, timedelta(seconds=max_pause_seconds), max_chars
        self._is_whole, self._license = is_whole, license
        self._current: _Open | None = None
        self._threads: dict[str, _Open] = {}
        self._open_bytes = 0
        self._ordinals: dict[str, int] = {}

    def owned_by(self, names: tuple[str, ...]) -> None:
        """People whom the channel's file or folder is named after: "dm-ada"; for the messages added from now on."""
        self._owners = names

    def add(self, origin: str, messages: Iterable[Message]) -> Iterator[Record | Dropped]:
        """The next messages of the channel, of the file `origin`."""
        current, is_whole, max_pause, max_chars = self._current, self._is_whole, self._max_pause, self._max_chars
        for message in messages:
            text, time = message.text, message.time
            if message.reason or not text or text.isspace():
                speakers = (message.author, *message.names, *self._owners)
                yield Dropped(f"{origin}#{message.place}", message.reason or "empty", speakers=speakers)
            elif message.thread and not is_whole:
                yield from self._add_to_thread(origin, message)
            else:
                if current is not None and not is_whole:
                    before = current.messages[-1].time
                    is_later = before is not None and time is not None and abs(time - before) > max_pause
                    if is_later or current.chars + len(text) > max_chars:  # "later" is also back, where the next file begins so
                        yield self._conversation(current, self._day(current))
                        current = None
                if current is None:
                    current = self._current = _Open(f"{origin}#{message.place}", [])
                current.messages.append(message)
                current.chars += len(text)

    def finish(self) -> Iterator[Record]:
        if self._current is not None:
            yield self._conversation(self._current, self._day(self._current))
        while self._threads:
            name = next(iter(self._threads))
            yield self._conversation(self._threads.pop(name), name)
        self._current, self._open_bytes = None, 0

    def _add_to_thread(self, origin: str, message: Message) -> Iterator[Record]:
        thread = self._threads.get(message.thread)
        if thread is not None and thread.chars + len(message.text) > self._max_chars:
            self._open_bytes -= thread.weight
            yield self._conversation(thread, message.thread)
            thread = self._threads[message.thread] = _Open(f"{origin}#{message.place}", [])
        elif thread is None:
            thread = self._threads[message.thread] = _Open(f"{origin}#{message.place}", [])
        weight = sys.getsizeof(message.text) + MESSAGE_BYTES
        thread.messages.append(message)
        thread.chars += len(message.text)
        thread.weight += weight
        self._open_bytes += weight
        while self._open_bytes > MAX_OPEN_BYTES:
            name = next(iter(self._threads))
            oldest = self._threads.pop(name)
            self._open_bytes -= oldest.weight
            yield self._conversation(oldest, name)

    def _day(self, current: _Open) -> str:
        time = current.messages[0].time
        return "" if self._is_whole or time is None else _utc(time).date().isoformat()

    def _conversation(self, conversation: _Open, name: str) -> Record:
        said = conversation.messages
        work = f"{self._channel}/{name}" if name else self._channel
        ordinal = self._ordinals.get(work, 0)
        self._ordinals[work] = ordinal + 1
        times = list(filter(None, map(_time, said)))
        has_roles = self._is_whole and all(message.author.lower() in ROLES for message in said)
        return Record(
            conversation.place + (f"+{len(said) - 1}" if len(said) > 1 else ""),
            role_text(said) if has_roles else plain(said),
            work,
            ordinal,
            revised=_utc(max(times)) if times else None,
            license=self._license,
            note=next(filter(None, map(_note, said)), ""),
            speakers=() if has_roles else tuple(_speakers(said, self._owners)),
        )


def _speakers(said: list[Message], owners: tuple[str, ...]) -> dict[str, None]:
    if any(map(_names, said)):
        return dict.fromkeys([*(name for message in said for name in (message.author, *message.names) if name), *owners])
    return dict.fromkeys([*filter(None, map(_author, said)), *owners])


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC)


def plain(messages: list[Message]) -> str:
    """The title, then one line "name: message" a message; continuation lines as they are."""
    title = f"{messages[0].title}\n\n" if messages[0].title else ""
    return title + "\n".join(
        [f"{message.author}: {message.text.strip()}" if message.author else message.text.strip() for message in messages]
    )


def role_text(messages: list[Message]) -> str:
    """Every turn introduced by TURN + role + ROLE_END; those characters are taken out of the content."""
    said = [message.text.replace(TURN, "").replace(ROLE_END, "").strip() for message in messages]
    return "".join(
        [f"{TURN}{ROLES[message.author.lower()]}{ROLE_END}{text}" for message, text in zip(messages, said, strict=True)]
    )
