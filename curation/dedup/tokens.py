"""Text -> 64-bit token hashes, vectorised over code points. The language-aware word split of everything in dedup.

A token is a run of letters, digits and marks, case-folded; in scripts that write no spaces (Han, Kana, Thai, Lao,
Khmer, Burmese) every code point is a token. Punctuation and symbols separate. In code a token is an identifier or
number, case kept, or any other visible character.

Hash of a token c0 c1 ..: fmix64(sum(c_i * BASE**i) mod 2**64) over folded code points. Soft hyphens, joiners and Arabic
and Hebrew vowel points are skipped, so that copies which differ in them stay copies.

Cost: about 60 MB/s of English on one core (`python -m benchmarks.dedup` prints the whole signature).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

PIECE_CHARS = 1 << 16  # a piece: its arrays stay in the second-level cache
PIECE_DOCUMENTS = 1 << 10
BASE = 0x9E3779B97F4A7C15 | 1
_SEPARATOR, _SKIP, _SINGLE = 0, 1, 1 << 31
UNSPACED = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF), (0x31F0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x1B000, 0x1B16F), (0x20000, 0x3FFFD),
)  # fmt: skip
_SKIPPED = (
    (0xAD, 0xAD), (0x0591, 0x05BD), (0x0640, 0x0640), (0x064B, 0x0652), (0x0670, 0x0670),
    (0x200D, 0x200D), (0x2060, 0x2060), (0xFEFF, 0xFEFF),
)  # fmt: skip
_SAME_LETTER = {"ي": "ی", "ى": "ی", "ك": "ک", "ё": "е"}  # spellings of one letter between editions


@lru_cache(maxsize=2)
def table(is_code: bool) -> npt.NDArray[np.uint32]:
    """Code point -> folded code point, with _SINGLE set where it is a token of its own; 0 separates, 1 is skipped."""
    values = np.zeros(0x110000, np.uint32)
    for code in range(0x20000):
        values[code] = _value(chr(code), is_code)
    for first, last in UNSPACED:
        codes = np.arange(first, last + 1, dtype=np.uint32)
        values[codes] = np.where((values[codes] != _SEPARATOR) | (first >= 0x20000), codes | _SINGLE, _SEPARATOR)
    for first, last in _SKIPPED:
        values[first : last + 1] = _SKIP
    return values


def _value(char: str, is_code: bool) -> int:
    category = unicodedata.category(char)
    if category[0] in "LNM" or (is_code and char == "_"):
        folded = char if is_code else _fold(char)
        return ord(folded)
    if is_code and category[0] in "PS":
        return ord(char) | _SINGLE
    return _SEPARATOR


def _fold(char: str) -> str:
    lower = unicodedata.normalize("NFKC", char).lower() if "\uff00" <= char <= "\uff5e" else char.lower()
    lower = _SAME_LETTER.get(lower, lower)
    return lower if len(lower) == 1 else char


@lru_cache(maxsize=1)
def _powers() -> tuple[Hashes, Hashes]:
    """BASE**i and BASE**-i mod 2**64, i below the largest piece (joining adds a separator a document)."""
    size = PIECE_CHARS + PIECE_DOCUMENTS + 1
    inverse = pow(BASE, -1, 1 << 64)
    return _geometric(BASE, size), _geometric(inverse, size)


def _geometric(base: int, size: int) -> Hashes:
    factors = np.full(size, base, np.uint64)
    factors[0] = 1
    powers: Hashes = np.multiply.accumulate(factors)
    return powers


def mix(values: Hashes) -> Hashes:
    """MurmurHash3's 64-bit finalizer."""
    values = values ^ (values >> np.uint64(33))
    values *= np.uint64(0xFF51AFD7ED558CCD)
    values ^= values >> np.uint64(33)
    values *= np.uint64(0xC4CEB9FE1A85EC53)
    values ^= values >> np.uint64(33)
    return values


def hash_tokens(texts: Sequence[str], is_code: bool) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """(token hashes of all texts in a row, number of tokens of each). Together at most one piece."""
    values = _values("\n".join(texts), is_code)
    ends = np.cumsum([len(text) + 1 for text in texts])
    skipped = values == _SKIP
    if skipped.any():
        ends -= np.cumsum(np.append(skipped, False))[ends - 1]
        values = values[~skipped]
    starts = _starts(values)
    if not len(starts):
        return np.zeros(0, np.uint64), np.zeros(len(texts), np.int64)
    powers, inverse = _powers()
    sums = np.add.reduceat(values * powers[: len(values)], starts)
    counts = np.diff(np.searchsorted(starts, ends), prepend=0)
    return mix(sums * inverse[starts]), counts


def _values(text: str, is_code: bool) -> npt.NDArray[np.uint32]:
    return table(is_code)[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)]


def _starts(values: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Where tokens begin, in values without skipped ones."""
    single = values >= _SINGLE
    is_start = values != _SEPARATOR
    inside = is_start[:-1] & ~single[:-1] & ~single[1:]
    is_start[1:] &= ~inside
    return np.flatnonzero(is_start)


def spelled_tokens(text: str) -> list[str]:
    """The tokens that `hash_tokens` hashes in a text, as they are written there. For people to read: slow."""
    values = _values(text, is_code=False)
    places = np.flatnonzero(values != _SKIP)
    letters = ["" if values[place] == _SEPARATOR else text[place] for place in places.tolist()]
    starts = _starts(values[places]).tolist()
    return ["".join(letters[start:stop]) for start, stop in zip(starts, [*starts[1:], len(letters)], strict=True)]


def pieces(texts: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """(index of the first, texts) that fit one piece. A longer text stands alone: cut it by `cut`."""
    start = size = 0
    for index, text in enumerate(texts):
        if index > start and (size + len(text) > PIECE_CHARS or index - start == PIECE_DOCUMENTS):
            yield start, list(texts[start:index])
            start, size = index, 0
        size += len(text)
    if start < len(texts):
        yield start, list(texts[start:])


def cut(text: str) -> Iterator[str]:
    """A long text in pieces, at white space where there is any: a function of the text alone."""
    start = 0
    while start < len(text):
        stop = min(start + PIECE_CHARS, len(text))
        if stop < len(text):
            border = max(text.rfind(" ", start, stop), text.rfind("\n", start, stop))
            stop = border + 1 if border > start else stop
        yield text[start:stop]
        start = stop
