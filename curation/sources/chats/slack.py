"""Slack exports: a folder a channel, a JSON list of messages a day, beside users.json and channels.json.

Reference: https://slack.com/help/articles/220556107. Also the lists that API downloaders write (slackdump).
Markup: <@U123|name>, <#C123|name>, <url|label>, <!here>, &amp; &lt; &gt;.
"""

from __future__ import annotations

import re
from typing import Any

from curation.sources.chats.message import Message, list_of, one_line, seconds, text_of

_JOINS = frozenset(
    str.split(
        "channel_join channel_leave group_join group_leave channel_archive channel_unarchive channel_name channel_purpose "
        "channel_topic group_name "
        "group_purpose group_topic group_archive group_unarchive channel_convert_to_private channel_posting_permissions "
        "joiner_notification "
        "joiner_notification_for_inviter bot_add bot_remove bot_enable bot_disable pinned_item unpinned_item reminder_add "
        "reminder_delete "
        "sh_room_created sh_room_shared huddle_thread tombstone app_conversation_join app_conversation_leave document_mention "
        "ekm_access_denied "
        "assistant_app_thread file_comment"
    )
)
_MARK = re.compile(r"<([@#!]?)([^<>|\n]+)(?:\|([^<>]*))?>")
_METADATA_KEYS = (
    {"profile"},
    {"members", "creator"},
    {"change_type"},
    {"service_id"},
    {"members", "created"},
    {"is_im"},
    {"topic", "purpose"},
)

BOT = "\0bot"  # stands before the names of a user who is a program
People = dict[str, tuple[str, ...]]  # user id -> names, the one to show first


def is_messages(value: Any) -> bool:
    """A list of Slack messages: they carry `ts`, a Unix time with six decimals as a string."""
    return isinstance(value, list) and any(_is_message(each) for each in value[:50])


def _is_message(value: Any) -> bool:
    return (
        isinstance(value, dict) and isinstance(value.get("ts"), str) and re.fullmatch(r"\d{9,11}\.\d+", value["ts"]) is not None
    )


def is_metadata(value: Any) -> bool:
    """Lists of users, channels, integrations."""
    if not isinstance(value, list) or not value:
        return False
    keys = set(value[0]) if isinstance(value[0], dict) else set()
    return "text" not in keys and any(needed <= keys for needed in _METADATA_KEYS)


def people_of(value: Any) -> People:
    """Names by user id, from users.json or from the profiles that messages carry."""
    found: People = {}
    for each in value if isinstance(value, list) else []:
        if not isinstance(each, dict):
            continue
        profile = each.get("user_profile") or each.get("profile")
        number = each.get("user") or each.get("id")
        if isinstance(number, str) and isinstance(profile, dict):
            names = _names(profile, each)
            if each.get("is_bot") is True:
                names = (BOT, *names)
            if names and number not in found:
                found[number] = names
    return found


def _names(profile: dict[str, Any], user: dict[str, Any]) -> tuple[str, ...]:
    raw = [profile.get("display_name"), profile.get("real_name"), user.get("real_name"), profile.get("first_name"),
    profile.get("last_name"),
           profile.get("name"), user.get("name"), profile.get("display_name_normalized"),
           profile.get("real_name_normalized")]  # fmt: skip
    return tuple(dict.fromkeys(name for name in map(one_line, raw) if name))


def messages(value: list[Any], people: People) -> list[Message]:
    """The messages of one day, in order of time."""
    people = {**people_of(value), **people}
    replies = [reply for each in value if isinstance(each, dict) for reply in list_of(each.get("slackdumpThreadReplies"))]
    found = [_message(each, index, people) for index, each in enumerate([*value, *replies])]
    return sorted(found, key=lambda message: message.time.timestamp() if message.time else 0)


def _message(value: Any, index: int, people: People) -> Message:
    if not isinstance(value, dict):
        return Message(str(index), "", "", reason="broken_record")
    stamp = text_of(value.get("ts"))
    number = text_of(value.get("user"))
    names = people.get(number) or _own_names(value) or ((number,) if number else ())
    is_bot = names[:1] == (BOT,) or number == "USLACKBOT"
    names = names[1:] if names[:1] == (BOT,) else names
    text, mentioned = readable(text_of(value.get("text")) or _block_text(value.get("blocks")), people)
    return Message(
        place=stamp or str(index),
        author=names[0] if names else "",
        text=text,
        time=seconds(stamp),
        thread=_thread(value, stamp),
        names=(*names[1:], *([number] if number else []), *mentioned),
        reason=_reason(value, text, is_bot=is_bot),
    )


def _own_names(value: dict[str, Any]) -> tuple[str, ...]:
    name = one_line(value.get("username"))
    return (name,) if name else ()


def _thread(value: dict[str, Any], stamp: str) -> str:
    thread = text_of(value.get("thread_ts"))
    return thread if thread != stamp or value.get("reply_count") or value.get("replies") else ""


def _block_text(value: Any) -> str:
    """The words of rich text blocks, which messages written by apps have alone."""
    if isinstance(value, list):
        return "".join(map(_block_text, value))
    if not isinstance(value, dict):
        return ""
    kind, text = value.get("type"), value.get("text")
    if kind in ("text", "plain_text", "mrkdwn") and isinstance(text, str):
        return text
    if kind == "user":
        return f"<@{text_of(value.get('user_id'))}>"
    if kind == "link":
        return text_of(text) or text_of(value.get("url"))
    inner = _block_text(value.get("elements")) or _block_text(text)
    return (
        f"{inner}\n"
        if inner and kind in ("rich_text_section", "rich_text_preformatted", "rich_text_quote", "section", "header")
        else inner
    )


def _reason(value: dict[str, Any], text: str, *, is_bot: bool) -> str:
    subtype = text_of(value.get("subtype"))
    if value.get("type", "message") != "message" or value.get("hidden"):
        return "service"
    if subtype in ("channel_join", "channel_leave", "group_join", "group_leave"):
        return "join"
    if subtype in _JOINS:
        return "service"
    if subtype in ("message_changed", "message_replied"):
        return "edit"
    if subtype == "message_deleted":
        return "deleted"
    if subtype == "bot_message" or value.get("bot_id") or is_bot:
        return "bot"
    if not text.strip():
        return "media" if value.get("files") or value.get("attachments") or value.get("blocks") else "empty"
    return ""


def readable(text: str, people: People) -> tuple[str, tuple[str, ...]]:
    """(text without Slack's markup, names mentioned in it)."""
    mentioned: list[str] = []

    def replace(match: re.Match[str]) -> str:
        sign, body, label = match[1], match[2], match[3]
        if sign == "@":
            names = people.get(body) or ((label,) if label else (body,))
            names = names[1:] if names[0] == BOT else names
            mentioned.extend([*names, body])
            return "@" + names[0]
        if sign == "#":
            return "#" + (label or body)
        if sign == "!":
            return label or "@" + body.partition("^")[0]
        return label or body

    if "<" in text:
        text = _MARK.sub(replace, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), tuple(mentioned)
