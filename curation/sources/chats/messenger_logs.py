"""Logs that desktop messengers and phones keep as markup: Adium, MSN, "SMS Backup & Restore" (XML), Pidgin and old Adium (HTML).

In: a page or an XML text. Out: Channels, none where it is none of these. Who comes online, goes or types is `join`, what the
program says `service`, a message of pictures `media`.
"""

from __future__ import annotations

import re

import lxml.etree
import lxml.html

from curation.sources.chats import irc
from curation.sources.chats.markup import Node, all_of, first, has_class, words
from curation.sources.chats.message import Channel, Message, key_of, moment, one_line, seconds

_PIDGIN = re.compile(r"<(?:title|h[13])>\s*Conversation with [^<>]{1,300}? at [^<>]{6,80}? on ", re.IGNORECASE)
_ADIUM_PAGE = re.compile(r"<div class=\"(?:send|receive|status)\"><span class=\"timestamp\">")
_XML = re.compile(r"\ufeff?(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^>]*>|\s)*<(?:chat xmlns|Log\b|smses\b)", re.DOTALL)
_OWNER = "me"  # who sends the messages of a phone's own backup


def is_xml(text: str) -> bool:
    return _XML.match(text) is not None


def xml_channels(data: bytes) -> list[Channel]:
    """None where it is another XML after all."""
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = lxml.etree.fromstring(data, parser)
    kind = _local(root) if root is not None else ""
    read = {"chat": _adium, "Log": _msn, "smses": _phone}.get(kind)
    if read is None:
        return []
    found: dict[str, list[Message]] = {}
    for number, node in enumerate(root):
        if isinstance(node.tag, str):
            message = read(node, str(number))
            found.setdefault(message.thread, []).append(message._replace(thread=""))
    return [Channel(key, sorted(said, key=lambda each: each.time.timestamp() if each.time else 0)) for key, said in found.items()]


def _local(node: Node) -> str:
    return str(node.tag).rpartition("}")[2]


def _inner(node: Node) -> str:
    return words(lxml.html.fromstring(f"<div>{lxml.etree.tostring(node, encoding='unicode', with_tail=False)}</div>"))


def _adium(node: Node, place: str) -> Message:
    author, sender = one_line(node.get("alias")) or one_line(node.get("sender")), one_line(node.get("sender"))
    kind, time = _local(node), moment(node.get("time"))
    if kind not in ("message", "action"):
        return Message(place, author, "", time, names=(sender,), reason="join" if kind == "status" else "service")
    text = _inner(node)
    reason = "bot" if node.get("auto") == "true" else "" if text else "media"
    return Message(place, author, text, time, names=(sender,), reason=reason)


def _msn(node: Node, place: str) -> Message:
    kind, time = _local(node), moment(node.get("DateTime"))
    people = [one_line(each.get("FriendlyName")) for each in node.iter("{*}User")]
    text = words(next(node.iter("{*}Text"), None))
    reason = "join" if kind in ("Join", "Leave") else "service" if kind != "Message" else "" if text else "media"
    return Message(place, people[0] if people else "", text, time, names=tuple(people[1:]), reason=reason)


def _phone(node: Node, place: str) -> Message:
    number, name = one_line(node.get("address")), one_line(node.get("contact_name"))
    other = name if name and name not in ("(Unknown)", "null") else number
    is_mine = node.get("type") == "2" or node.get("msg_box") == "2"
    parts = [each.get("text") or "" for each in node.iter("part") if (each.get("ct") or "").startswith("text/plain")]
    text = "\n".join(parts) if parts else "" if node.get("body") in (None, "null") else node.get("body") or ""
    reason = "" if text.strip() else "media" if node.tag == "mms" else "empty"
    time = seconds(node.get("date"))
    return Message(place, _OWNER if is_mine else other, text, time, key_of(other), (number, other), reason)


def page_messages(page: str) -> list[Message] | None:
    if _PIDGIN.search(page[:4000]):
        return irc.messages(_pidgin_lines(page), None)
    if not _ADIUM_PAGE.search(page[:100_000]):
        return None
    root = lxml.html.document_fromstring(page)
    found = []
    for number, node in enumerate(all_of(root, "send", "receive", "status")):
        author, text = words(first(node, "sender")).rstrip(": "), words(first(node, "message"), keeps_lines=True)
        reason = "service" if has_class(node, "status") else "" if text else "media"
        found.append(Message(str(number), author, "" if reason else text, None, reason=reason))
    return found


def _pidgin_lines(page: str) -> str:
    """As Pidgin's plain text: the heading, then a line a message."""
    root = lxml.html.document_fromstring(re.sub(r"</?(?:html|body)[^>]*>", "", page))
    title = words(next(root.iter("title"), None)) or words(next(root.iter("h3", "h1"), None))
    for node in list(root.iter("title", "h3", "h1", "head")):
        if node.tag != "head":
            node.drop_tree()
    return f"{title}\n{words(root)}\n"
