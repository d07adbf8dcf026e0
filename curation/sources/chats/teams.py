"""Skype and Teams: messages.json that Microsoft hands out (all conversations), and lists of messages of Microsoft Graph.

In: the file's value. Out: a Channel a conversation, newest message last. Calls and topics are `service`, members `join`, pictures
and files `media`, withdrawn messages `deleted`. Content is markup: quotations and "edited" go, mentions and emoji stay as words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from curation.sources.chats.markup import plain
from curation.sources.chats.message import WHOLE, Channel, Message, Piece, dict_of, key_of, list_of, moment, one_line, text_of

_TALK = frozenset(["RichText", "Text", "RichText/Html", "message", "Message"])
_MEDIA = re.compile(r"RichText/(?:Media|UriObject|Sms|Files|Contacts|Location)|Video")
_BOT = re.compile(r"28:")  # what stands before the names of programs


def is_export(value: Any) -> bool:
    return any("MessageList" in dict_of(each) for each in list_of(dict_of(value).get("conversations"))[:50])


def is_graph(value: Any) -> bool:
    rows = value if isinstance(value, list) else list_of(dict_of(value).get("value"))
    return any({"createdDateTime", "body", "messageType"} <= dict_of(each).keys() for each in rows[:20])


def channels(value: Any, piece: Piece = WHOLE) -> Iterator[Channel]:
    if not isinstance(value, dict) or "conversations" not in value:
        rows = value if isinstance(value, list) else list_of(value.get("value"))
        found = [_graph(each, piece.of(index)) for index, each in enumerate(rows)]
        answered = {message.thread for message in found}
        found = [each._replace(thread=each.place) if each.place in answered else each for each in found]
        yield Channel("", _sorted(found), spans_files=True)
        return
    owner = one_line(value.get("userId"))
    for each in list_of(value.get("conversations")):
        if isinstance(each, dict) and isinstance(each.get("MessageList"), list):
            number = one_line(each.get("id"))
            peer = "" if number.startswith("19:") else one_line(each.get("displayName"))
            said = [
                _message(message, f"{key_of(number)}.{piece.of(index)}", owner, (number, peer))
                for index, message in enumerate(each["MessageList"])
            ]
            yield Channel(key_of(number), _sorted(said))


def _sorted(found: list[Message]) -> list[Message]:
    return sorted(found, key=lambda message: message.time.timestamp() if message.time else 0)


def _message(value: Any, place: str, owner: str, peer: tuple[str, str]) -> Message:
    if not isinstance(value, dict):
        return Message(place, "", "", reason="broken_record")
    number = one_line(value.get("from"))
    name = one_line(value.get("displayName")) or (peer[1] if number == peer[0] else "") or number.partition(":")[2] or number
    time, kind = moment(value.get("originalarrivaltime")), text_of(value.get("messagetype"))
    text = plain(text_of(value.get("content")))
    reason = "" if text else "empty"
    if dict_of(value.get("properties")).get("deletetime"):
        reason = "deleted"
    elif kind.startswith("ThreadActivity/"):
        reason = "join" if "Member" in kind else "service"
    elif _MEDIA.match(kind):
        reason = "media"
    elif kind not in _TALK:
        reason = "service"
    elif _BOT.match(number):
        reason = "bot"
    names = tuple(each for each in (number, number.partition(":")[2], owner) if each and each != name)
    return Message(place, name, text, time, "", names, reason)


def _graph(value: Any, place: str) -> Message:
    if not isinstance(value, dict):
        return Message(place, "", "", reason="broken_record")
    sender = dict_of(value.get("from"))
    user, program = dict_of(sender.get("user")), dict_of(sender.get("application"))
    text = plain(text_of(dict_of(value.get("body")).get("content")))
    name = one_line(user.get("displayName")) or one_line(program.get("displayName"))
    reason = "" if text else "media" if value.get("attachments") else "empty"
    if value.get("deletedDateTime"):
        reason = "deleted"
    elif value.get("messageType") not in _TALK:
        reason = "service"
    elif program and not user:
        reason = "bot"
    place = one_line(value.get("id")) or place
    mentioned = [one_line(dict_of(each).get("mentionText")) for each in list_of(value.get("mentions"))]
    names = tuple(filter(None, (one_line(user.get("id")), *mentioned)))
    replied = one_line(value.get("replyToId"))
    return Message(place, name, text, moment(value.get("createdDateTime")), replied, names, reason)
