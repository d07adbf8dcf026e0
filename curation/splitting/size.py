"""How many tokens a text will have, before there is a tokenizer: the split comes first, since the tokenizer learns from train
alone.

Bytes per token of a 32k vocabulary trained on several languages, as `python -m benchmarks.bpe` prints them: 3.5 to 3.7 in
Latin script and in code, 5.3 to 5.6 in Cyrillic, 4.9 in Persian, 4.1 in Japanese. Within a stratum (a source in one
language) bytes and tokens go together, so a share of its bytes is the same share of its tokens; the estimate matters for
`max_eval_tokens` alone. A whole run over the corpus that the benchmarks read had 28.1 M tokens where this says 21.5 M: SQL
full of numbers, and languages of which the tokenizer saw a page.
"""

from __future__ import annotations

from collections.abc import Mapping

OTHER = 3.6
CYRILLIC, ARABIC, EAST_ASIAN, INDIC = 5.4, 4.9, 4.0, 6.5
BYTES_PER_TOKEN = (
    dict.fromkeys(("ru", "uk", "be", "bg", "mk", "sr", "kk", "ky", "mn", "tg", "tt", "el", "hy"), CYRILLIC)
    | dict.fromkeys(("fa", "ar", "ur", "ps", "ckb", "ug", "he", "yi"), ARABIC)
    | dict.fromkeys(("zh", "ja", "ko"), EAST_ASIAN)
    | dict.fromkeys(("hi", "bn", "ta", "te", "mr", "gu", "kn", "ml", "pa", "ne", "si", "th", "lo", "km", "my", "ka", "am"), INDIC)
)


def estimated_tokens(strata: Mapping[str, tuple[int, int]]) -> float:
    """Of all text; `strata`: (documents, bytes) by "source/language"."""
    return sum(size / BYTES_PER_TOKEN.get(name.rpartition("/")[2], OTHER) for name, (_, size) in strata.items())


def bounded_fraction(eval_fraction: float, max_eval_tokens: int, strata: Mapping[str, tuple[int, int]]) -> float:
    """`eval_fraction`, or the smaller share that gives eval about `max_eval_tokens` (0: no bound)."""
    total = estimated_tokens(strata)
    return min(eval_fraction, max_eval_tokens / total) if max_eval_tokens and total else eval_fraction
