"""Copies with a known likeness: the same text with words changed, measured by the exact Jaccard of word 5-grams.

Likeness is over lower-case `\\w+` runs, as deduplication shingles prose, so the stored figure can be checked by anybody.
"""

import random
import re

NGRAM = 5


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def shingles(text: str) -> set[tuple[str, ...]]:
    tokens = words(text)
    return {tuple(tokens[i : i + NGRAM]) for i in range(len(tokens) - NGRAM + 1)}


def jaccard(a: str, b: str) -> float:
    left, right = shingles(a), shingles(b)
    return len(left & right) / len(left | right)


def edited_copy(text: str, substitutes: list[str], target: float, rng: random.Random) -> str:
    """`text` with single words replaced, one at a time and far apart, until its likeness is just above `target`."""
    tokens = re.split(r"(\W+)", text)
    places = [i for i, token in enumerate(tokens) if len(token) > 3 and token.isalpha()]
    rng.shuffle(places)
    best = text
    for place in places:
        old, tokens[place] = tokens[place], rng.choice(substitutes)
        candidate = "".join(tokens)
        if jaccard(text, candidate) < target:
            tokens[place] = old
            break
        best = candidate
    return best


def half_shared(shared: list[str], first: list[str], second: list[str]) -> tuple[str, str]:
    """Two documents that share some paragraphs and differ in the others, which alternate with them."""

    def weave(own: list[str]) -> str:
        longest = max(len(shared), len(own))
        rows = [part[i] for i in range(longest) for part in (shared, own) if i < len(part)]
        return "\n\n".join(rows)

    return weave(first), weave(second)
