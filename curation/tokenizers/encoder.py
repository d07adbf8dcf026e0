"""Texts to token ids and back: HF tokenizers' ids, by tiktoken where it is proven equal.

In: a tokenizer.json. Out: ids as uint16 (uint32 above 65,536 ids), of the text only: no BOS, no EOS, and a special
token spelled out in a text stays ordinary text. decode(encode(x)) == x for every Unicode string of a byte-level
tokenizer; a lone surrogate, which no UTF-8 can hold, becomes U+FFFD first.

Two engines, chosen at load: tiktoken when the vocabulary passes `equality.why_unequal` and both agree on a probe text;
else HF. Single documents go to HF in spite of that, and are counted in `fallbacks`:
    whitespace   white space of 100,000 characters or more in a row: tiktoken's regex engine overflows from about 500,000
    panic        any other failure of its engine
    surrogates   not encoded by HF either, but repaired first
    nothing      a tokenizer of others normalizes all of the text away: one unknown token, since no document is empty

Measured on one core: tiktoken 17 MB/s of English prose, HF 2.9.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from curation.document import valid_text
from curation.manifest import file_sha256
from curation.tokenizers.equality import why_unequal
from curation.tokenizers.probe import PROBE
from curation.tokenizers.vocabulary import Vocabulary, read_vocabulary

if TYPE_CHECKING:
    import tiktoken
    from tokenizers import Tokenizer

Ids = npt.NDArray[Any]

LONG_SPACE = 100_000
_STRIDE = LONG_SPACE // 4


class Encoder:
    """One loaded tokenizer. Holds native objects: lives in one process, never pickled."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sha256 = file_sha256(path)
        self.vocabulary: Vocabulary = read_vocabulary(path)
        self.vocab_size = self.vocabulary.size
        self.dtype = np.dtype(np.uint16 if self.vocab_size <= 1 << 16 else np.uint32)
        self.fallbacks: Counter[str] = Counter()
        self._hf = _without_special_tokens(path)
        self._tiktoken, self.why_slow = self._fast()

    @staticmethod
    def load(path: Path | str) -> Encoder:
        """From a tokenizer.json or the folder that holds one; loaded once per process."""
        file = Path(path)
        if file.is_dir():
            file = file / "tokenizer.json"
        return _load(str(file.resolve()), file.stat().st_mtime_ns)

    @property
    def engine(self) -> str:
        return "tiktoken" if self._tiktoken else "tokenizers"

    def encode(self, text: str) -> Ids:
        if self._tiktoken is None:
            return self._slowly(text)
        if len(text) >= LONG_SPACE and _has_long_space(text):
            self.fallbacks["whitespace"] += 1
            return self._slowly(text)
        try:
            return self._quickly(text)
        except UnicodeEncodeError:
            self.fallbacks["surrogates"] += 1
            return self.encode(valid_text(text))
        except BaseException as error:
            # The same overflow of its regex engine is a ValueError or a panic (pyo3's is a BaseException), by entry point.
            if not isinstance(error, ValueError) and type(error).__name__ != "PanicException":
                raise
            self.fallbacks["panic"] += 1
            return self._slowly(text)

    def encode_batch(self, texts: Iterable[str]) -> list[Ids]:
        return [self.encode(text) for text in texts]

    def encode_column(self, texts: pa.Array) -> pa.ListArray:
        """A string column to a list column of ids, row for row. A null row is an empty list."""
        rows = self.encode_batch(text.as_py() or "" for text in texts)
        offsets = np.zeros(len(rows) + 1, np.int32)
        np.cumsum([len(ids) for ids in rows], out=offsets[1:])
        values = np.concatenate(rows) if rows else np.empty(0, self.dtype)
        return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values))

    def decode(self, ids: Sequence[int] | Ids) -> str:
        """The text of `ids`; of a byte-level tokenizer exactly, else as HF's decoder gives it."""
        if self.vocabulary.token_bytes is None:
            return str(self._hf.decode([int(number) for number in ids], skip_special_tokens=False))
        return b"".join(map(self.vocabulary.token_bytes.__getitem__, np.asarray(ids).tolist())).decode("utf-8", "replace")

    def _quickly(self, text: str) -> Ids:
        ids = self._tiktoken.encode_to_numpy(text, disallowed_special=())  # type: ignore[union-attr]
        return ids.astype(self.dtype)

    def _slowly(self, text: str) -> Ids:
        try:
            ids = self._hf.encode_batch_fast([text], add_special_tokens=False)[0].ids
        except (TypeError, UnicodeEncodeError):
            if (repaired := valid_text(text)) == text:
                raise
            self.fallbacks["surrogates"] += 1
            return self._slowly(repaired)
        if text and not ids:
            self.fallbacks["nothing"] += 1
            ids = [self.vocabulary.unknown]
        return np.array(ids, self.dtype)

    def _fast(self) -> tuple[tiktoken.Encoding | None, str | None]:
        """tiktoken's engine, or None and why not."""
        words = self.vocabulary
        if words.regex is None or words.token_bytes is None:
            return None, "no byte-level BPE behind a known pre-tokenizer"
        if reason := why_unequal(words.ranks, words.merges):
            return None, reason
        import tiktoken

        ranks = {words.token_bytes[number]: number for number in words.ranks.values()}
        # One special token that no text can hold: an empty table would make tiktoken search for the empty string.
        engine = tiktoken.Encoding(
            "ours", pat_str=words.regex, mergeable_ranks=ranks, special_tokens={"\0\0none\0\0": words.size}
        )
        for passage in PROBE:
            if engine.encode_ordinary(passage) != self._slowly(passage).tolist():
                return None, "other ids on the probe text"
        return engine, None


@lru_cache(maxsize=4)
def _load(path: str, modified: int) -> Encoder:
    return Encoder(Path(path))


def _has_long_space(text: str) -> bool:
    """True for every text with LONG_SPACE white-space characters in a row (and for some with half as many).

    Such a run holds two whole strides of 25,000 characters; `isspace` stops at the first other character, so this looks
    at a few characters of each stride.
    """
    return any(text[start : start + 2 * _STRIDE].isspace() for start in range(0, len(text) - 2 * _STRIDE + 1, _STRIDE))


def _without_special_tokens(path: Path) -> Tokenizer:
    """HF's engine that sees no special token in a text, and adds none."""
    from tokenizers import Tokenizer

    definition = json.loads(path.read_text(encoding="utf-8"))
    definition["added_tokens"] = [token for token in definition.get("added_tokens") or () if not token["special"]]
    definition["post_processor"] = definition["truncation"] = definition["padding"] = None
    return Tokenizer.from_str(json.dumps(definition))
