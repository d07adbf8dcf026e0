"""The words before a candidate, as Presidio's context enhancer would have seen them.

Presidio tokenizes the whole text, then walks back from the candidate's token until it has `context_prefix_count + 1`
keywords (tokens that are neither stop words nor punctuation, the candidate's own first token included). spaCy
tokenizes each stretch between white space by itself, so the same tokens can be had from the few stretches before the
candidate, and a stretch seen before costs a dictionary look-up: about 6 µs a candidate instead of a tokenized text.

A keyword is looked up by Presidio in the list of all keywords of the text. That list also holds the parts of tokens
with a colon, so that a stop word counts as keyword in a text that has it as such a part ("to:2"): `_exceptions`.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

MAX_CACHED = 100_000
FIRST_REACH = 160
PIECES = re.compile(r"\s+|\S+")
WITH_COLON = re.compile(r"\S*:\S*")
OTHER_BE = re.compile(r"\b(?:Be|BE|bE)\b")


class Token(NamedTuple):
    end: int  # offset in its stretch
    lemma: str  # lower case
    is_keyword: bool
    parts: tuple[str, ...]  # of a keyword with colons


class Context:
    """Context look-up on one NLP engine whose pipeline works stretch by stretch (a blank one)."""

    def __init__(self, nlp_engine: Any, language: str, num_words: int) -> None:
        self._engine = nlp_engine
        self._language = language
        self._num_keywords = num_words + 1
        self._cache: dict[str, tuple[Token, ...]] = {}

    def of(self, text: str) -> TextContext:
        return TextContext(self, text, self._num_keywords)

    def tokens(self, piece: str) -> tuple[Token, ...]:
        """Tokens of one stretch without white space, or of white space alone."""
        tokens = self._cache.get(piece)
        if tokens is None:
            if len(self._cache) >= MAX_CACHED:
                self._cache.clear()
            tokens = self._cache[piece] = self._tokenize(piece)
        return tokens

    def _tokenize(self, piece: str) -> tuple[Token, ...]:
        artifacts = self._engine.process_text(piece, self._language)
        tokens = []
        for token, start, lemma in zip(artifacts.tokens, artifacts.tokens_indices, artifacts.lemmas, strict=True):
            is_keyword = self._is_keyword(lemma)
            parts = tuple(lemma.lower().split(":")) if is_keyword and ":" in lemma else ()
            tokens.append(Token(start + len(token), lemma.lower(), is_keyword and not parts, parts))
        return tuple(tokens)

    def _is_keyword(self, lemma: str) -> bool:
        engine, language = self._engine, self._language
        is_word = not engine.is_stopword(lemma, language) and not engine.is_punct(lemma, language)
        return is_word and lemma not in ("-PRON-", "be")


class TextContext:
    """Context of candidates in one text. Remembers what it looked up."""

    def __init__(self, context: Context, text: str, num_keywords: int) -> None:
        self._context = context
        self._text = text
        self._num_keywords = num_keywords
        self._known: dict[int, str] = {}
        self._exceptional: frozenset[str] | None = None

    def before(self, start: int) -> str:
        """Keywords (lower case, joined by NUL) that Presidio sees for a match beginning at `start`."""
        words = self._known.get(start)
        if words is None:
            words = self._known[start] = "\0".join(self._walk(start))
        return words

    def _walk(self, start: int) -> list[str]:
        reach = FIRST_REACH
        while True:
            left = max(0, start - reach)
            found = self._keywords(left, start)
            if len(found) >= self._num_keywords or left == 0:
                return found[: self._num_keywords]
            reach *= 4

    def _keywords(self, left: int, start: int) -> list[str]:
        """Keywords from the token at `start` backwards, read off whole stretches right of `left`."""
        found: list[str] = []
        pieces = self._pieces(left, start)
        exceptional = self._exceptions()
        is_own = True
        while pieces:
            offset, piece = pieces.pop()
            for token in reversed(self._context.tokens(piece)):
                if is_own and token is not self._own(offset, piece, start):
                    continue
                is_own = False
                if token.is_keyword or token.lemma in exceptional:
                    found.append(token.lemma)
            is_own = False
            if len(found) >= self._num_keywords:
                break
        return found

    def _own(self, offset: int, piece: str, start: int) -> Token:
        """The first token of the last stretch that ends after `start`."""
        tokens = self._context.tokens(piece)
        return next((token for token in tokens if offset + token.end > start), tokens[-1])

    def _pieces(self, left: int, start: int) -> list[tuple[int, str]]:
        """(offset, stretch) up to the one that holds the token at `start`; without the first one if it is cut."""
        text = self._text
        pieces: list[tuple[int, str]] = []
        for match in PIECES.finditer(text, left):
            offset, end = match.span()
            piece = match.group()
            if offset == left and left > 0:
                continue  # may have begun before
            if piece[0] == " " and offset > 0:
                offset, piece = offset + 1, piece[1:]  # spaCy hangs one space on the token before
            if piece:
                pieces.append((offset, piece))
            if piece and end > start:
                break
        return pieces

    def _exceptions(self) -> frozenset[str]:
        if self._exceptional is None:
            parts: set[str] = set()
            if ":" in self._text:
                for match in WITH_COLON.finditer(self._text):
                    for token in self._context.tokens(match.group()):
                        parts.update(token.parts)
            if OTHER_BE.search(self._text) and any(token.is_keyword for token in self._context.tokens("BE")):
                parts.add("be")
            self._exceptional = frozenset(parts)
        return self._exceptional


def is_piecewise(nlp_engine: Any, language: str) -> bool:
    """Does this engine give the same tokens for stretches as for the whole text? Blank spaCy tokenizers do."""
    from spacy.tokenizer import Tokenizer

    pipeline = getattr(nlp_engine, "nlp", {}).get(language)
    if pipeline is None or pipeline.pipe_names or type(pipeline.tokenizer) is not Tokenizer:
        return False
    return all(len(text.split()) <= 1 for text in pipeline.tokenizer.rules)
