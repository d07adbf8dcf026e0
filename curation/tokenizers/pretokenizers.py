r"""The pre-tokenizers that a byte-level BPE may use: names of llama.cpp's closed list, with the regex behind each.

llama.cpp compiles its pre-tokenizers in and picks one by `tokenizer.ggml.pre`; a BPE trained behind any other regex
cannot become a correct GGUF. `gguf` is that key. The regexes are written as llama.cpp writes them (`'[sS]` where the
original has `(?i:'s)`): under full case folding `(?i:s)` also matches U+017F, and engines disagree there.

`fast` is the same language with possessive quantifiers, for tiktoken's backtracking engine: they match the same
spans (a run of letters is never given back) and saved 5 to 12 % of its time. tests/tokenizer compares both, and
HF's engine, over every code point in six contexts.
"""

from __future__ import annotations

from dataclasses import dataclass

_CONTRACTIONS = r"'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]"
_SPACES = r"\s*[\r\n]+|\s+(?!\S)|\s+"


@dataclass(frozen=True, slots=True)
class PreTokenizer:
    """`why`: when to choose it."""

    name: str
    gguf: str
    regex: str
    fast: str
    why: str


PRETOKENIZERS = {
    item.name: item
    for item in (
        PreTokenizer(
            "gpt-2",
            "gpt-2",
            r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
            r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s+(?!\S)|\s+",
            "the classic; whole numbers become tokens, every blank of an indentation is a token of its own",
        ),
        PreTokenizer(
            "llama3",
            "llama-bpe",
            rf"(?:{_CONTRACTIONS})|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_SPACES}",
            rf"(?:{_CONTRACTIONS})|[^\r\n\p{{L}}\p{{N}}]?+\p{{L}}++|\p{{N}}{{1,3}}+| ?[^\s\p{{L}}\p{{N}}]++[\r\n]*+|{_SPACES}",
            "prose in many languages: digits in groups of three, line ends glued to punctuation",
        ),
        PreTokenizer(
            "qwen2",
            "qwen2",
            rf"(?:{_CONTRACTIONS})|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_SPACES}",
            rf"(?:{_CONTRACTIONS})|[^\r\n\p{{L}}\p{{N}}]?+\p{{L}}++|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]++[\r\n]*+|{_SPACES}",
            "code and arithmetic: every digit is a token, so numbers line up",
        ),
    )
}
