"""Rule sets: which limits on the scores keep a document. Thresholds only: nothing here is stored.

The published sets have datatrove's limits and order (the first rule that fails names the reason): `gopher_quality`,
`gopher_repetition` (Rae et al. 2021), `c4` (Raffel et al. 2020), `fineweb` (Penedo et al. 2024).
Our own are for what those would throw away: `web` (theirs with two limits of ours), `prose` (books, papers, articles:
verse and dialogue have short, repeated lines; a book has any length), `chat` (short, repetitive, unpunctuated by
nature), `code`.

Languages written without spaces (UNSPACED) have one-character words, so rules on the number and length of words and
on short n-grams do not apply to them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

UNSPACED = ("zh", "ja", "th", "lo", "km", "my", "wuu", "yue", "bo", "dz")


@dataclass(frozen=True, slots=True)
class Rule:
    """Drops rows whose score is above its limit (below it, where that is a minimum); a null score passes."""

    reason: str
    score: str
    limit: float
    is_minimum: bool = False
    except_languages: tuple[str, ...] = ()

    def with_limit(self, limit: float | None) -> Rule:
        return self if limit is None else replace(self, limit=limit)


_GOPHER_QUALITY = (
    Rule("gopher_short_doc", "num_words", 50, is_minimum=True),
    Rule("gopher_long_doc", "num_words", 100_000),
    Rule("gopher_below_avg_threshold", "mean_word_length", 3, is_minimum=True, except_languages=UNSPACED),
    Rule("gopher_above_avg_threshold", "mean_word_length", 10),
    Rule("gopher_too_many_hashes", "hash_ratio", 0.1),
    Rule("gopher_too_many_ellipsis", "ellipsis_ratio", 0.1),
    Rule("gopher_too_many_bullets", "bullet_lines", 0.9),
    Rule("gopher_too_many_end_ellipsis", "ellipsis_lines", 0.3),
    Rule("gopher_below_alpha_threshold", "alpha_words", 0.8, is_minimum=True),
    Rule("gopher_enough_stop_words", "stop_words", 2, is_minimum=True),
)

_GOPHER_REPETITION = (
    Rule("dup_para_frac", "dup_paragraphs", 0.3),
    Rule("dup_para_char_frac", "dup_paragraph_chars", 0.2),
    Rule("dup_line_frac", "dup_lines", 0.3),
    Rule("dup_line_char_frac", "dup_line_chars", 0.2),
    Rule("top_2_gram", "top_2_gram", 0.2),
    Rule("top_3_gram", "top_3_gram", 0.18),
    Rule("top_4_gram", "top_4_gram", 0.16),
    Rule("duplicated_5_n_grams", "dup_5_grams", 0.15, except_languages=UNSPACED),
    Rule("duplicated_6_n_grams", "dup_6_grams", 0.14, except_languages=UNSPACED),
    Rule("duplicated_7_n_grams", "dup_7_grams", 0.13, except_languages=UNSPACED),
    Rule("duplicated_8_n_grams", "dup_8_grams", 0.12, except_languages=UNSPACED),
    Rule("duplicated_9_n_grams", "dup_9_grams", 0.11, except_languages=UNSPACED),
    Rule("duplicated_10_n_grams", "dup_10_grams", 0.10, except_languages=UNSPACED),
)

_C4 = (
    Rule("lorem_ipsum", "lorem_ipsum", 0),
    Rule("curly_bracket", "curly_bracket", 0),
    Rule("too_few_sentences", "c4_sentences", 5, is_minimum=True),
)

_FINEWEB = (
    Rule("line_punct_ratio", "line_ends", 0.12, is_minimum=True),
    Rule("short_line_ratio", "short_lines", 0.67),
    Rule("char_dup_ratio", "dup_chars", 0.01),
    Rule("list_ratio", "line_break_ratio", 0.3),
)

# Junk by any standard, and nothing that verse, dialogue, a stub or a very long text is. Repeated n-grams are counted
# without the spaces between their words, so that even one word repeated for ever reaches no more than 0.75 or so.
_PROSE = (
    Rule("few_words", "num_words", 5, is_minimum=True),
    Rule("few_letters", "alpha_words", 0.4, is_minimum=True),
    Rule("long_words", "mean_word_length", 20, except_languages=UNSPACED),
    Rule("too_many_ellipses", "ellipsis_ratio", 0.3),
    Rule("repeated_lines", "dup_line_chars", 0.7),
    Rule("repeated_phrase", "dup_5_grams", 0.6),
    Rule("repeated_words", "dup_10_grams", 0.5),
)

_CHAT = (
    Rule("few_words", "num_words", 3, is_minimum=True),
    Rule("few_letters", "alpha_words", 0.2, is_minimum=True),
    Rule("repeated_phrase", "dup_5_grams", 0.65),
    Rule("repeated_words", "dup_10_grams", 0.6),
)

# Limits of StarCoder (Li et al. 2023) for generated and minified files, data and blobs.
_CODE = (
    Rule("few_words", "num_words", 3, is_minimum=True),
    Rule("long_lines", "mean_line_chars", 200),
    Rule("longest_line", "max_line_chars", 10_000),
    Rule("few_letters", "alpha_chars", 0.2, is_minimum=True),
    Rule("repeated_words", "dup_10_grams", 0.75),
)

# Gopher's and FineWeb's rules with two limits of our own. Free-standing punctuation counts as a word: at 0.8 a hundred of
# 707 pages fell, mostly Russian and Hungarian prose and verse, which a second reader called wrong. Repeated characters
# at 0.1 as the FineWeb paper has it (datatrove: 0.01, which tutorials with repeated commands exceed).
_WEB_LIMITS = {"gopher_below_alpha_threshold": 0.6, "char_dup_ratio": 0.1}
_WEB = tuple(rule.with_limit(_WEB_LIMITS.get(rule.reason)) for rule in (*_GOPHER_QUALITY, *_GOPHER_REPETITION, *_FINEWEB))

RULE_SETS: dict[str, tuple[Rule, ...]] = {
    "none": (),
    "gopher_quality": _GOPHER_QUALITY,
    "gopher_repetition": _GOPHER_REPETITION,
    "c4": _C4,
    "fineweb": _FINEWEB,
    "web": _WEB,
    "prose": _PROSE,
    "chat": _CHAT,
    "code": _CODE,
}

REASONS: dict[str, str] = {
    rule.reason: f"{rule.score} {'below its minimum' if rule.is_minimum else 'above its maximum'} ({name})"
    for name, rules in reversed(RULE_SETS.items())
    for rule in rules
}
