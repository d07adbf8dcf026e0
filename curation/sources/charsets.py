"""Which legacy encoding undeclared bytes are in: multi-byte ones by structure, single-byte ones by letters.

In: bytes that are not UTF-8. Out: Decoded. East Asian encodings are considered where the bytes decode and the result
stands in runs of its own script; among these, and for EBCDIC, charset-normalizer decides. `doubtful` where the reading
is less likely than any known language makes it, or another reading is nearly as good.
"""

from __future__ import annotations

import re

from curation.sources.encoding import Decoded
from curation.sources.singlebyte import best_reading

SAMPLE_BYTES = 1 << 16
EAST_ASIAN = (
    "gb18030",
    "big5hkscs",
    "big5",
    "cp932",
    "euc_jp",
    "cp949",
    "johab",
    "euc_jis_2004",
    "shift_jis_2004",
    "gb2312",
    "euc_kr",
)
MIN_LIKELIHOOD = -6.5  # nats a byte; texts in modelled languages lie between -2 and -4.5
MIN_LEAD = 3.0

_EAST = "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_RUN = re.compile(f"[{_EAST}](?: ?[{_EAST}])+")
_BESIDE_LATIN = re.compile(f"[a-z][{_EAST}]|[{_EAST}][a-z]")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")


def guess(data: bytes) -> Decoded:
    sample = data[:SAMPLE_BYTES]
    if _is_ebcdic(sample) or _is_east_asian(sample):
        found = _by_normalizer(data, sample)
        if found:
            return found
    codec, likelihood, lead = best_reading(data)
    text = data.decode(codec, "replace")
    return Decoded(text, codec, likelihood < MIN_LIKELIHOOD or lead < MIN_LEAD or "\ufffd" in text)


def _by_normalizer(data: bytes, sample: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    isolated = None if _is_ebcdic(sample) else list(EAST_ASIAN)
    found = from_bytes(sample, chunk_size=2048, steps=16, cp_isolation=isolated).best()
    if found is None:
        return None
    text = data.decode(found.encoding, "replace")
    return Decoded(text, found.encoding, found.chaos > 0.1 or "\ufffd" in text)


def _is_ebcdic(sample: bytes) -> bool:
    return sample.count(b"\x40") > len(sample) // 20 and sample.count(b" ") == 0 and sample.count(b"e") == 0


def _is_east_asian(sample: bytes) -> bool:
    return any(_reads_as_east_asian(sample, codec) for codec in ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "johab"))


def _reads_as_east_asian(sample: bytes, codec: str) -> bool:
    text = sample.decode(codec, "replace")
    if text[:-2].count("\ufffd") > len(text) // 50:
        return False
    foreign = sum(char >= "\x80" for char in text)
    in_runs = sum(len(run.replace(" ", "")) for run in _RUN.findall(text))
    odd = len(_BESIDE_LATIN.findall(text)) + len(_HALF_WIDTH.findall(text)) // 2
    return foreign >= 2 and in_runs >= 0.6 * foreign and odd <= 0.15 * foreign
