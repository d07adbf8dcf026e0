"""Single tokens under the lens: unused, almost unused, longest, strange, and those that hold personal data.

In: a Vocabulary and how often each id was used. Out: JSON lists of {id, token, count, …}, the worst first.

A strange token is a glitch candidate: the tokenizer learned it, yet a model will hardly ever see it, or it mixes what
does not belong together. Reference: Land and Bartolo 2024 on under-trained tokens.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np
import numpy.typing as npt

from curation import pii
from curation.pii import Config as Policy
from curation.stage import Place
from curation.tokenizers.vocabulary import Vocabulary

SHOWN = 40
ALMOST_UNUSED = 3

# Presidio's patterns all need a digit in something longer, an at sign, or a dot between letters; most vocabularies
# that cut numbers in groups of three have no such token at all, and Presidio need not be loaded.
_MAY_BE_ENTITY = re.compile(r"\d.*\d.*\d.*\d|@|\w\.\w|://")


def usage_summary(words: Vocabulary, usage: npt.NDArray[np.int64]) -> dict[str, Any]:
    learned = _learned(words)
    counts = usage[learned]
    rare = learned[(counts > 0) & (counts <= ALMOST_UNUSED)]
    unused = learned[counts == 0]
    return {
        "learned": len(learned),
        "unused": {
            "count": len(unused),
            "share": _share(len(unused), len(learned)),
            "examples": _rows(words, unused[::-1], usage),
        },
        "almost_unused": {
            "count": len(rare),
            "share": _share(len(rare), len(learned)),
            "examples": _rows(words, rare[::-1], usage),
        },
    }


def longest_tokens(words: Vocabulary, usage: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    order = sorted(_learned(words).tolist(), key=lambda number: (-len(words.text(number)), number))
    return _rows(words, np.array(order, int), usage)


def strange_tokens(words: Vocabulary, usage: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    found = []
    for number in _learned(words).tolist():
        reasons = why_strange(words.text(number))
        if usage[number] == 0 and usage.any():
            reasons.append("unused")
        if reasons and reasons != ["unused"]:
            found.append({"id": number, "token": words.text(number), "count": int(usage[number]), "why": reasons})
    found.sort(key=lambda row: (-len(row["why"]), row["count"], -len(row["token"]), row["id"]))
    return found[:SHOWN]


def why_strange(token: str) -> list[str]:
    reasons = []
    whole = re.sub(r"\\x[0-9a-f]{2}", "", token)
    if len({script for char in whole if (script := _script(char))}) > 1:
        reasons.append("mixed scripts")
    if any(unicodedata.category(char) in ("Cc", "Co", "Cn") and char not in "\t\n\r" for char in whole):
        reasons.append("control or unassigned characters")
    if len(whole) < len(token) and len(token) > 12:
        reasons.append("parts of characters")
    if len(token) >= 8 and len(set(token.strip())) <= 2 and token.strip():
        reasons.append("one sign repeated")
    return reasons


def entity_tokens(words: Vocabulary, policy: Policy) -> list[dict[str, Any]]:
    """Tokens that the recipe's policy would replace in a chat, where it is strictest: there must be none."""
    candidates = [number for number in _learned(words).tolist() if _MAY_BE_ENTITY.search(words.text(number))]
    if not candidates:
        return []
    scrubber = pii.build(policy, Place("tokenizer", "chat"))
    return [{"id": number} for number in candidates if scrubber.text(words.text(number), "en").text != words.text(number)]


def _learned(words: Vocabulary) -> npt.NDArray[np.int64]:
    """Ids of tokens that are neither special nor a single byte."""
    return np.array(sorted(number for token, number in words.ranks.items() if len(token) > 1), np.int64)


def _rows(words: Vocabulary, numbers: npt.NDArray[np.int64], usage: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    return [{"id": int(number), "token": words.text(int(number)), "count": int(usage[number])} for number in numbers[:SHOWN]]


def _script(char: str) -> str | None:
    if not char.isalpha():
        return None
    name = unicodedata.name(char, "")
    return name.split(" ")[0] if name else None


def _share(count: int, total: int) -> float:
    return round(count / total, 4) if total else 0.0
