"""All quality scores of many texts, in one pass over their characters and one over their lines.

In: texts and their languages. Out: a column per score, float64 so that a ratio compares with a limit exactly as
datatrove's does. Texts are taken together in groups of about 260,000 characters: numpy's calls then cost little
for short texts, and the arrays stay in the cache (at a million everything took a seventh longer). Measured: see docs/quality.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from curation.filters.function_words import FUNCTION_WORDS
from curation.filters.quality import lines, ngrams
from curation.filters.quality.characters import TERMINAL
from curation.filters.quality.words import Words, hash_word, split

GROUP_CHARS = 1 << 18

_INTEGERS = ("num_words", "stop_words", "c4_sentences", "lorem_ipsum", "curly_bracket", "max_line_chars")
_RATIO_NAMES = """
    mean_word_length alpha_words hash_ratio ellipsis_ratio bullet_lines ellipsis_lines
    dup_paragraphs dup_paragraph_chars dup_lines dup_line_chars top_2_gram top_3_gram top_4_gram
    dup_5_grams dup_6_grams dup_7_grams dup_8_grams dup_9_grams dup_10_grams
    line_ends short_lines dup_chars line_break_ratio mean_line_chars alpha_chars
"""
SCHEMA = pa.schema([(name, pa.int32()) for name in _INTEGERS] + [(name, pa.float64()) for name in _RATIO_NAMES.split()])

Columns = dict[str, list[float | int | None]]
SplitFunction = Callable[[list[str]], Words]


def statistics(
    texts: list[str],
    languages: list[str],
    split_words: SplitFunction = split,
    count_sentences: lines.SentenceCounter = lines.count_sentences,
) -> pa.RecordBatch:
    """One row of SCHEMA per text."""
    columns: Columns = {name: [] for name in SCHEMA.names}
    for start, stop in _groups(texts):
        _add_group(columns, texts[start:stop], languages[start:stop], split_words, count_sentences)
    return pa.RecordBatch.from_arrays([pa.array(columns[field.name], field.type) for field in SCHEMA], schema=SCHEMA)


def _groups(texts: list[str]) -> Iterator[tuple[int, int]]:
    start = size = 0
    for index, text in enumerate(texts):
        if index > start and size + len(text) > GROUP_CHARS:
            yield start, index
            start, size = index, 0
        size += len(text)
    if start < len(texts):
        yield start, len(texts)


def _add_group(
    columns: Columns, texts: list[str], languages: list[str], split_words: SplitFunction, count_sentences: lines.SentenceCounter
) -> None:
    words = split_words(texts)
    counts = np.diff(words.bounds)
    sizes = np.maximum([len(text) for text in texts], 1)
    solid = _sums(~words.is_symbol, words.bounds)
    columns["num_words"] += solid.tolist()
    columns["mean_word_length"] += _ratio(_sums(np.where(words.is_symbol, 0, words.lengths), words.bounds), solid)
    columns["alpha_words"] += _ratio(_sums(words.num_alpha > 0, words.bounds), counts)
    columns["alpha_chars"] += _ratio(_sums(words.num_alpha, words.bounds), sizes)
    columns["stop_words"] += _stop_words(words, languages)
    for n, chars in ngrams.top_chars(words):
        columns[f"top_{n}_gram"] += _ratio(chars, sizes)
    for n, chars in ngrams.repeated_chars(words):
        columns[f"dup_{n}_grams"] += _ratio(chars, sizes)
    for text, language, number in zip(texts, languages, counts.tolist(), strict=True):
        for name, value in _line_scores(text, language, number, count_sentences).items():
            columns[name].append(value)


def _line_scores(text: str, language: str, num_words: int, count_sentences: lines.SentenceCounter) -> lines.Row:
    row = lines.gopher_lines(text)
    row |= lines.repeated_lines(text)
    row |= lines.fineweb_lines(text, _TERMINAL)
    row |= lines.c4_lines(text, count_sentences, language in ("en", ""))
    number = num_words or 1
    for ratio, count in (("hash_ratio", "hashes"), ("ellipsis_ratio", "ellipses"), ("line_break_ratio", "line_breaks")):
        row[ratio] = (row.pop(count) or 0) / number
    return row


_TERMINAL = tuple(TERMINAL)
# Gopher's own list for English; the commonest function words elsewhere.
_STOP_WORDS = FUNCTION_WORDS | {"en": ("the", "be", "to", "of", "and", "that", "have", "with")}


def _sums(values: npt.NDArray[np.generic], bounds: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Sum per text; texts without words give 0."""
    running = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
    return running[bounds[1:]] - running[bounds[:-1]]


def _ratio(values: npt.NDArray[np.int64], of: npt.NDArray[np.int64]) -> list[float]:
    ratios: list[float] = (values / np.maximum(of, 1)).tolist()
    return ratios


def _stop_words(words: Words, languages: list[str]) -> list[int | None]:
    """How many of its language's stop words a text has; null where we have no list for the language."""
    result: list[int | None] = [None] * len(languages)
    hashes = words.hashes
    low = (hashes & np.uint64(0xFFFF)).astype(np.uint16)
    for language in set(languages):
        stop_words = _stop_hashes(language)
        if stop_words is None:
            continue
        sieve = np.zeros(1 << 16, np.bool_)  # most words are none of the list, which this finds ten times as fast as a search
        sieve[stop_words & np.uint64(0xFFFF)] = True
        places = np.flatnonzero(sieve[low])
        which = np.minimum(np.searchsorted(stop_words, hashes[places]), len(stop_words) - 1)
        right = stop_words[which] == hashes[places]
        has = np.zeros((len(languages), len(stop_words)), np.bool_)
        has[np.searchsorted(words.bounds, places[right], side="right") - 1, which[right]] = True
        counts = has.sum(axis=1).tolist()
        for text in (index for index, name in enumerate(languages) if name == language):
            result[text] = counts[text]
    return result


@cache
def _stop_hashes(language: str) -> npt.NDArray[np.uint64] | None:
    if language not in _STOP_WORDS:
        return None
    return np.unique(np.array([hash_word(word) for word in _STOP_WORDS[language]], np.uint64))
