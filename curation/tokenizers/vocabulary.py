"""What stands in a tokenizer.json: size, special tokens, bytes of each id, ranks and merges, the pre-tokenizer's regex.

In: the file. Out: a Vocabulary. `token_bytes` is None unless the model is a byte-level BPE without normalizer: only
then is a token a fixed string of bytes and decoding exact. `regex` is None where the pre-tokenizer is not one of ours.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from curation.tokenizers.pretokenizers import PRETOKENIZERS


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`ranks`: learned tokens (in HF's byte alphabet) to ids; `special`: control tokens to ids."""

    size: int
    special: dict[str, int]
    ranks: dict[str, int]
    merges: tuple[tuple[str, str], ...]
    token_bytes: tuple[bytes, ...] | None
    pretokenizer: str | None
    regex: str | None  # the fast form
    unknown: int = 0  # the id that stands for what a tokenizer that is not byte-level cannot say

    def text(self, number: int) -> str:
        """A readable form of one token."""
        if self.token_bytes is None:
            return next((token for token, other in (self.ranks | self.special).items() if other == number), "")
        return self.token_bytes[number].decode("utf-8", "backslashreplace")


def read_vocabulary(path: Path) -> Vocabulary:
    definition = json.loads(path.read_text(encoding="utf-8"))
    model = definition["model"]
    added = definition.get("added_tokens") or ()
    special = {token["content"]: token["id"] for token in added if token["special"]}
    is_plain = all(token["special"] for token in added) and definition.get("normalizer") is None
    ranks = {token: number for token, number in _tokens(model).items() if token not in special}
    merges = tuple(tuple(pair.split(" ", 1)) if isinstance(pair, str) else tuple(pair) for pair in model.get("merges") or ())
    size = max([*ranks.values(), *special.values()], default=-1) + 1
    byte_level = model.get("type") == "BPE" and _is_byte_level(definition) and is_plain
    name = _pretokenizer(definition) if byte_level else None
    return Vocabulary(
        size=size,
        special=special,
        ranks=ranks,
        merges=merges,  # type: ignore[arg-type]
        token_bytes=_bytes_by_id(size, ranks, special) if byte_level else None,
        pretokenizer=name,
        regex=PRETOKENIZERS[name].fast if name else None,
        unknown=_unknown(model),
    )


def _tokens(model: dict[str, Any]) -> dict[str, int]:
    vocab = model["vocab"]
    return vocab if isinstance(vocab, dict) else {entry[0]: number for number, entry in enumerate(vocab)}


def _unknown(model: dict[str, Any]) -> int:
    named = _tokens(model).get(model.get("unk_token") or "")
    return named if named is not None else int(model.get("unk_id") or 0)


def _is_byte_level(definition: dict[str, Any]) -> bool:
    return any(part["type"] == "ByteLevel" and not part.get("add_prefix_space") for part in _parts(definition))


def _parts(definition: dict[str, Any]) -> list[dict[str, Any]]:
    pre = definition.get("pre_tokenizer") or {"type": "none"}
    parts: list[dict[str, Any]] = pre["pretokenizers"] if pre["type"] == "Sequence" else [pre]
    return parts


def _pretokenizer(definition: dict[str, Any]) -> str | None:
    parts = _parts(definition)
    if len(parts) == 1 and parts[0].get("use_regex", True):
        return "gpt-2"
    if len(parts) != 2 or parts[0]["type"] != "Split" or parts[0].get("behavior") != "Isolated" or parts[0].get("invert"):
        return None
    if parts[1].get("use_regex", True):
        return None
    regex = parts[0]["pattern"].get("Regex")
    return next((item.name for item in PRETOKENIZERS.values() if item.regex == regex), None)


def _bytes_by_id(size: int, ranks: dict[str, int], special: dict[str, int]) -> tuple[bytes, ...] | None:
    table = [b""] * size
    alphabet = byte_alphabet()
    for token, number in ranks.items():
        if not alphabet.keys() >= set(token):
            return None
        table[number] = bytes(alphabet[char] for char in token)
    for token, number in special.items():
        table[number] = token.encode()
    return tuple(table)


@lru_cache(maxsize=1)
def byte_alphabet() -> dict[str, int]:
    """The printable character that stands for each byte in byte-level vocabularies (GPT-2's convention)."""
    printable = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(printable)]
    return {**{chr(byte): byte for byte in printable}, **{chr(256 + place): byte for place, byte in enumerate(others)}}
