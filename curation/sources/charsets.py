"""Which legacy encoding: statistics over undeclared bytes, by charset-normalizer.

In: bytes that are not UTF-8. Out: Decoded; doubtful where the winner's text is chaotic or another reading is as good.
"""

from __future__ import annotations

from curation.sources.encoding import Decoded

SAMPLE_BYTES = 1 << 16


def guess(data: bytes) -> Decoded:
    from charset_normalizer import from_bytes

    found = from_bytes(data[:SAMPLE_BYTES], chunk_size=2048, steps=16).best()
    if found is None:
        return Decoded(data.decode("cp1252", "replace"), "cp1252", True)
    text = data.decode(found.encoding, "replace")
    return Decoded(text, found.encoding, found.chaos > 0.1 or "\ufffd" in text)
