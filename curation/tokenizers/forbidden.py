"""Training until no token holds personal data: what the scrubber missed often enough must not become a word of the model.

In: the texts of training, as often as they are asked for, and the recipe's policy. Out: the tokenizer's folder and
how many strings were left out. Where a learned token matches an entity, its text is taken out of the training texts and the
tokenizer is learned anew; most never need it, since a pre-tokenizer that cuts numbers in threes has no such token.
What is left after MAX_ROUNDS stands in the report card as an alarm, as it does for a tokenizer that was not trained here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from curation.pii import Config as Policy
from curation.tokenizers.config import TokenizerConfig
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.tokens import entity_tokens
from curation.tokenizers.train import train

MAX_ROUNDS = 3


def train_clean(texts: Callable[[], Iterable[str]], config: TokenizerConfig, policy: Policy, out: Path) -> dict[str, Any]:
    """The summary of `train`, and `left_out`: how many strings were taken out of the texts."""
    forbidden: set[str] = set()
    summary: dict[str, Any] = {}
    for _ in range(1 + MAX_ROUNDS):
        summary = {**train(without(texts(), forbidden), config, out), "left_out": len(forbidden)}
        words = Encoder(out / "tokenizer.json").vocabulary
        found = {words.text(row["id"]).strip() for row in entity_tokens(words, policy)}
        if found <= forbidden:
            break
        forbidden |= found
    return summary


def without(texts: Iterable[str], forbidden: set[str]) -> Iterator[str]:
    """The longest first: one may be part of another."""
    order = sorted(forbidden, key=lambda value: (-len(value), value))
    for text in texts:
        for value in order:
            text = text.replace(value, " ")
        yield text
