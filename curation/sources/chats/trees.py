"""Conversations stored as trees of replies: OASST (trees and flat lists) and ChatGPT's `mapping`.

In: one tree. Out: the messages of its best path (lowest rank, else first reply; ChatGPT's current branch) in order, then
the other replies with the reason `alternative_reply`; None where the value is no such tree.
"""

from __future__ import annotations

from typing import Any

from curation.sources.chats.message import Message, dict_of, list_of, moment, one_line, text_of


def messages(value: dict[str, Any]) -> list[Message] | None:
    if isinstance(value.get("mapping"), dict):
        return _mapping(value["mapping"], text_of(value.get("current_node")))
    root = value.get("prompt")
    return _replies(root) if isinstance(root, dict) and "text" in root else None


def _replies(root: dict[str, Any]) -> list[Message]:
    path: list[Message] = []
    others: list[Message] = []
    pending: list[tuple[dict[str, Any], bool]] = [(root, True)]
    while pending:
        node, is_best = pending.pop()
        (path if is_best else others).append(_oasst(node, "" if is_best else "alternative_reply"))
        replies = sorted((each for each in list_of(node.get("replies")) if isinstance(each, dict)), key=_rank)
        pending += [(reply, is_best and index == 0) for index, reply in reversed(list(enumerate(replies)))]
    return path + others


def _rank(node: dict[str, Any]) -> tuple[bool, float]:
    rank = node.get("rank")
    is_ranked = isinstance(rank, int | float) and not node.get("deleted")
    return not is_ranked, float(rank) if is_ranked and rank is not None else 0.0


def _oasst(node: dict[str, Any], reason: str) -> Message:
    return Message(
        one_line(node.get("message_id")), one_line(node.get("role")), text_of(node.get("text")), moment(node.get("created_date")),
        reason="deleted" if node.get("deleted") else reason,
    )  # fmt: skip


def _mapping(nodes: dict[str, Any], current: str) -> list[Message]:
    path: list[str] = []
    seen: set[str] = set()
    while current and current in nodes and current not in seen:
        seen.add(current)
        path.append(current)
        node = nodes[current]
        current = text_of(node.get("parent")) if isinstance(node, dict) else ""
    order = [*reversed(path), *(name for name in nodes if name not in seen)]
    found = [_chatgpt(nodes[name], name, name in seen or not path) for name in order]
    return [message for message in found if message is not None]


def _chatgpt(node: Any, name: str, is_current: bool) -> Message | None:
    message = node.get("message") if isinstance(node, dict) else None
    if not isinstance(message, dict):
        return None
    author = dict_of(message.get("author"))
    content = dict_of(message.get("content"))
    parts: list[Any] = content["parts"] if isinstance(content.get("parts"), list) else [content.get("text")]
    text = "\n".join(part for part in parts if isinstance(part, str))
    return Message(
        name,
        one_line(author.get("role")),
        text,
        moment(message.get("create_time")),
        reason="" if is_current else "alternative_reply",
    )


def oasst_tree_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Flat OASST messages of one tree, joined by parent_id."""
    nodes = {one_line(row.get("message_id")): {**row, "replies": []} for row in rows}
    roots: list[dict[str, Any]] = []
    for node in nodes.values():
        parent = nodes.get(one_line(node.get("parent_id")))
        (parent["replies"] if parent is not None and parent is not node else roots).append(node)
    return {"prompt": roots[0] if roots else {"text": ""}, "others": roots[1:]}


def orphan(row: dict[str, Any]) -> Message:
    """A reply whose parent is not in the dump."""
    return _oasst(row, "alternative_reply")
