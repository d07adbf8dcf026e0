"""nanoGPT: train.bin and val.bin, 16-bit little-endian tokens, the end token after each document.

nanoGPT reads them by np.memmap with uint16, so a vocabulary above 65,536 is refused. Its meta.pkl is a pickle and only
needed for character data: not written. Pass --vocab_size by hand; vocab.json names it.
"""

from __future__ import annotations

from pathlib import Path

from curation import storage
from curation.errors import RecipeError
from curation.exports.release import Release

NAME = "nanogpt"
WHAT = "train.bin and val.bin of 16-bit tokens"


def write(release: Release, out: Path) -> None:
    if release.encoder.vocab_size > 1 << 16:
        raise RecipeError("nanoGPT reads 16-bit tokens", where=str(release.folder), got=f"{release.encoder.vocab_size:,} ids")
    for split, name in (("train", "train.bin"), ("eval", "val.bin")):
        with (out / name).open("wb") as stream:
            for tokens, _ in release.ended(split):
                stream.write(tokens.astype("<u2").tobytes())
    storage.write_json(out / "vocab.json", {"vocab_size": release.encoder.vocab_size, "end": release.end})
