"""Discord by Discord History Tracker: one JSON of all channels, people and channels by number in `meta`.

In: the file's value. Out: a Channel a channel; `media` where a message has attachments or embeds alone. The dump does not say who
is a bot.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curation.sources.chats import discord
from curation.sources.chats.message import Channel, Message, dict_of, list_of, one_line, seconds, text_of


def is_export(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("data"), dict) and "userindex" in dict_of(value.get("meta"))


def channels(value: dict[str, Any]) -> Iterator[Channel]:
    meta = value["meta"]
    users, index = dict_of(meta.get("users")), list_of(meta.get("userindex"))
    names = {number: one_line(dict_of(user).get("name")) for number, user in users.items()}
    servers, known = list_of(meta.get("servers")), dict_of(meta.get("channels"))
    for number, messages in value["data"].items():
        about = dict_of(known.get(number))
        server = about.get("server")
        place = dict_of(servers[server]).get("name") if isinstance(server, int) and 0 <= server < len(servers) else ""
        said = [_message(key, each, index, names) for key, each in dict_of(messages).items()]
        said.sort(key=lambda message: message.time.timestamp() if message.time else 0)
        yield Channel("/".join(filter(None, (one_line(place), one_line(about.get("name")) or number))), said)


def _message(place: str, value: Any, index: list[Any], names: dict[str, str]) -> Message:
    if not isinstance(value, dict):
        return Message(place, "", "", reason="broken_record")
    user = value.get("u")
    number = one_line(index[user]) if isinstance(user, int) and 0 <= user < len(index) else ""
    text = discord.readable(text_of(value.get("m")), names)
    reason = "" if text.strip() else "media" if value.get("a") or value.get("e") else "empty"
    return Message(
        place, names.get(number) or number, text, seconds(value.get("t")), names=(number,) if number else (), reason=reason
    )
