"""Repetition among the words of each text: Gopher's most frequent 2- to 4-grams and repeated 5- to 10-grams.

Reference: Rae et al. 2021, table A1, as datatrove's GopherRepetitionFilter computes it: two n-grams are equal if
their characters are; a repeated n-gram is counted from left to right and skipped whole. Sizes are characters, to be
divided by the text's length. Equality is that of 64-bit hashes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from curation.filters.quality.words import BASE, Hashes, Indices, Words, character_hash

TOP = (2, 3, 4)
REPEATED = (5, 6, 7, 8, 9, 10)


def top_chars(words: Words) -> dict[int, Indices]:
    """Per n and text: characters (joined by spaces) of the most frequent n-gram, times its frequency."""
    spaced = replace(
        words,
        hashes=words.hashes + character_hash(ord(" ")) * words.powers,
        powers=words.powers * np.uint64(BASE),
        lengths=words.lengths + 1,
    )
    number = len(words.bounds) - 1
    return {grams.n: _top(replace(grams, lengths=grams.lengths - 1), number) for grams in _grams(spaced, TOP)}


def repeated_chars(words: Words) -> dict[int, Indices]:
    """Per n and text: characters (joined by nothing) inside n-grams seen before."""
    return {grams.n: _repeated(grams, len(words.bounds) - 1) for grams in _grams(words, REPEATED)}


@dataclass(frozen=True, slots=True)
class _Grams:
    """All n-grams that lie inside one text: hash, characters, place of the first word, number of the text."""

    n: int
    hashes: Hashes
    lengths: Indices
    places: Indices
    texts: Indices


def _grams(words: Words, sizes: tuple[int, ...]) -> Iterator[_Grams]:
    """The text's number is mixed into the hash: texts never share n-grams."""
    count = len(words)
    text_of = np.repeat(np.arange(len(words.bounds) - 1), np.diff(words.bounds))
    salt = (text_of.astype(np.uint64) + np.uint64(1)) * np.uint64(0xA0761D6478BD642F)
    room = words.bounds[1:][text_of] - np.arange(count)
    hashes, powers, lengths = words.hashes.copy(), words.powers.copy(), words.lengths.copy()
    for n in range(2, min(max(sizes), count) + 1):
        reach = count - n + 1
        hashes, powers, lengths = hashes[:reach], powers[:reach], lengths[:reach]
        hashes += powers * words.hashes[n - 1 :]
        powers *= words.powers[n - 1 :]
        lengths += words.lengths[n - 1 :]
        if n in sizes:
            places = np.flatnonzero(room[:reach] >= n)
            yield _Grams(n, hashes[places] ^ salt[places], lengths[places], places, text_of[places])


def _top(grams: _Grams, number: int) -> Indices:
    result = np.zeros(number, np.int64)
    # Where nothing repeats, the first n-gram of a text stands for all, as in Counter.most_common.
    texts, firsts = np.unique(grams.texts, return_index=True)
    result[texts] = grams.lengths[firsts]
    candidates = _seen_twice(grams.hashes)
    if not len(candidates):
        return result
    order = candidates[np.argsort(grams.hashes[candidates], kind="stable")]
    ordered = grams.hashes[order]
    runs = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    counts = np.diff(runs, append=len(order))
    repeats = counts > 1
    counts, earliest = counts[repeats], order[runs[repeats]]
    texts = grams.texts[earliest]
    highest = np.zeros(number, np.int64)
    np.maximum.at(highest, texts, counts)
    is_highest = counts == highest[texts]
    leader = np.full(number, len(grams.hashes), np.int64)
    np.minimum.at(leader, texts[is_highest], earliest[is_highest])
    found = highest > 1
    result[found] = grams.lengths[leader[found]] * highest[found]
    return result


def _repeated(grams: _Grams, number: int) -> Indices:
    candidates = _seen_twice(grams.hashes)
    counted: list[int] = []
    seen: set[int] = set()
    free = 0
    places, values = grams.places[candidates].tolist(), grams.hashes[candidates].tolist()
    for index, (place, value) in enumerate(zip(places, values, strict=True)):
        if place < free:
            continue
        if value in seen:
            counted.append(index)
            free = place + grams.n
        else:
            seen.add(value)
    hits = candidates[counted]
    return np.bincount(grams.texts[hits], weights=grams.lengths[hits], minlength=number).astype(np.int64)


def _seen_twice(hashes: Hashes) -> Indices:
    """Places whose value occurs more than once, and a few others: a sieve of counters by the hash's first bits."""
    bits = max(10, min(22, len(hashes).bit_length() + 2))
    buckets = (hashes >> np.uint64(64 - bits)).astype(np.int64)
    return np.flatnonzero(np.bincount(buckets, minlength=1 << bits)[buckets] > 1)
