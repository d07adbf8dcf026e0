"""Chat tuning: conversations become rows in which only the assistant's tokens are scored. Conversations are never cropped.

In: .jsonl of {"messages": [{"role", "content"}]}. A row holds whole conversations, packed longest first, attention inside
each alone; those longer than the context are left out whole, counted and reported. Roles: system, user, assistant, tool.
"""

import json
from bisect import bisect_left, insort
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from trainer.config import TrainerError
from trainer.data import Batch
from trainer.shards import bos_id

ROLES = ("system", "user", "assistant", "tool")
END = "<|end|>"


def render(tokenizer: Tokenizer, messages: list[dict[str, Any]], answer: bool = False) -> tuple[list[int], list[bool]]:
    """Ids, and which of them are scored: what the assistant says and the end of its turn. `answer`: open the assistant's next
    turn."""
    special, ids, scored = tokenizer.get_vocab(), [bos_id(tokenizer)], [False]
    for message in messages:
        said = [*tokenizer.encode(message["content"], add_special_tokens=False).ids, special[END]]
        ids += [special[f"<|{message['role']}|>"], *said]
        scored += [False] + [message["role"] == "assistant"] * len(said)
    return ([*ids, special["<|assistant|>"]], [*scored, False]) if answer else (ids, scored)


def prompt_ids(tokenizer: Tokenizer, prompt: str, chat: bool) -> list[int]:
    """What a sample continues: plain text, or a user's turn that asks for an answer."""
    plain = [bos_id(tokenizer), *tokenizer.encode(prompt, add_special_tokens=False).ids]
    return render(tokenizer, [{"role": "user", "content": prompt}], answer=True)[0] if chat else plain


def read_conversations(path: Path) -> list[list[dict[str, Any]]]:
    """Every line's messages; a line that is none is an error that names it (and shows nothing of it)."""
    if not path.is_file():
        raise TrainerError(f'no conversations at {path}: expected lines of {{"messages": [{{"role", "content"}}]}}')
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            messages = json.loads(line)["messages"]
            found.append([{"role": ROLES[ROLES.index(m["role"])], "content": m["content"] + ""} for m in messages])
        except (ValueError, KeyError, TypeError):
            raise TrainerError(f'{path}, line {number}: expected {{"messages": [...]}}, roles {", ".join(ROLES)}') from None
    return found


class ChatData:
    """Rows of packed conversations; `batch(step)` is a pure function of (file, seed, step), as for shards."""

    def __init__(self, tokenizer: Tokenizer, path: Path, context: int, batch_size: int, seed: int):
        if missing := [name for name in (*(f"<|{role}|>" for role in ROLES), END) if tokenizer.token_to_id(name) is None]:
            raise TrainerError(f"the tokenizer lacks {', '.join(missing)}: chat needs the project's special tokens")
        rendered = [render(tokenizer, messages) for messages in read_conversations(path)]
        fitting = sorted((r for r in rendered if len(r[0]) <= context and any(r[1])), key=lambda r: -len(r[0]))
        if not fitting:
            raise TrainerError(f"{path} has no conversation with an assistant's turn that fits into {context} tokens")
        self.left_out, self.context, self.batch_size, self.seed = len(rendered) - len(fitting), context, batch_size, seed
        rooms: list[tuple[int, int, list[Any]]] = []  # room left, number, conversations: the tightest row that still takes one
        for ids, scored in fitting:
            at = bisect_left(rooms, (len(ids), -1))
            room, number, row = rooms.pop(at) if at < len(rooms) else (context, len(rooms), [])
            insort(rooms, (room - len(ids), number, [*row, (ids, scored)]))
        self.rows = [row for _, _, row in sorted(rooms, key=lambda item: item[1])]
        self.rows_per_epoch = len(self.rows)

    def batch(self, step: int) -> Batch:
        """Padding has no targets and stands in a document of its own."""
        shape = (self.batch_size, self.context)
        inputs, targets, starts = np.zeros(shape, np.int32), np.full(shape, -1, np.int32), np.zeros(shape, np.int32)
        for i, place in enumerate(range(step * self.batch_size, (step + 1) * self.batch_size)):
            (epoch, within), at = divmod(place, self.rows_per_epoch), 0
            for ids, scored in self.rows[np.random.default_rng((self.seed, epoch)).permutation(self.rows_per_epoch)[within]]:
                end = at + len(ids)
                inputs[i, at:end], starts[i, at:end] = ids, at
                targets[i, at : end - 1] = np.where(scored[1:], ids[1:], -1)
                at = end
            starts[i, at:] = at
        return Batch(inputs, targets, starts)


def end_at_turns(folder: Path) -> None:
    """Programs that read the folder's tokenizer_config.json (which brings the conversations' template) stop where a turn ends."""
    path = folder / "tokenizer_config.json"
    if path.is_file():
        path.write_text(json.dumps(json.loads(path.read_text()) | {"eos_token": END}, indent=1))
