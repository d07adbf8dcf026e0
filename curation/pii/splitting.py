"""The tokens that spaCy's tokenizer makes of a stretch without white space, without making them: only their texts.

The tokenizer's own procedure with its own expressions (`Tokenizer._split_affixes`, `_attach_tokens`): prefixes and
suffixes come off until none is left, then infixes cut what remains. What its special cases could touch is not done here.
Making a token costs spaCy 30 µs, most of it for attributes of words not met before; this costs 5 to 15 µs.
tests/pii/test_splitting.py compares both on generated text in every language.
"""

from __future__ import annotations

import re
from typing import Any

CUT_WORDS = frozenset(("id",))  # languages whose expressions cut between two Latin letters (currencies), unlike all others
NEVER = re.compile(r"(?!)")


class Splitter:
    """Splits as `tokenizer` does, a `spacy.tokenizer.Tokenizer`."""

    def __init__(self, tokenizer: Any) -> None:
        self._prefix = tokenizer.prefix_search or NEVER.search
        self._suffix = tokenizer.suffix_search or NEVER.search
        self._infixes = tokenizer.infix_finditer or NEVER.finditer
        self._token_match = tokenizer.token_match or NEVER.match
        self._url_match = tokenizer.url_match or NEVER.match
        self._keeps_words = tokenizer.vocab.lang not in CUT_WORDS
        self._rules: frozenset[str] = frozenset()
        # Special cases that the procedure takes apart are put together again afterwards, wherever their parts stand.
        self._sequences: dict[str, list[list[str]]] = {}
        for rule in tokenizer.rules:
            tokens = self.tokens(rule) or []
            self._sequences.setdefault(tokens[0] if tokens else "", []).append(tokens)
        self._rules = frozenset(tokenizer.rules)

    def tokens(self, stretch: str) -> list[str] | None:
        """The texts of the tokens, in order; None where a special case has a say."""
        is_word = stretch.isascii() and (stretch.isalpha() or stretch.isdigit())
        if is_word and self._keeps_words and stretch not in self._rules and stretch not in self._sequences:
            return [stretch]
        prefixes: list[str] = []
        suffixes: list[str] = []
        size = 0
        while stretch and len(stretch) != size and not self._token_match(stretch):
            if stretch in self._rules:
                return None
            size = len(stretch)
            before = _length(self._prefix(stretch))
            after = _length(self._suffix(stretch[before:]))
            if (before and stretch[before:] in self._rules) or (after and stretch[:-after] in self._rules):
                return None
            if before:
                prefixes.append(stretch[:before])
            if after and (not before or before + after <= size):
                suffixes.append(stretch[size - after :])
                stretch = stretch[:-after]
            stretch = stretch[before:]
        if stretch in self._rules:
            return None
        tokens = [*prefixes, *self._middle(stretch), *reversed(suffixes)]
        return None if self._rules and any(token in self._sequences for token in tokens) and self._has_special(tokens) else tokens

    def _middle(self, stretch: str) -> list[str]:
        """What is left between prefixes and suffixes, cut at its infixes."""
        if not stretch:
            return []
        if self._token_match(stretch) or self._url_match(stretch):
            return [stretch]
        tokens: list[str] = []
        start = 0
        for match in self._infixes(stretch):
            begin, end = match.span()
            if begin == 0:
                continue
            tokens += (stretch[start:begin], stretch[begin:end])
            start = end
        tokens.append(stretch[start:])
        return [token for token in tokens if token]

    def _has_special(self, tokens: list[str]) -> bool:
        return any(
            tokens[place : place + len(parts)] == parts
            for place, token in enumerate(tokens)
            for parts in self._sequences.get(token, ())
        )


def _length(match: Any) -> int:
    return match.end() - match.start() if match is not None else 0
