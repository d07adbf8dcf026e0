"""Saved pages and markup: which program wrote a page, by its content, and the messages in it.

In: a member whose text begins with a tag. Out: Channels, or a Dropped: `metadata` for the index of an archive of lists,
`unknown_format` for any other page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from curation.source import Dropped
from curation.sources.chats import discord_page, element, html_list, messenger_logs, meta_page, telegram_page
from curation.sources.chats.message import Channel
from curation.sources.encoding import decode
from curation.sources.members import Member

_UNFIT = re.compile("<\\?xml[^>]*>|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # lxml takes no text that names an encoding


def channels(member: Member) -> Iterator[Channel | Dropped]:
    data = member.read()
    decoded = decode(data)
    found = (
        messenger_logs.xml_channels(data)
        if messenger_logs.is_xml(decoded.text[:2000])
        else _of_page(_UNFIT.sub("", decoded.text))
    )
    if not found:
        is_index = html_list.is_index(decoded.text)
        yield Dropped(member.origin, "metadata" if is_index else "unknown_format")
    for channel in found:
        noted = [message._replace(note=decoded.note) for message in channel.messages]
        yield replace(channel, messages=noted) if decoded.doubtful else channel


def _of_page(page: str) -> list[Channel]:
    if element.is_page(page):
        return [Channel("", element.page_messages(page), spans_files=True)]
    listed = html_list.message(page)
    if listed is not None:
        return [Channel("", [listed], spans_files=True)]
    if telegram_page.is_page(page):
        return [telegram_page.channel(page)]
    if discord_page.is_page(page):
        return [discord_page.channel(page)]
    if meta_page.is_page(page):
        return [meta_page.channel(page)]
    logged = messenger_logs.page_messages(page)
    return [Channel("", logged)] if logged is not None else []
