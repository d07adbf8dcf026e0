"""The stage `sign`: what a segment remembers of each document, so that no later step reads whole texts.

In: `view` where it is not null, else `text`. Appended columns:
    signature      fixed_size_binary(4 * num_perm): little-endian uint32, equal to datasketch.MinHash(num_perm, seed=1)
    num_shingles   distinct shingles; 0 = no tokens (such a document has no near-duplicates)
    ngrams         sampled 13-gram hashes, ascending (shingles.py)
Drops nothing. Reference: Broder 1997; sampling by value: Manber 1994.
Cost: printed by `python -m benchmarks.dedup`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from curation.dedup import minhash, shingles
from curation.dedup.config import Config
from curation.dedup.tokens import PIECE_CHARS, Hashes, cut, hash_tokens, pieces
from curation.document import with_column
from curation.stage import Outcome, Place, StageFunction, keep_all

NAME = "sign"
TABLE = "dedup"
REASONS: dict[str, str] = {}
LIBRARIES = ("numpy",)

__all__ = ["LIBRARIES", "NAME", "REASONS", "Config", "Signed", "build", "sign"]


class Signed(NamedTuple):
    """`signatures` (n, num_perm) uint32; `num_shingles` (n,); `ngrams` of all documents in a row, `num_ngrams` of each."""

    signatures: minhash.Words
    num_shingles: shingles.Counts
    ngrams: Hashes
    num_ngrams: shingles.Counts


def build(config: Config, place: Place) -> StageFunction:
    is_code = place.kind == "code"

    def stage(batch: pa.RecordBatch) -> Outcome:
        texts = batch["text"]
        if "view" in batch.schema.names:
            texts = pc.coalesce(batch["view"], texts)
        signed = sign(texts.to_pylist(), config, is_code)
        width = 4 * config.num_perm
        packed = pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(width), batch.num_rows, [None, pa.py_buffer(np.ascontiguousarray(signed.signatures, "<u4"))]
        )
        offsets = np.concatenate([[0], np.cumsum(signed.num_ngrams)]).astype(np.int32)
        batch = with_column(batch, "signature", packed)
        batch = with_column(batch, "num_shingles", pa.array(signed.num_shingles.astype(np.int32)))
        return keep_all(with_column(batch, "ngrams", pa.ListArray.from_arrays(offsets, pa.array(signed.ngrams))))

    return stage


def sign(texts: Sequence[str], config: Config, is_code: bool) -> Signed:
    """Signatures of texts, in order. Raises nothing, whatever the texts hold."""
    parts = [_sign_piece(group, config, is_code) for _, group in pieces(texts)]
    if not parts:
        empty = np.zeros(0, np.int64)
        return Signed(np.zeros((0, config.num_perm), np.uint32), empty, np.zeros(0, np.uint64), empty)
    return Signed(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _sign_piece(texts: list[str], config: Config, is_code: bool) -> Signed:
    if len(texts) == 1 and len(texts[0]) > PIECE_CHARS:
        return _sign_long(texts[0], config, is_code)
    tokens, counts = hash_tokens(texts, is_code)
    hashes, num_shingles = shingles.distinct(*shingles.windows(tokens, counts, config.ngram))
    if is_code:
        tokens, counts = hash_tokens(texts, is_code=False)
    ngrams, num_ngrams = shingles.sample(*shingles.windows(tokens, counts, shingles.GRAM))
    return Signed(minhash.signatures(hashes, num_shingles, config.num_perm), num_shingles, ngrams, num_ngrams)


def _sign_long(text: str, config: Config, is_code: bool) -> Signed:
    """Piece by piece: four bytes a shingle and what is sampled stay in memory."""
    found, grams = [np.zeros(0, np.uint32)], [np.zeros(0, np.uint64)]
    for tokens in _overlapping(text, is_code=False):
        count = np.array([len(tokens)])
        grams.append(shingles.sample(*shingles.windows(tokens, count, shingles.GRAM))[0])
        if not is_code:
            found.append(shingles.distinct(*shingles.windows(tokens, count, config.ngram))[0])
    for tokens in _overlapping(text, is_code=True) if is_code else ():
        found.append(shingles.distinct(*shingles.windows(tokens, np.array([len(tokens)]), config.ngram))[0])
    hashes = np.concatenate(found)
    found.clear()
    hashes.sort()
    hashes = hashes[np.append(True, hashes[1:] != hashes[:-1])[: len(hashes)]]
    merged = shingles.ascending(np.concatenate(grams))
    merged = merged[: max(shingles.MIN_GRAMS, int(np.searchsorted(merged, shingles.GRAM_BOUND)))]
    signature = minhash.signature(hashes, config.num_perm)
    return Signed(signature, np.array([len(hashes)]), merged, np.array([len(merged)]))


def _overlapping(text: str, is_code: bool) -> Iterator[Hashes]:
    """Token hashes by pieces, each beginning with the last GRAM - 1 tokens of the one before; none too short for a window."""
    carried = np.zeros(0, np.uint64)
    is_first = True
    for part in cut(text):
        carried = np.concatenate([carried, hash_tokens([part], is_code)[0]])
        if len(carried) >= shingles.GRAM:
            yield carried
            is_first = False
            carried = carried[len(carried) - shingles.GRAM + 1 :]
    # A text of fewer than GRAM tokens in all (one endless word) still has its one window.
    if is_first and len(carried):
        yield carried
