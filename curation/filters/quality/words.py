"""Words of many texts at once, as arrays: the unit on which the published rules count.

`split` comes near to spaCy's blank pipelines, which datatrove splits with: white space parts, then punctuation taken
from both ends one by one, then hyphens, commas and slashes between letters. Of exceptions it knows the English
contractions, addresses and faces (exceptions.py). `given` takes anybody's words, so that decisions can be compared on
equal input.

A `Words` holds no strings: `sums` are the running sums of a polynomial over all characters, so that the hash of any
stretch of them follows from its two ends without touching characters again (ngrams.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from curation.filters.quality import exceptions
from curation.filters.quality.characters import (
    ALPHA,
    DIGIT,
    EDGE,
    HYPHEN,
    ICON,
    IDEOGRAPH,
    JOINER,
    SPACE,
    SYMBOL,
    UPPER,
    CodePoints,
    Flags,
    code_points,
    table,
)

Mask = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
Indices = npt.NDArray[np.int64]

BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2 ** 64
INVERSE = pow(BASE, -1, 1 << 64)
CACHED_POWERS = 1 << 21


@dataclass(frozen=True, slots=True)
class Words:
    """All words of all texts, in order; text i has the words bounds[i] to bounds[i + 1] - 1.

    `starts`: where each word begins among the characters that are no white space, and where the last one ends.
    `sums[k]`: the polynomial of the characters before the k-th; see `hash_of`.
    """

    sums: Hashes
    starts: Indices
    num_alpha: Indices  # letters, by word
    is_symbol: Mask  # nothing but SYMBOL characters, by word
    bounds: Indices

    def __len__(self) -> int:
        return len(self.num_alpha)

    @property
    def lengths(self) -> Indices:
        return np.diff(self.starts)

    @property
    def hashes(self) -> Hashes:
        return self.hash_of(self.starts[:-1], self.starts[1:])

    def hash_of(self, starts: Indices, stops: Indices) -> Hashes:
        """Of the characters [start, stop), wherever they stand."""
        hashes = self.sums[stops]
        hashes -= self.sums[starts]
        hashes *= _powers(INVERSE, len(self.sums))[starts]
        return hashes


def split(texts: list[str]) -> Words:
    """Our own split of `texts`."""
    points = code_points("\n".join(texts))
    flags = table()[points]
    starts = _starts(points, flags)
    solid = (flags & SPACE) == 0
    # from here on characters without white space
    starts_at = np.flatnonzero(starts[solid])
    ends = np.cumsum([len(text) + 1 for text in texts])
    counts = np.cumsum(starts)
    bounds = np.concatenate(([0], counts[np.minimum(ends, len(points)) - 1])) if len(points) else np.zeros(len(texts) + 1)
    return _measure(points[solid], flags[solid], starts_at, bounds.astype(np.int64))


def given(words: list[list[str]]) -> Words:
    """Somebody else's words, none of them empty."""
    lengths = np.fromiter((len(word) for text in words for word in text), np.int64)
    points = code_points("".join("".join(text) for text in words))
    starts_at = np.cumsum(lengths) - lengths
    bounds = np.concatenate(([0], np.cumsum([len(text) for text in words]))).astype(np.int64)
    return _measure(points, table()[points], starts_at, bounds)


def hash_word(word: str) -> np.uint64:
    return np.uint64(given([[word]]).hashes[0])


def _mix(points: CodePoints) -> Hashes:
    """Spreads neighbouring code points over 64 bits: their plain values would let short words collide."""
    mixed = points.astype(np.uint64)
    mixed += np.uint64(1)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    mixed ^= mixed >> np.uint64(29)
    return mixed


def _measure(points: CodePoints, flags: Flags, starts_at: Indices, bounds: Indices) -> Words:
    terms = _mix(points)
    terms *= _powers(BASE, len(points))
    starts = np.append(starts_at, len(points))
    num_alpha = np.diff(_running((flags & ALPHA) != 0, np.int64)[starts])
    is_symbol = np.diff(_running((flags & SYMBOL) == 0, np.int64)[starts]) == 0
    return Words(_running(terms, np.uint64), starts, num_alpha, is_symbol, bounds)


def _running(values: npt.NDArray[Any], dtype: type[Any]) -> npt.NDArray[Any]:
    """Sums of everything before each place, and of all."""
    sums = np.empty(len(values) + 1, dtype)
    sums[0] = 0
    np.cumsum(values, out=sums[1:])
    return sums


def _powers(base: int, number: int) -> Hashes:
    """base ** 0 … base ** (number - 1), modulo 2 ** 64"""
    if number > CACHED_POWERS:
        return _all_powers(base, number)
    return _cached_powers(base, 1 << max(10, (number - 1).bit_length()))[:number]


def _all_powers(base: int, number: int) -> Hashes:
    factors = np.full(number, base, np.uint64)
    factors[:1] = 1
    return np.multiply.accumulate(factors)


_cached_powers = lru_cache(maxsize=8)(_all_powers)


