"""Megatron-LM: <split>_text_document.bin and .idx, as megatron.core's IndexedDataset maps them.

.bin: tokens, the end token after each document. .idx, little-endian: the nine bytes MMIDIDX 0 0, version 1 (u64), type code
(u8: 8 = uint16, 4 = int32), number of sequences (u64), number of document borders (u64), then per sequence its length
(int32) and byte offset (int64), then the borders (int64). One document is one sequence.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from curation.exports.release import SPLITS, Release

NAME = "megatron"
WHAT = "<split>_text_document.bin and .idx"
MAGIC = b"MMIDIDX\x00\x00"
MAX_UINT16_VOCAB = 65_500  # Megatron itself takes int32 from there on


def write(release: Release, out: Path) -> None:
    code, kind = (8, np.dtype("<u2")) if release.encoder.vocab_size < MAX_UINT16_VOCAB else (4, np.dtype("<i4"))
    for split in SPLITS:
        lengths = [np.zeros(0, np.int64)]
        with (out / f"{split}_text_document.bin").open("wb") as stream:
            for tokens, sizes in release.ended(split):
                stream.write(tokens.astype(kind).tobytes())
                lengths.append(sizes)
        _write_index(out / f"{split}_text_document.idx", np.concatenate(lengths), code, kind.itemsize)


def _write_index(path: Path, lengths: np.ndarray[tuple[int], np.dtype[np.int64]], code: int, item_bytes: int) -> None:
    count = len(lengths)
    with path.open("wb") as stream:
        stream.write(MAGIC + struct.pack("<QBQQ", 1, code, count, count + 1))
        stream.write(lengths.astype("<i4").tobytes())
        stream.write((np.concatenate([[0], np.cumsum(lengths)[:-1]])[:count] * item_bytes).astype("<i8").tobytes())
        stream.write(np.arange(count + 1, dtype="<i8").tobytes())
