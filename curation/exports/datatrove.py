"""datatrove: <split>/00000.ds, .ds.index and .ds.metadata, as DocumentTokenizer leaves them for nanotron.

.ds: little-endian tokens (2 bytes, 4 above 65,536 ids), the end token after each document. .index: where each document
ends, in tokens (u64). .metadata: three lines, tokenizer and bytes a token, number of tokens, the same for people.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from curation.exports.release import SPLITS, Release

NAME = "datatrove"
WHAT = "<split>/00000.ds with .index and .metadata"


def write(release: Release, out: Path) -> None:
    size = release.encoder.dtype.itemsize
    for split in SPLITS:
        (out / split).mkdir()
        name, total = out / split / "00000.ds", 0
        with name.open("wb") as tokens_file, name.with_name("00000.ds.index").open("wb") as index:
            for tokens, lengths in release.ended(split):
                tokens_file.write(tokens.astype(f"<u{size}").tobytes())
                index.write((np.cumsum(lengths) + total).astype("<u8").tobytes())
                total += len(tokens)
        lines = (f"{release.encoder.sha256[:16]}|{size}", str(total), f"{total / 1e6:.3f} MT")
        name.with_name("00000.ds.metadata").write_text("\n".join(lines), encoding="utf-8")