def _starts(points: CodePoints, flags: Flags) -> Mask:
    """True at the first character of every word."""
    size = len(points)
    if not size:
        return np.zeros(0, np.bool_)
    space = (flags & SPACE) != 0
    edge = (flags & (EDGE | ICON)) != 0
    core = ~(space | edge)
    alpha = (flags & ALPHA) != 0
    digit = (flags & DIGIT) != 0
    after_space = _after(space, True)

    # An edge character inside a word ("o'clock", "3.5", "foo(bar") belongs to it.
    inside = _inside(core, space, edge)
    edge &= ~inside | ((flags & ICON) != 0)

    hyphen = (flags & HYPHEN) != 0
    joint = inside & ((points == ord(",")) | (points == ord("…")))
    joint |= (flags & JOINER) != 0
    joint &= _after(alpha, False) & _before(alpha, False)
    joint |= _runs_between(hyphen & (inside | core), alpha | digit, alpha)
    joint |= ((points == ord("-")) | (points == ord("+"))) & _after(digit, False) & _before(digit, False)
    dot = points == ord(".")
    upper = (flags & UPPER) != 0
    joint |= dot & inside & _after(alpha & ~upper, False) & _before(upper, False)
    joint |= dot & inside & (_after(dot, False) | _before(dot, False))

    # "A.", "U.S.", "e.g." keep their last full stop, ".txt" its first; addresses stay whole.
    before_letter, letter = _after(_after(alpha, False), False), _after(alpha, False)
    kept_dot = letter & ~before_letter & (_after(upper, False) | _after(_after(dot, False), False))
    kept_dot |= _before(core, False) & ~_after(dot, False)
    edge &= ~(dot & kept_dot)
    _clear_addresses(joint, points, space, ~alpha & ~(space | edge))

    separate = edge | joint | ((flags & IDEOGRAPH) != 0)
    starts: Mask = separate | _after(separate, False) | after_space
    repeated = np.zeros(size, np.bool_)
    dash = (points == ord("—")) | (points == ord("–"))  # at an end of a word each is a word
    repeated[1:] = (points[1:] == points[:-1]) & separate[1:] & separate[:-1] & (dot | (hyphen & ~(dash & edge)))[1:]
    starts &= ~repeated & ~space
    starts |= _contractions(points, core | inside, alpha | digit)
    for start, stop in exceptions.one_word(points, flags, space, joint, dot & inside):
        starts[start + 1 : stop] = False
    return starts


def _after(mask: Mask, first: bool) -> Mask:
    """mask of the character before"""
    shifted = np.empty_like(mask)
    shifted[0] = first
    shifted[1:] = mask[:-1]
    return shifted


def _before(mask: Mask, last: bool) -> Mask:
    """mask of the character behind"""
    shifted = np.empty_like(mask)
    shifted[-1] = last
    shifted[:-1] = mask[1:]
    return shifted


def _inside(core: Mask, space: Mask, edge: Mask) -> Mask:
    """Edge characters with core characters on both sides before the next white space."""
    found = np.zeros(len(edge), np.bool_)
    candidates = np.flatnonzero(edge)
    # Nearest core or space on each side decides; only edge characters ask, so search among the others' places.
    others = np.flatnonzero(~edge)
    if not len(others) or not len(candidates):
        return found
    right = np.searchsorted(others, candidates)
    has_both = (right > 0) & (right < len(others))
    left_core = core[others[np.maximum(right - 1, 0)]]
    right_core = core[others[np.minimum(right, len(others) - 1)]]
    found[candidates] = has_both & left_core & right_core
    return found


def _clear_addresses(joint: Mask, points: CodePoints, space: Mask, other: Mask) -> None:
    """Where a word begins with letters and "://", nothing is split up to the next white space."""
    found = np.flatnonzero((points[:-2] == ord(":")) & (points[1:-1] == ord("/")) & (points[2:] == ord("/")))
    if len(found):
        spaces = np.append(np.flatnonzero(space), len(points))
        for start, stop in zip(found.tolist(), spaces[np.searchsorted(spaces, found)].tolist(), strict=True):
            scheme = other[max(0, start - 8) : start]
            if not scheme.any():
                joint[start:stop] = False


def _runs_between(mask: Mask, left: Mask, right: Mask) -> Mask:
    """Runs of `mask` with a `left` character before and a `right` one behind."""
    found = np.zeros(len(mask), np.bool_)
    places = np.flatnonzero(mask)
    if not len(places):
        return found
    new = np.diff(places, prepend=-2) != 1
    first = places[new]
    last = places[np.append(np.flatnonzero(new)[1:] - 1, len(places) - 1)]
    good = (first > 0) & (last < len(mask) - 1)
    good &= left[np.maximum(first - 1, 0)] & right[np.minimum(last + 1, len(mask) - 1)]
    found[places] = good[np.cumsum(new) - 1]
    return found


_ENDINGS = tuple((ending, len(ending)) for ending in ("s", "S", "d", "m", "ll", "re", "ve", "t"))


def _contractions(points: CodePoints, inner: Mask, alpha: Mask) -> Mask:
    """Starts of 's, 'll, 've, 're, 'd, 'm and n't at the end of a word."""
    starts = np.zeros(len(points), np.bool_)
    marks = np.flatnonzero((points == ord("'")) | (points == ord("’")))
    marks = marks[(marks > 0) & (marks < len(points) - 1)]
    marks = marks[alpha[marks - 1] & alpha[np.minimum(marks + 1, len(points) - 1)]]
    for ending, length in _ENDINGS:
        fits = marks[marks + length < len(points)]
        for offset, letter in enumerate(ending, 1):
            fits = fits[points[fits + offset] == ord(letter)]
        behind = fits + length + 1
        fits = fits[(behind >= len(points)) | ~inner[np.minimum(behind, len(points) - 1)]]
        if ending == "t":
            fits = fits[points[fits - 1] == ord("n")] - 1
        starts[fits] = True
    return starts
