"""Which program wrote a JSON value, by the shape that fits.

In: a JSON value, and names known by user id. Out: its Channels; None where no format of chats fits.
"""

from __future__ import annotations

from typing import Any

from curation.sources.chats import (
    dialogue,
    discord,
    discord_history,
    google_chat,
    hangouts,
    listing,
    matrix,
    messenger,
    slack,
    teams,
    telegram,
    twitter,
    wrapped,
)
from curation.sources.chats.message import WHOLE, Channel, Piece


def of_value(value: Any, known: slack.People, piece: Piece = WHOLE) -> list[Channel] | None:
    """The channels of a JSON file, by the shape that fits; the most particular shapes are tried first."""
    plain = listing.plain_channels(value, piece) if isinstance(value, list) else None
    if plain is not None:
        return plain
    if slack.is_messages(value):
        return [Channel("", slack.messages(value, known), spans_files=True)]
    if isinstance(value, dict) and slack.is_messages(value.get("messages")):
        return [Channel(str(value.get("channel_id") or value.get("name") or ""), slack.messages(value["messages"], known))]
    if twitter.is_archive(value):
        return list(twitter.channels(value, known, piece))
    if slack.is_metadata(value):
        return None
    if discord.is_export(value):
        return [discord.channel(value, piece)]
    if discord_history.is_export(value):
        return list(discord_history.channels(value))
    if messenger.is_export(value):
        return [messenger.channel(value, piece)]
    if google_chat.is_export(value):
        return [google_chat.channel(value, piece)]
    events = matrix.events_of(value)
    if events is not None:
        return list(matrix.channels(value, events, piece))
    if matrix.is_sync(value):
        return list(matrix.sync(value, piece))
    if telegram.is_export(value):
        return list(telegram.channels(value, piece))
    if hangouts.is_export(value):
        return list(hangouts.channels(value, piece))
    if teams.is_export(value) or teams.is_graph(value):
        return list(teams.channels(value, piece))
    inner = value if isinstance(value, list) else wrapped.listed(value)
    if any(map(wrapped.bare, inner[:8])):
        value = [each for _, each in wrapped.bare_rows((str(index), each) for index, each in enumerate(inner))]
    if isinstance(value, list) and all(isinstance(each, dict) for each in value) and listing.is_messages(value):
        return listing.channels(value, piece.places(len(value)))
    return dialogue.conversations(value, piece)
