"""Dialogues written out with the marks of a model's template: ChatML (`<|im_start|>user`), Llama, Gemma, Zephyr, Phi, `[INST]`.

In: text. Out: conversations, each a list of messages whose authors are roles, placed by line. A new one begins at a mark of the
beginning or end of a text, and where a system speaks after others did. What stands outside of all turns is `broken_record`.
Reference: https://huggingface.co/docs/transformers/chat_templating.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from curation.sources.chats.message import Message

_ROLES = r"system|user|assistant|tool|observation|model"
_OPEN = re.compile(
    rf"<\|im_start\|>[ \t]*(?P<chatml>\w{{1,20}})[^\n]{{0,60}}\n?|"
    rf"<\|start_header_id\|>(?P<llama>\w{{1,20}})<\|end_header_id\|>\s*|"
    rf"<start_of_turn>(?P<gemma>\w{{1,20}})\n?|<\|(?P<bars>{_ROLES})\|>\n?"
)
_CLOSE = re.compile(r"<\|im_end\|>|<\|eot_id\|>|<\|eom_id\|>|<end_of_turn>|<\|end\|>|</s>")
_BORDER = re.compile(r"<\|begin_of_text\|>|<\|end_of_text\|>|<\|endoftext\|>|<bos>|<eos>|<s>")
_ASKED = re.compile(r"\[INST\](?P<asked>.*?)\[/INST\](?P<answer>.*?)(?=</s>|<s>|\[INST\]|\Z)", re.DOTALL)
_SYSTEM = re.compile(r"\s*<<SYS>>(?P<said>.*?)<</SYS>>", re.DOTALL)
_START = re.compile(rf"\s*(?:(?:{_BORDER.pattern})\s*)*(?:{re.sub('[?]P<[a-z]+>', '?:', _OPEN.pattern)}|\[INST\])")


def is_marked(text: str) -> bool:
    return _START.match(text) is not None


def first_mark(text: str) -> int:
    """Where the first turn begins in text that was cut; at its end where none does."""
    found = [each.start() for each in (_OPEN.search(text), _ASKED.search(text)) if each]
    return min(found, default=len(text))


def without_marks(text: str) -> str:
    return _BORDER.sub("", _CLOSE.sub("", text)).strip()


def conversations(text: str) -> list[list[Message]]:
    found = _asked(text) if "[INST]" in text and not _OPEN.search(text) else _opened(text)
    return [said for said in found if said]


def _opened(text: str) -> Iterator[list[Message]]:
    starts = list(_OPEN.finditer(text))
    said: list[Message] = []
    line, counted = 1, 0
    before = _outside(text[: starts[0].start() if starts else None], "L1")
    for number, start in enumerate(starts):
        line, counted = line + text.count("\n", counted, start.start()), start.start()
        body = text[start.end() : starts[number + 1].start() if number + 1 < len(starts) else None]
        ends = [found.start() for found in (_CLOSE.search(body), _BORDER.search(body)) if found]
        words, rest = (body[: min(ends)], body[min(ends) :]) if ends else (body, "")
        role = next(filter(None, start.groups()))
        if role == "system" and any(each.author != "system" for each in said):
            yield said
            said = []
        said += before
        said.append(Message(f"L{line}", role, words.strip(), reason="" if words.strip() else "empty"))
        before = _outside(rest, f"L{line}.1")
        if _BORDER.search(rest):
            yield said
            said = []
    yield [*said, *before]


def _asked(text: str) -> Iterator[list[Message]]:
    said: list[Message] = []
    line, counted, end = 1, 0, 0
    for pair in _ASKED.finditer(text):
        line, counted = line + text.count("\n", counted, pair.start()), pair.start()
        between, system = text[end : pair.start()], _SYSTEM.match(pair["asked"])
        if said and ("\n" in between or system):
            yield said
            said = []
        said += _outside(between, f"L{line}.0")
        if system:
            said.append(Message(f"L{line}.system", "system", system["said"].strip()))
        asked, answer = pair["asked"][system.end() if system else 0 :].strip(), pair["answer"].strip()
        said.append(Message(f"L{line}", "user", asked, reason="" if asked else "empty"))
        said.append(Message(f"L{line}.answer", "assistant", answer, reason="" if answer else "empty"))
        end = pair.end()
    yield [*said, *_outside(text[end:], "end")]


def _outside(text: str, place: str) -> list[Message]:
    """What stands between two turns, the marks apart."""
    return [Message(place, "", "", reason="broken_record")] if without_marks(text) else []
