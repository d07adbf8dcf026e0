"""Conversations that a dump keeps as one record each: ShareGPT, OASST, `messages`, instruction pairs, dialogue sets.

In: a JSON value. Out: one whole Channel a conversation, its authors being roles where the record has roles, or None
where the value is no conversation. Trees (OASST, ChatGPT) give their best path; the other replies are dropped
as `alternative_reply`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from curation.sources.chats import trees
from curation.sources.chats.message import ROLES, WHOLE, Channel, Message, Piece, one_line

TURNS = (
    "conversations",
    "conversation",
    "messages",
    "turns",
    "utterances",
    "dialog",
    "dialogue",
    "dialogs",
    "log",
    "chat_messages",
    "items",
    "history",
    "data",
    "chat",
    "chosen",
    "contents",
    "conversation_a",
)
SPEAKER = ("role", "from", "speaker", "sender", "author", "user", "name", "agent", "participant")
TEXT = ("content", "value", "text", "message", "utterance", "body", "msg", "parts")
ID = ("id", "conversation_id", "dialogue_id", "dialog_id", "conv_id", "uuid", "original dialog id", "message_tree_id", "hash")
PAIRS = (
    ("user utterance", "system response"), ("prompt", "response"), ("prompt", "completion"), ("prompt", "chosen"),
    ("instruction", "output"),
    ("instruction", "response"), ("question", "answer"), ("query", "response"), ("input", "output"), ("human", "assistant"),
    ("user", "assistant"),
)  # fmt: skip


def conversation(value: Any, place: str) -> Channel | None:
    """The record as a channel, its messages placed under `place`."""
    if not isinstance(value, dict):
        return _alternating(value, place)
    found = trees.messages(value)
    if found is None:
        turns = next((value[key] for key in TURNS if isinstance(value.get(key), list) and value[key]), None)
        found = _turns(turns, value.get("speakers")) if turns is not None else _pair(value)
    if not found:
        return None
    if isinstance(value.get("conversation_b"), list):  # two models answer the same person
        found += [
            each._replace(place=f"b.{each.place}", reason="alternative_reply") for each in _turns(value["conversation_b"]) or []
        ]
    system = value.get("system_prompt") or value.get("system")
    if isinstance(system, str) and system.strip() and found[0].author.lower() in ROLES and found[0].author != "system":
        found.insert(0, Message("system", "system", system))
    if found[0].author.lower() == "user" and {message.author.lower() for message in found} == {"user", "system"}:
        found = [each._replace(author="assistant") if each.author.lower() == "system" else each for each in found]
    name = next((one_line(value[key]) for key in ID if one_line(value.get(key))), "")
    return Channel(name or place, [_placed(message, place) for message in found], is_whole=True)


def conversations(value: Any, piece: Piece = WHOLE) -> list[Channel] | None:
    """All conversations of a file: a list or a mapping of records, or a single one."""
    single = conversation(value, "0") if isinstance(value, dict) else None
    if single is not None:
        return [single]
    rows = value if isinstance(value, list) else []
    records = list(value.items()) if isinstance(value, dict) else [(piece.of(index), each) for index, each in enumerate(rows)]
    found = [conversation(each, key) for key, each in records]
    if not any(found[:100]):
        return None
    return [
        channel or Channel(key, [Message(key, "", "", reason="broken_record")], is_whole=True)
        for channel, (key, _) in zip(found, records, strict=True)
    ]


def _placed(message: Message, place: str) -> Message:
    return Message(f"{place}.{message.place}", message.author, message.text, message.time, "", message.names, message.reason)


def _alternating(value: Any, place: str) -> Channel | None:
    """A bare list of turns, or of strings: the two speakers take turns."""
    if not isinstance(value, list) or len(value) < 2:
        return None
    found = _turns(value) if isinstance(value[0], dict) else _strings(value)
    return Channel(place, [_placed(message, place) for message in found], is_whole=True) if found else None


def _strings(value: list[Any]) -> list[Message]:
    if not all(isinstance(each, str) for each in value):
        return []
    return [Message(str(index), ("user", "assistant")[index % 2], each) for index, each in enumerate(value)]


def _turns(turns: list[Any], speakers: Any = None) -> list[Message] | None:
    """`speakers`: names beside the turns, as many as they are."""
    if all(isinstance(each, str) for each in turns):
        if isinstance(speakers, list) and len(speakers) == len(turns) and all(map(one_line, speakers)):
            return [Message(str(index), one_line(speakers[index]), each) for index, each in enumerate(turns)]
        return _strings(turns)
    if all(isinstance(each, dict) and isinstance(_text(each), str) and not any(key in each for key in SPEAKER) for each in turns):
        if any(_pair(each) for each in turns):
            pass
        elif len(turns) > 1:
            return _strings([_text(each) for each in turns])
    found: list[Message] = []
    for index, turn in enumerate(turns):
        if not isinstance(turn, dict):
            found.append(Message(str(index), "", "", reason="broken_record"))
            continue
        pair = _pair(turn)
        if pair is not None:
            found += [Message(f"{index}.{each.place}", each.author, each.text, reason=each.reason) for each in pair]
            continue
        text, speaker = _text(turn), _speaker(turn)
        if text is None or not speaker:
            return None
        found.append(Message(str(index), speaker, text))
    return found


def _text(turn: dict[str, Any]) -> str | None:
    for key in TEXT:
        content = turn.get(key)
        if isinstance(content, str):
            return content
        if isinstance(content, list):
            parts = [part if isinstance(part, str) else part.get("text") for part in content if isinstance(part, str | dict)]
            return "\n".join(part for part in parts if isinstance(part, str))
    return "" if any(key in turn for key in ("content", "tool_calls", "function_call")) else None


def _speaker(turn: dict[str, Any]) -> str:
    for key in SPEAKER:
        speaker = turn.get(key)
        if isinstance(speaker, dict):
            speaker = speaker.get("role") or speaker.get("name")
        if one_line(speaker):
            return one_line(speaker)
    return ""


def _pair(value: dict[str, Any]) -> list[Message] | None:
    for asked, answered in _pairs_among(tuple(value)):
        if isinstance(value.get(asked), str) and isinstance(value.get(answered), str):
            more = value.get("input") or value.get("context") if asked == "instruction" else None
            question = f"{value[asked]}\n\n{more}" if isinstance(more, str) and more.strip() else value[asked]
            return [Message(asked, "user", question), Message(answered, "assistant", value[answered])]
    return None


@lru_cache(maxsize=4096)
def _pairs_among(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    return [pair for pair in PAIRS if set(pair) <= set(keys)]
