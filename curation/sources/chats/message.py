"""What every chat format is turned into: channels of messages.

`Message.reason` is set for what is no message to read (a join, a reaction, a bot): it is counted and dropped.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

ROLES = {
    "user": "user", "human": "user", "prompter": "user", "person": "user", "customer": "user",
    "assistant": "assistant", "gpt": "assistant", "bot": "assistant", "chatgpt": "assistant", "model": "assistant",
    "ai": "assistant",
    "bing": "assistant", "bard": "assistant", "claude": "assistant", "agent": "assistant", "system": "system",
    "developer": "system",
    "tool": "tool", "function": "tool", "function_call": "tool", "function_response": "tool", "tool_call": "tool",
    "tool_response": "tool",
    "observation": "tool", "ipython": "tool",
}  # fmt: skip


_MONTHS = str.split("jan feb mar apr may jun jul aug sep oct nov dec")
_UNIX_TIME = re.compile(r"\d{9,17}(?:\.\d+)?")
_NAMED_MONTH = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ](\d{4}|\d\d),? (\d{1,2}):(\d\d)(?::(\d\d))?(?: ([AaPp][Mm]))?")


class Message(NamedTuple):
    """A tuple, since a dump has millions of them and a frozen dataclass takes three times as long to make.

    `place`: where in the file; `names`: every name known for the author or mentioned, to be scrubbed; `title`: the
    subject, which opens a conversation that begins with this message; `note`: for the ledger (source.NOTES)."""

    place: str
    author: str
    text: str
    time: datetime | None = None
    thread: str = ""
    names: tuple[str, ...] = ()
    reason: str = ""
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """Messages in order. `key` names the channel within the input; `is_whole`: the dump says that it is one conversation;
    `spans_files`: the next file of the folder goes on with it; `goes_on`: it goes on with the one before it in its file."""

    key: str
    messages: list[Message] = field(default_factory=list)
    is_whole: bool = False
    spans_files: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """Some messages of a list that is too long to be held. `place` opens their places, `first` is the number of the first.

    `memory` is kept from one piece of the list to the next; `before` gives what stands in the file before a list that was
    entered from inside.
    """

    place: str = ""
    first: int = 0
    memory: dict[str, Any] | None = None
    before: Callable[[], Iterator[bytes]] | None = None

    def of(self, index: int) -> str:
        """The place of the message that stands so far behind the first."""
        return f"{self.place}{self.first + index}"

    def places(self, size: int) -> list[str]:
        numbers = map(str, range(self.first, self.first + size))
        return [self.place + number for number in numbers] if self.place else list(numbers)


WHOLE = Piece()


def seconds(value: Any) -> datetime | None:
    """A moment from a Unix time in seconds, milliseconds or microseconds, as number or string."""
    try:
        number = float(value)
        while abs(number) > 1e11:
            number /= 1000
        return datetime.fromtimestamp(number, UTC) if number == number and number else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def moment(value: Any) -> datetime | None:
    """A moment from a date of a table, an ISO string, `25-Dec-23 07:45 PM` or a Unix time.

    Without a zone it is taken as UTC, so that hosts agree.
    """
    if isinstance(value, datetime):
        return _in_utc(value)
    if isinstance(value, str):
        text = value.strip()
        try:
            time = datetime.fromisoformat(text if text[-3:] != "UTC" else text.replace(" UTC", "+00:00"))
        except ValueError:
            return seconds(text) if _UNIX_TIME.fullmatch(text) else _named_month(text)
        return _in_utc(time)
    return seconds(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def each_moment(values: list[Any]) -> list[datetime | None]:
    """`moment` of each; of ISO strings in an eighth of the time."""
    try:
        times = list(map(datetime.fromisoformat, values))
    except (TypeError, ValueError):
        return list(map(moment, values))
    return [time if time.tzinfo is UTC else _in_utc(time) for time in times]


def _in_utc(time: datetime) -> datetime | None:
    try:
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except OverflowError:
        return None


def _named_month(text: str) -> datetime | None:
    """`25-Dec-23 07:45 PM`, as DiscordChatExporter's CSV has it; strptime would ask the host's language."""
    found = _NAMED_MONTH.fullmatch(text)
    if found is None or found[2].lower() not in _MONTHS:
        return None
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
    hour = int(found[4]) % 12 + 12 * (found[7].lower() == "pm") if found[7] else int(found[4])
    try:
        return datetime(
            year, _MONTHS.index(found[2].lower()) + 1, int(found[1]), hour, int(found[5]), int(found[6] or 0), tzinfo=UTC
        )
    except ValueError:
        return None


def one_line(name: Any) -> str:
    """A name on one line, so that "name: message" can be told apart from its continuation."""
    if isinstance(name, str):
        return name if name.isalnum() else " ".join(name.split())
    return str(name) if isinstance(name, int) else ""


def key_of(number: str) -> str:
    """A name for a channel that the dump names by somebody's telephone number or account."""
    return hashlib.blake2b(number.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest() if number else ""


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def dict_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
