"""Messages wrapped in an envelope of their program, laid bare for listing.py: Signal, Mattermost and other servers.

In: a row. Out: flat dicts with `text`, `author`, `date`, `chat`, `type`; None where the row is no envelope that we know.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from curation.sources.chats.markup import plain
from curation.sources.chats.message import dict_of, key_of, list_of, one_line

_OWNER = "me"


def listed(value: Any) -> list[Any]:
    """The rows of a file that is an object: its list of messages, else the object itself."""
    found = [dict_of(value).get(key) for key in ("messages", "zerver_message")]
    return next((each for each in found if isinstance(each, list)), [value])


def bare(value: Any) -> list[dict[str, Any]] | None:
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("envelope"), dict):
        return [_signal_cli(value["envelope"])]
    if {"body", "sent_at", "conversationId"} <= value.keys():
        return [_signal_row(value)]
    if value.get("type") in ("post", "direct_post") and isinstance(value.get(value["type"]), dict):
        return _mattermost(value[value["type"]])
    if value.get("type") in ("version", "team", "channel", "user", "direct_channel", "emoji", "bot") and len(value) <= 3:
        return [{"text": "", "type": "metadata"}] if isinstance(value.get(value["type"]), dict | int) else None
    return _server_message(value)


def _server_message(value: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Rocket.Chat, Gitter and Zulip: a channel, perhaps a thread or a topic in it."""
    keys = value.keys()
    if {"u", "ts", "rid"} <= keys and ("msg" in keys or "t" in keys):
        kind = "" if not value.get("t") else "join" if value["t"] in ("uj", "ul", "au", "ru", "ujt", "ult") else "service"
        user, thread = dict_of(value["u"]), one_line(value.get("tmid"))
        stamp = dict_of(value["ts"]).get("$date") or value["ts"]
        return [
            _bare(
                value.get("_id"),
                value.get("msg"),
                user,
                stamp,
                value["rid"],
                thread,
                kind,
                value.get("attachments") or value.get("file"),
            )
        ]
    if {"fromUser", "sent", "text"} <= keys:
        user = dict_of(value["fromUser"])
        return [
            _bare(
                value.get("id"),
                value["text"],
                {**user, "name": user.get("displayName")},
                value["sent"],
                "",
                value.get("parentId"),
                "",
                None,
            )
        ]
    if "content" in keys and ("sender_full_name" in keys or {"sender", "date_sent", "recipient"} <= keys):
        user = {"name": value.get("sender_full_name") or value.get("sender"), "username": value.get("sender_email")}
        where = value.get("display_recipient") if isinstance(value.get("display_recipient"), str) else value.get("recipient")
        topic = "/".join(filter(None, (one_line(where), one_line(value.get("subject")))))
        content = plain(value["content"]) if isinstance(value["content"], str) else ""
        return [_bare(value.get("id"), content, user, value.get("timestamp") or value.get("date_sent"), topic, "", "", None)]
    return None


def _bare(
    number: Any, text: Any, user: dict[str, Any], stamp: Any, chat: Any, thread: Any, kind: str, files: Any
) -> dict[str, Any]:
    author = {key: user[key] for key in ("name", "username") if user.get(key)}
    return {
        "id": number,
        "text": text or "",
        "author": author,
        "date": stamp,
        "chat": chat,
        "thread": thread,
        "type": kind,
        "attachments": files,
    }


def _signal_cli(envelope: dict[str, Any]) -> dict[str, Any]:
    sent = dict_of(dict_of(envelope.get("syncMessage")).get("sentMessage"))
    edited = dict_of(dict_of(envelope.get("editMessage")).get("dataMessage"))
    said = dict_of(envelope.get("dataMessage")) or sent or edited
    author = one_line(envelope.get("sourceName")) or one_line(envelope.get("sourceNumber")) or one_line(envelope.get("source"))
    group = dict_of(said.get("groupInfo"))
    chat = one_line(group.get("groupId")) or one_line(sent.get("destinationNumber") or sent.get("destination"))
    kind = "reaction" if said.get("reaction") else "deleted" if said.get("remoteDelete") else "" if said else "service"
    return {
        "text": said.get("message") or "",
        "author": author,
        "sender": envelope.get("sourceNumber") or envelope.get("source"),
        "date": said.get("timestamp") or envelope.get("timestamp"),
        "chat": key_of(chat or one_line(envelope.get("sourceNumber") or envelope.get("source"))),
        "attachments": said.get("attachments") or [],
        "type": kind,
    }


def _signal_row(value: dict[str, Any]) -> dict[str, Any]:
    kind = one_line(value.get("type"))
    source = value.get("source") or value.get("sourceServiceId") or value.get("sourceUuid")
    return {
        "text": value.get("body") or "",
        "author": _OWNER if kind == "outgoing" else one_line(source),
        "date": value.get("sent_at"),
        "chat": one_line(value.get("conversationId")),
        "attachments": value.get("attachments") or [],
        "type": "" if kind in ("incoming", "outgoing") else "service",
    }


def _mattermost(post: dict[str, Any]) -> list[dict[str, Any]]:
    """A post and its answers, a thread where there are any."""
    place = f"{one_line(post.get('user'))}.{one_line(post.get('create_at'))}"
    chat = one_line(post.get("channel")) or ",".join(map(one_line, list_of(post.get("channel_members"))))
    answers = [each for each in list_of(post.get("replies")) if isinstance(each, dict)]
    return [
        {
            "text": each.get("message") or "",
            "author": each.get("user"),
            "date": each.get("create_at"),
            "chat": chat,
            "thread": place if answers else "",
            "attachments": each.get("attachments") or [],
            "type": "service" if one_line(each.get("type")).startswith("system_") else "",
        }
        for each in (post, *answers)
    ]


def bare_rows(rows: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Rows with their places; what is no envelope stays as it is."""
    for place, value in rows:
        found = bare(value)
        if found is None:
            yield place, value
        for number, row in enumerate(found or []):
            yield f"{place}.{number}" if number else place, row
