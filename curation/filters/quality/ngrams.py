"""Repetition among the words of each text: Gopher's most frequent 2- to 4-grams and repeated 5- to 10-grams.

Reference: Rae et al. 2021, table A1, as datatrove's GopherRepetitionFilter computes it: the most frequent n-gram is that
of the same words; repeated ones are equal if their characters are, are counted from left to right and skipped whole. Sizes
are characters, to be divided by the text's length. Equality is that of 64-bit hashes.

Only what may occur twice is hashed: a frequent 3-gram holds two frequent 2-grams, and a repeated n-gram of PREFIX_CHARS
and more begins with as many repeated characters. That took two thirds off the time (docs/quality.md).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from curation.filters.quality.words import Hashes, Indices, Words

TOP = (2, 3, 4)
REPEATED = (5, 6, 7, 8, 9, 10)
PREFIX_CHARS = 16
_STEP = np.uint64(0xD1342543DE82EF95)


def top_chars(words: Words) -> Iterator[tuple[int, Indices]]:
    """(n, per text: characters (joined by spaces) of the most frequent n-gram, times its frequency)"""
    text_of, room = _texts(words)
    own = words.hashes
    places, hashes = np.arange(len(words)), own ^ _salts(text_of)
    is_frequent = np.ones(len(words) + 1, np.bool_)
    for n in TOP:
        chosen = np.flatnonzero(is_frequent[places + 1] & (room[places] >= n))
        places = places[chosen]
        hashes = hashes[chosen] * _STEP + own[places + n - 1]
        again = _seen_twice(hashes)
        places, hashes = places[again], hashes[again]
        yield n, _top(words, n, places, hashes, text_of)
        is_frequent = np.zeros(len(words) + 1, np.bool_)
        is_frequent[places] = True


def repeated_chars(words: Words) -> Iterator[tuple[int, Indices]]:
    """(n, per text: characters (joined by nothing) inside n-grams seen before)"""
    text_of, room = _texts(words)
    salts = _salts(text_of)
    starts, ends = words.starts, words.starts[words.bounds[1:]]
    is_candidate = np.zeros(len(words), np.bool_)
    long = np.flatnonzero(starts[:-1] + PREFIX_CHARS <= ends[text_of])
    prefixes = words.hash_of(starts[long], starts[long] + PREFIX_CHARS)
    is_candidate[long[_seen_twice(prefixes ^ salts[long])]] = True
    places = np.arange(len(words))
    for n in REPEATED:  # whoever is no candidate is none for a longer n-gram
        places = places[room[places] >= n]
        lengths = starts[places + n] - starts[places]
        chosen = is_candidate[places] | (lengths < PREFIX_CHARS)
        places, lengths = places[chosen], lengths[chosen]
        again, kinds = _kinds(words.hash_of(starts[places], starts[places + n]) ^ salts[places])
        hits = again[_counted(places[again].tolist(), kinds.tolist(), n)]
        yield n, np.bincount(text_of[places[hits]], weights=lengths[hits], minlength=len(words.bounds) - 1).astype(np.int64)


def _texts(words: Words) -> tuple[Indices, Indices]:
    """By word: number of its text, words from it to the end of the text."""
    text_of = np.repeat(np.arange(len(words.bounds) - 1), np.diff(words.bounds))
    return text_of, words.bounds[1:][text_of] - np.arange(len(words))


def _salts(text_of: Indices) -> Hashes:
    """Mixed into hashes, so that texts never share n-grams."""
    return (text_of.astype(np.uint64) + np.uint64(1)) * np.uint64(0xA0761D6478BD642F)


def _top(words: Words, n: int, places: Indices, hashes: Hashes, text_of: Indices) -> Indices:
    number = len(words.bounds) - 1
    result = np.zeros(number, np.int64)
    # Where nothing repeats, the first n-gram of a text stands for all, as in Counter.most_common.
    first = words.bounds[:-1][np.diff(words.bounds) >= n]
    result[text_of[first]] = words.starts[first + n] - words.starts[first] + n - 1
    if not len(places):
        return result
    order = np.argsort(hashes)
    ordered = hashes[order]
    runs = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(runs, append=len(order))
    earliest = np.minimum.reduceat(places[order], runs)
    repeats = counts > 1
    counts, earliest = counts[repeats], earliest[repeats]
    texts = text_of[earliest]
    highest = np.zeros(number, np.int64)
    np.maximum.at(highest, texts, counts)
    is_highest = counts == highest[texts]
    leader = np.full(number, len(words), np.int64)
    np.minimum.at(leader, texts[is_highest], earliest[is_highest])
    found = np.flatnonzero(highest > 1)
    leader = leader[found]
    result[found] = (words.starts[leader + n] - words.starts[leader] + n - 1) * highest[found]
    return result


def _counted(places: list[int], kinds: list[int], n: int) -> list[int]:
    """Indices of those seen before, from left to right; what one covers is passed over."""
    counted: list[int] = []
    seen = bytearray(max(kinds, default=0) + 1)
    free = 0
    for index, (place, kind) in enumerate(zip(places, kinds, strict=True)):
        if place >= free:
            if seen[kind]:
                counted.append(index)
                free = place + n
            else:
                seen[kind] = 1
    return counted


def _kinds(hashes: Hashes) -> tuple[Indices, Indices]:
    """Places whose value occurs more than once, and a number that stands for the value."""
    places = _seen_twice(hashes)
    order = np.argsort(hashes[places])
    ordered = hashes[places[order]]
    kinds = np.empty(len(places), np.int64)
    kinds[order] = np.cumsum(ordered != np.concatenate((ordered[:1], ordered[:-1])))
    kept = np.flatnonzero(np.bincount(kinds)[kinds] > 1)
    return places[kept], kinds[kept]


def _seen_twice(hashes: Hashes) -> Indices:
    """Places whose value occurs more than once, and a few others: a sieve of counters by the hash's first bits."""
    bits = max(10, min(22, len(hashes).bit_length() + 2))
    buckets = (hashes >> np.uint64(64 - bits)).astype(np.int64)
    return np.flatnonzero(np.bincount(buckets, minlength=1 << bits)[buckets] > 1)
