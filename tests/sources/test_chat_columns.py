"""Lists of messages are read a column at a time: with the same result as one message after the other."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest

from curation.sources import zipdirectory
from curation.sources.chats import fields, listing, shapes
from curation.sources.chats.json_text import loads_bytes
from curation.sources.chats.message import Message, each_moment, moment

PLAIN = {"author": "ada", "content": "Hello <@5>", "created_at": "2024-05-06T07:08:09+00:00", "parent": "general"}
ROWS: list[Any] = [
    PLAIN,
    {**PLAIN, "content": " "},
    {**PLAIN, "author": -100123},
    {**PLAIN, "author": {"username": "bob", "is_bot": True}},
    {"from": "eve", "text": ["a ", {"text": "b"}], "date": "13/1/2021 10:01 AM", "id": 7},
    {"sender": 5, "message": "hi", "timestamp": 1_700_000_000, "thread_id": 99, "is_bot": False},
    {"author": {"name": "mia"}, "content": "api", "type": 0, "channel_id": "9", "id": "1", "timestamp": "2024-05-06T07:08:09Z"},
    {"user": "kim", "text": "joined", "type": "join", "date": None},
    "no message",
]


def test_a_mixed_list_reads_as_its_messages_alone() -> None:
    alone = [_only(listing.channels([row], [str(index)])) for index, row in enumerate(ROWS)]
    together = [message for channel in listing.channels(ROWS) for message in channel.messages]
    assert sorted(together, key=repr) == sorted(alone, key=repr)


def test_a_uniform_list_reads_as_its_messages_alone() -> None:
    rows = [{**PLAIN, "author": name, "content": text} for name, text in (("Ada  Lo", "x"), ("42", " "), ("-42", "<:wave:1>"))]
    (channel,) = listing.channels(rows)
    assert channel.messages == [_only(listing.channels([row], [str(index)])) for index, row in enumerate(rows)]
    assert [(message.author, message.text, message.reason) for message in channel.messages] == [
        ("Ada Lo", "x", ""),
        ("42", " ", "empty"),
        ("", ":wave:", ""),
    ]


@pytest.mark.parametrize(
    "keys",
    [
        ("type", "user", "text", "ts"),
        ("id_str", "created_at", "text", "entities", "user"),
        ("createdDateTime", "body", "messageType", "from"),
        ("body", "sent_at", "conversationId", "source"),
        ("fromUser", "sent", "text"),
        ("content", "sender", "date_sent", "recipient"),
        ("origin_server_ts", "sender", "content", "type"),
    ],
)
def test_keys_of_a_format_of_its_own_are_not_plain(keys: tuple[str, ...]) -> None:
    assert not fields.are_plain(keys)


def test_a_plain_list_is_told_by_its_keys() -> None:
    assert fields.are_plain(tuple(PLAIN))
    found = shapes.of_value([PLAIN, {**PLAIN, "parent": "other"}], {})
    assert [channel.key for channel in found or []] == ["general", "other"]


def test_each_moment_is_the_moment_of_each() -> None:
    stamps = ["2024-05-06T07:08:09+00:00", "2024-05-06T07:08:09", "2024-05-06T07:08:09+02:00", "0001-01-01T00:00:00+05:00"]
    for values in (stamps, [*stamps, "x"], [*stamps, 1_700_000_000], [datetime(2024, 5, 6, tzinfo=UTC), None]):
        assert each_moment(values) == list(map(moment, values))


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, 10**25])
def test_long_integers_stay_whole_and_digits_of_an_address_are_none(number: int) -> None:
    padding = f'"https://example.org/{10**24}", "{"x" * 64}"'
    assert loads_bytes(f"[{padding}, {number}]".encode())[2] == number
    assert loads_bytes(f"[{padding},\n{number}]".encode())[2] == number
    assert loads_bytes(f"[{padding}, 1]".encode())[2] == 1


def test_names_in_the_directory_of_a_zip_are_seen_without_reading_it() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("export/users.json", "[]")
        archive.writestr("export/general/2024-05-06.json", "[]")
    assert zipdirectory.names_hold(data, (b"users.json",))
    assert not zipdirectory.names_hold(data, (b"account.js",))


def _only(channels: list[Any]) -> Message:
    ((message,),) = [channel.messages for channel in channels]
    return message
