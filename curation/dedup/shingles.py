"""Token hashes -> windows: shingles for similarity, sampled 13-grams for overlap. All documents of a piece at once.

A document of fewer tokens than the window has one window, padded; one without tokens has none. A window's hash is
fmix64(sum(token_i * STEP**(n-1-i))). Shingles are kept as the upper 32 bits, what MinHash takes; the exact Jaccard that
confirms a drop compares all 64.

13-grams are of words in code too, so that overlap is found between kinds. They are 54-bit hashes, sampled by value so that
all documents sample the same ones: every hash below GRAM_BOUND (one in 32), and in any case the 64 smallest.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from curation.dedup.tokens import PIECE_CHARS, Hashes, cut, hash_tokens, mix

Counts = npt.NDArray[np.int64]

GRAM = 13
GRAM_BITS = 54  # ten bits number the documents of a piece
GRAM_RATE = 32
GRAM_BOUND = (1 << GRAM_BITS) // GRAM_RATE
MIN_GRAMS = 64
_STEP = np.uint64(0xD6E8FEB86659FD93)


def windows(tokens: Hashes, counts: Counts, size: int) -> tuple[Hashes, Counts]:
    """(64-bit hashes of all windows of `size` tokens, number of each document), in order of place."""
    tokens, counts = _padded(tokens, counts, size)
    if not len(tokens):
        return tokens, counts
    last = len(tokens) - size + 1
    sums = tokens[:last].copy()
    for place in range(1, size):
        sums *= _STEP
        sums += tokens[place : place + last]
    valid = np.ones(len(tokens), bool)
    ends = np.cumsum(counts)[counts > 0]
    for back in range(1, size):
        valid[ends - back] = False
    return mix(sums[valid[:last]]), np.maximum(counts - size + 1, 0)


def _padded(tokens: Hashes, counts: Counts, size: int) -> tuple[Hashes, Counts]:
    padded = np.where(counts == 0, 0, np.maximum(counts, size))
    if np.array_equal(padded, counts):
        return tokens, counts
    shift = np.cumsum(padded) - padded - (np.cumsum(counts) - counts)
    result = np.zeros(int(padded.sum()), np.uint64)
    result[np.arange(len(tokens)) + np.repeat(shift, counts)] = tokens
    return result, padded


def distinct(hashes: Hashes, counts: Counts) -> tuple[npt.NDArray[np.uint32], Counts]:
    """The distinct upper halves of each document's shingles, ascending; and their number."""
    owner = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
    keys, found = _unique((owner << np.uint64(32)) | (hashes >> np.uint64(32)), len(counts), 32)
    return keys.astype(np.uint32), found


def sample(hashes: Hashes, counts: Counts) -> tuple[Hashes, Counts]:
    """The sampled 13-gram hashes of each document, ascending; and their number."""
    owner = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
    keys, found = _unique((owner << np.uint64(GRAM_BITS)) | gram(hashes), len(counts), GRAM_BITS)
    values = keys & np.uint64((1 << GRAM_BITS) - 1)
    rank = np.arange(len(values)) - np.repeat(np.cumsum(found) - found, found)
    taken = (values < GRAM_BOUND) | (rank < MIN_GRAMS)
    owner = keys >> np.uint64(GRAM_BITS)
    return values[taken], np.bincount(owner[taken].astype(np.int64), minlength=len(counts))


def gram(hashes: Hashes) -> Hashes:
    """Window hashes as 13-gram hashes of GRAM_BITS bits."""
    return hashes >> np.uint64(64 - GRAM_BITS)


def _unique(keys: Hashes, documents: int, bits: int) -> tuple[Hashes, Counts]:
    keys.sort()
    first = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    keys = keys[first]
    borders = np.searchsorted(keys, np.arange(1, documents, dtype=np.uint64) << np.uint64(bits))
    return keys, np.diff(borders, prepend=0, append=len(keys))


def shingle_set(text: str, ngram: int, is_code: bool) -> Hashes:
    """All distinct 64-bit shingle hashes of a text, ascending: what exact similarity compares."""
    return _all_windows(text, ngram, is_code)


def gram_set(text: str) -> Hashes:
    """All distinct 13-gram hashes of a text, ascending."""
    return ascending(gram(_all_windows(text, GRAM, is_code=False)))


def _all_windows(text: str, size: int, is_code: bool) -> Hashes:
    parts = [text] if len(text) <= PIECE_CHARS else cut(text)
    tokens = np.concatenate([hash_tokens([part], is_code)[0] for part in parts] or [np.zeros(0, np.uint64)])
    return ascending(windows(tokens, np.array([len(tokens)]), size)[0])


def ascending(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Sorted in place, without repeats. np.unique of numpy 2.3 hashes first: 140 times as slow on 100,000 values."""
    values.sort()
    found: npt.NDArray[Any] = values[np.append(True, values[1:] != values[:-1])[: len(values)]]
    return found
