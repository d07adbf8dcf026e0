"""Topics of a Telegram forum: a message belongs to the one that it answers, over however many others.

In: the messages of a chat in order, some thousands at a time, and what stands in the file before a part of it. Out: the topic of
a message, "" outside of any. The messages that opened a topic are known over the whole file, also from inside it; answers to
answers as long as at most MAX_ANSWERS stand between them, and within a part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

MAX_ANSWERS = 250_000  # about 25 MB
_OPENED = b'"topic_created"'
_ACTION = re.compile(rb'"action"\s*:\s*\Z')
_NUMBER = re.compile(rb'[{,]\s*"id"\s*:\s*(\d{1,18})\s*,')
_BEFORE_ACTION = 4096  # bytes: number, kind, two dates and two names


class Topics:
    """`before`: blocks of what stands before the first message."""

    def __init__(self, before: Iterable[bytes] = ()) -> None:
        self._roots = {number: str(number) for number in opened(before)}
        self._answers: dict[int, str] = {}
        self._older: dict[int, str] = {}

    def __bool__(self) -> bool:
        return bool(self._roots)

    def of(self, value: Any) -> str:
        """The topic of the next message."""
        number, answered = value.get("id"), value.get("reply_to_message_id")
        if not isinstance(number, int):
            return ""
        if value.get("action") == "topic_created":
            self._roots[number] = str(number)
        if number in self._roots:
            return self._roots[number]
        topic = self._known(answered) if self._roots and isinstance(answered, int) else ""
        if topic:
            if len(self._answers) >= MAX_ANSWERS:
                self._answers, self._older = {}, self._answers
            self._answers[number] = topic
        return topic

    def _known(self, number: int) -> str:
        return self._roots.get(number) or self._answers.get(number) or self._older.get(number, "")


def opened(blocks: Iterable[bytes]) -> Iterator[int]:
    """The numbers of the messages that opened a topic. In text the quotation marks of the words would be escaped."""
    data = b""
    for block in blocks:
        data = data[-_BEFORE_ACTION:] + block
        at = data.find(_OPENED)
        while at >= 0:
            head = data[max(0, at - _BEFORE_ACTION) : at]
            if _ACTION.search(head) and (numbers := _NUMBER.findall(head)):
                yield int(numbers[-1])
            at = data.find(_OPENED, at + 1)
