"""The tokenizer's report card: is it fair to every language, and which of its tokens are wasted or dangerous?

In: an Encoder, passages that training did not see, optionally the ones it did. Out: JSON (see `report_card`).

    strata        per source and language, per source, per language, and in all: bytes, characters, words (runs between
                  white space) and tokens, with bytes_per_token, chars_per_token, tokens_per_word (fertility) and
                  single_byte_share (tokens that are one byte of a longer character or a bare ASCII character)
    parallel      tokens of the same text in each language beside English
    unused, almost_unused, longest, strange, entities     see `tokens`
    compare       bytes per token of other tokenizers on the same passages

References: fertility as in Rust et al. 2021; parity as in Petrov et al. 2023. Cost: one encoding of the passages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from curation.pii import Config as Policy
from curation.tokenizers.config import TokenizerConfig
from curation.tokenizers.encoder import Encoder, Ids
from curation.tokenizers.parallel import parallel_costs, read_parallel
from curation.tokenizers.tokens import entity_tokens, longest_tokens, strange_tokens, usage_summary

DEFAULT_POLICY = Policy()


class Passage(NamedTuple):
    source: str
    lang: str
    text: str


@dataclass
class Measure:
    """Sums over passages; ratios are taken at the end."""

    passages: int = 0
    bytes: int = 0
    chars: int = 0
    words: int = 0
    tokens: int = 0
    single_byte: int = 0

    def add(self, other: Measure) -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def to_json(self) -> dict[str, Any]:
        tokens = max(self.tokens, 1)
        return {
            **{name: getattr(self, name) for name in ("passages", "bytes", "chars", "words", "tokens")},
            "bytes_per_token": round(self.bytes / tokens, 4),
            "chars_per_token": round(self.chars / tokens, 4),
            "tokens_per_word": round(self.tokens / max(self.words, 1), 4),
            "single_byte_share": round(self.single_byte / tokens, 4),
        }


def report_card(
    encoder: Encoder,
    held_out: Iterable[Passage],
    config: TokenizerConfig,
    seen: Iterable[Passage] = (),
    languages: Iterable[str] = (),
    policy: Policy = DEFAULT_POLICY,
) -> dict[str, Any]:
    """The card as JSON. `seen`: passages of training, which count for usage only. `languages`: whose parity must hold."""
    words = encoder.vocabulary
    usage = np.zeros(encoder.vocab_size, np.int64)
    single = (
        np.array([len(token) == 1 for token in words.token_bytes]) if words.token_bytes else np.zeros(encoder.vocab_size, bool)
    )
    others = [Encoder.load(path) for path in config.compare]
    ours: dict[tuple[str, str], Measure] = {}
    theirs: list[dict[str, int]] = [{} for _ in others]
    for passage in held_out:
        ids = encoder.encode(passage.text)
        usage += np.bincount(ids, minlength=len(usage))
        ours.setdefault((passage.source, passage.lang), Measure()).add(measure(passage.text, ids, single))
        for other, tokens in zip(others, theirs, strict=True):
            tokens[passage.lang] = tokens.get(passage.lang, 0) + len(other.encode(passage.text))
    for passage in seen:
        usage += np.bincount(encoder.encode(passage.text), minlength=len(usage))
    by_language = _merged(ours, lambda key: key[1])
    parallel = parallel_costs(
        encoder, read_parallel(config.parallel), config.max_parallel_ratio, set(languages) or set(by_language)
    )
    return {
        "sha256": encoder.sha256,
        "vocab_size": encoder.vocab_size,
        "pretokenizer": words.pretokenizer,
        "engine": encoder.engine,
        "why_slow": encoder.why_slow,
        "lossless": words.token_bytes is not None,
        "special_tokens": words.special,
        "strata": [{"source": key[0], "lang": key[1], **value.to_json()} for key, value in sorted(ours.items())],
        "sources": [{"source": key, **value.to_json()} for key, value in sorted(_merged(ours, lambda key: key[0]).items())],
        "languages": [{"lang": key, **value.to_json()} for key, value in sorted(by_language.items())],
        "total": _merged(ours, lambda _: "").get("", Measure()).to_json(),
        "max_parallel_ratio": config.max_parallel_ratio,
        "parallel": parallel,
        **usage_summary(words, usage),
        "longest": longest_tokens(words, usage),
        "strange": strange_tokens(words, usage),
        "entities": entity_tokens(words, policy),
        "compare": [_comparison(other, tokens, by_language) for other, tokens in zip(others, theirs, strict=True)],
    }


def measure(text: str, ids: Ids, single: np.ndarray[Any, Any]) -> Measure:
    return Measure(1, len(text.encode("utf-8", "replace")), len(text), len(text.split()), len(ids), int(single[ids].sum()))


def _merged(parts: dict[tuple[str, str], Measure], name: Callable[[tuple[str, str]], str]) -> dict[str, Measure]:
    merged: dict[str, Measure] = {}
    for key, part in parts.items():
        merged.setdefault(name(key), Measure()).add(part)
    return merged


def _comparison(other: Encoder, tokens: dict[str, int], ours: dict[str, Measure]) -> dict[str, Any]:
    file = Path(other.path)
    return {
        "name": file.parent.name if file.name == "tokenizer.json" else file.stem,
        "sha256": other.sha256,
        "vocab_size": other.vocab_size,
        "bytes_per_token": {lang: round(ours[lang].bytes / max(count, 1), 4) for lang, count in sorted(tokens.items())},
    }
