"""The words before a candidate, as Presidio's context enhancer would have seen them.

Presidio tokenizes the whole text, then walks back from the candidate's token until it has `context_prefix_count + 1`
keywords (tokens that are neither stop words nor punctuation, the candidate's own first token included). spaCy
tokenizes each stretch between white space by itself, so the same tokens can be had from the few stretches before the
candidate, and a stretch seen before costs a dictionary look-up.

A keyword is looked up by Presidio in the list of all keywords of the text. That list also holds the parts of tokens
with a colon, so that a stop word counts as keyword in a text that has it as such a part ("to:2"): `_exceptional`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from curation.pii.nlp import Pieces

MAX_CACHED = 100_000
SIGMA, FINAL_SIGMA = "\u03a3", "\u03c2"  # in lower case one or the other, by what follows: a text and its words differ
FIRST_REACH = 100  # characters before a candidate that are read at first
LONGEST_OWN = 60  # characters of the candidate's own stretch that are read at first
PIECES = re.compile(r"\S+|\s+")
TOUCHED = re.compile(r"[^\d:]:|:[^\d:]")  # a colon beside something else than digits: not in the time of a day


class Token(NamedTuple):
    end: int  # offset in its stretch
    lemma: str  # lower case
    is_keyword: bool


class Piece(NamedTuple):
    """Tokens of a stretch without white space, or of white space alone."""

    tokens: tuple[Token, ...]
    keywords: tuple[str, ...]  # last first
    exceptions: tuple[str, ...]  # parts of keywords with colons that are no keywords themselves


class Context:
    """Context look-up on one NLP engine whose pipeline works stretch by stretch (a blank one)."""

    def __init__(self, nlp_engine: Any, language: str, num_words: int) -> None:
        self._pieces = Pieces(nlp_engine, language)
        self.num_keywords = num_words + 1
        self._cache: dict[str, Piece] = {}
        self.has_be = self._pieces.is_keyword("BE")  # "be" is no keyword, "BE" is one where it is no stop word
        self._without: set[str] = set()  # stretches with a colon and no exceptions
        self._longest = max(map(len, self._pieces.stop_words), default=0) + 1

    def piece(self, text: str) -> Piece:
        """`text` is what stands between white space, or white space without the one space before it."""
        piece = self._cache.get(text)
        if piece is None:
            if len(self._cache) >= MAX_CACHED:
                self._cache.clear()
            piece = self._cache[text] = self._tokenize(text)
        return piece

    def exceptions(self, stretches: set[str]) -> set[str]:
        """Stop words and signs that are parts of the colon-joined keywords of some stretches; nearly always none."""
        found: set[str] = set()
        for stretch in stretches - self._without:
            parts = self.piece(stretch).exceptions if self._may_hold_exception(stretch) else ()
            found.update(parts)
            if not parts:
                self._without.add(stretch)
        if len(self._without) > MAX_CACHED:
            self._without.clear()
        return found

    def _may_hold_exception(self, stretch: str) -> bool:
        return TOUCHED.search(stretch) is not None and _is_near_colon(stretch, self._pieces.stop_words, self._longest)

    def _tokenize(self, text: str) -> Piece:
        tokens = []
        parts: list[str] = []
        for end, lemma in self._pieces.tokens(text):
            is_keyword = self._pieces.is_keyword(lemma)
            if is_keyword and ":" in lemma:
                parts += lemma.lower().split(":")
                is_keyword = False
            tokens.append(Token(end, lemma.lower(), is_keyword))
        keywords = tuple(token.lemma for token in reversed(tokens) if token.is_keyword)
        exceptions = tuple(part for part in parts if part and not self._pieces.is_keyword(part))
        return Piece(tuple(tokens), keywords, exceptions)


def _is_near_colon(stretch: str, stop_words: frozenset[str], longest: int) -> bool:
    """Does a stop word or a sign touch a colon? Only then can the stretch hold an exception."""
    lowered = stretch.lower()
    if len(lowered) != len(stretch):
        return True
    place = lowered.find(":")
    while place >= 0:
        before, after = lowered[max(0, place - longest) : place], lowered[place + 1 : place + 1 + longest]
        if before and (_is_sign(before[-1]) or any(before[start:] in stop_words for start in range(len(before)))):
            return True
        is_scheme = after[:2] == "//" and not _is_sign(after[2:3] or "/")
        if after and not is_scheme and (_is_sign(after[0]) or any(after[:end] in stop_words for end in range(1, len(after) + 1))):
            return True
        place = lowered.find(":", place + 1)
    return False


def _is_sign(char: str) -> bool:
    return not (char.isalnum() or char in "_:")


class TextContext:
    """Context of places in one text. Remembers what it looked up."""

    def __init__(self, context: Context, text: str) -> None:
        self._context = context
        self._text = text
        self._near: dict[int, str] = {}
        self._known: dict[int, str] = {}
        self._num_chars_read = 0
        self._whole: _Table | None = None

    def may_hold(self, start: int, keywords: Sequence[str]) -> bool:
        """Is one of `keywords` (lower case) near enough to be among `before(start)`? True where that is not sure."""
        near = self._near.get(start)
        if near is None:
            near = self._near[start] = self._lines(start)
        return any(keyword in near for keyword in keywords) or FINAL_SIGMA in near

    def _lines(self, start: int) -> str:
        """The lines that hold all keywords, in lower case.

        A line's end is a keyword to Presidio (a token that is neither stop word nor punctuation), so no more of them
        than the number of keywords lie between the first keyword and the match, and none between the match and the last.
        """
        text, left = self._text, start
        for _ in range(self._context.num_keywords + 1):
            left = text.rfind("\n", 0, left)
            if left <= 0:
                left = 0
                break
            while left and text[left - 1].isspace():
                left -= 1
        right = text.find("\n", start)
        near = text[left : right if right >= 0 else len(text)]
        return near + FINAL_SIGMA if SIGMA in near else near.lower()

    def before(self, start: int) -> str:
        """Keywords (lower case, joined by NUL) that Presidio sees for a match beginning at `start`."""
        words = self._known.get(start)
        if words is None:
            words = self._known[start] = "\0".join(self._walk(start))
        return words

    def _walk(self, start: int) -> list[str]:
        wanted = self._context.num_keywords
        text = self._text
        if self._whole is None and self._num_chars_read > len(text):  # from now on one table is cheaper
            self._whole = _Table(text, 0, len(text))
        if self._whole is not None:
            return self._keywords(self._whole, start, wanted)
        reach = 1
        while True:
            self._num_chars_read += reach * (FIRST_REACH + LONGEST_OWN)
            left = max(0, start - reach * FIRST_REACH)
            right = min(len(text), start + reach * LONGEST_OWN)
            table = _Table(text, left, right)
            found = self._keywords(table, start, wanted)
            # Cut on the right, the own stretch may have been tokenized wrongly, or hold no keyword.
            is_cut = right < len(text) and (
                not any(map(str.isspace, text[start:right])) or not self._has_own_keyword(table, start)
            )
            if not is_cut and (len(found) >= wanted or left == 0):
                return found
            reach *= 4

    def _keywords(self, table: _Table, start: int, wanted: int) -> list[str]:
        """`wanted` keywords from the token at `start` backwards, and the first one from it onwards if that is another."""
        index, own = self._own(table, start)
        if index >= len(table.pieces):
            return []
        tokens = self._context.piece(table.stretch(index)).tokens
        found = self._among(tokens[own::-1])
        after = [] if found and self._is_keyword(tokens[own]) else self._first_after(table, index, own)
        while len(found) < wanted and index > table.first:
            index -= 1
            piece = self._context.piece(table.stretch(index))
            found += self._among(piece.tokens[::-1]) if self._exceptional else piece.keywords
        return found[:wanted] + after

    def _own(self, table: _Table, start: int) -> tuple[int, int]:
        """(stretch, token in it) at `start`: the first token that ends after it."""
        index = table.index(start)
        first = table.offset(index)
        for number, token in enumerate(self._context.piece(table.stretch(index)).tokens):
            if first + token.end > start:
                return index, number
        return index + 1, 0  # white space that hangs on the token before: the next stretch begins the match

    def _first_after(self, table: _Table, index: int, own: int) -> list[str]:
        """Presidio also looks for one keyword from the own token onwards: a word further on, if that is none."""
        found = self._among(self._context.piece(table.stretch(index)).tokens[own:])
        while not found and index + 1 < len(table.pieces):
            index += 1
            found = self._among(self._context.piece(table.stretch(index)).tokens)
        return found[:1]

    def _has_own_keyword(self, table: _Table, start: int) -> bool:
        index, own = self._own(table, start)
        return index < len(table.pieces) and self._is_keyword(self._context.piece(table.stretch(index)).tokens[own])

    def _among(self, tokens: Sequence[Token]) -> list[str]:
        return [token.lemma for token in tokens if self._is_keyword(token)]

    def _is_keyword(self, token: Token) -> bool:
        return token.is_keyword or token.lemma in self._exceptional

    @cached_property
    def _exceptional(self) -> frozenset[str]:
        """Lemmas that are keywords in this text alone: parts of keywords with colons, and "be" for "BE"."""
        parts: set[str] = set()
        text = self._text
        if ":" in text:
            parts = self._context.exceptions({stretch for stretch in text.split() if ":" in stretch})
        if self._context.has_be and ("BE" in text or "Be" in text or "bE" in text):
            parts.add("be")
        return frozenset(parts)


class _Table:
    """A part of a text cut into stretches."""

    def __init__(self, text: str, left: int, right: int) -> None:
        self.pieces: Sequence[str] = PIECES.findall(text, left, right)
        self.first = 1 if left else 0  # the first stretch may have begun before
        self._left = left
        self._ends = list(accumulate(map(len, self.pieces), initial=left))[1:]

    def index(self, place: int) -> int:
        """The stretch that holds the character at `place`."""
        return min(bisect_right(self._ends, place), len(self.pieces) - 1)

    def offset(self, index: int) -> int:
        """Where the tokens of a stretch begin."""
        start = self._ends[index] - len(self.pieces[index])
        return start + 1 if self._hangs(index) else start

    def stretch(self, index: int) -> str:
        """The stretch as spaCy tokenizes it: one space hangs on the token before."""
        piece = self.pieces[index]
        return piece[1:] if self._hangs(index) else piece

    def _hangs(self, index: int) -> bool:
        return self.pieces[index][0] == " " and (index > 0 or self._left > 0)
