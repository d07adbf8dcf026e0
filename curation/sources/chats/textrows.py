"""Rows whose column of text holds one conversation each, and how rows of any table come to the formats of chats.

In: rows of JSON, CSV or Parquet. Out: a Channel a row. CSV and Parquet name their columns in any case; the recipe may name
the column of the text, which is then called `text` (or `messages`, where it holds a list).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curation.sources.chats import transcript
from curation.sources.chats.message import Channel, Message, one_line
from curation.sources.jsonrows import Broken

TEXT = (
    "text", "dialogue", "dialog", "conversation", "conversations", "chat", "transcript", "content", "raw_content", "body",
    "raw_text", "plain_text", "utterances", "messages", "message",
    "chosen",
)  # fmt: skip
ID = ("id", "conversation_id", "dialogue_id", "dialog_id", "conv_id", "uuid", "doc_id", "hash", "fname")


def named(rows: Iterator[tuple[str, Any]], text_column: str | None, *, is_table: bool) -> Iterator[tuple[str, Any]]:
    """Rows with the recipe's column under its usual name; names of tables in lower case without spaces around."""
    wanted = text_column.lower() if text_column and is_table else text_column
    for place, value in rows:
        if not isinstance(value, dict):
            yield place, value
            continue
        row = {str(name).strip().lower(): content for name, content in value.items()} if is_table else value
        if wanted is not None and wanted in row:
            content = row[wanted]
            row = {name: each for name, each in row.items() if name not in (wanted, *TEXT)}
            row["messages" if isinstance(content, list) else "text"] = content
        yield place, row


def is_table(values: list[Any]) -> bool:
    """Most rows have a text."""
    return 2 * sum(bool(_text(value)) for value in values) > len(values)


def channel(place: str, value: Any) -> Channel:
    if isinstance(value, Broken):
        return Channel("", [Message(place, "", "", reason=value.reason)], is_whole=True)
    text = _text(value)
    if not text:
        return Channel(place, [Message(place, "", "", reason="empty")], is_whole=True)
    name = next((one_line(value[key]) for key in ID if one_line(value.get(key))), "") if isinstance(value, dict) else ""
    return transcript.channel(text, name or place, place)


def _text(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    return next((value[name] for name in TEXT if isinstance(value.get(name), str) and value[name].strip()), "")
