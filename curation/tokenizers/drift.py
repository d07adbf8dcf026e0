"""When to retrain: does the tokenizer in force still fit what the newest documents look like?

In: the card of the tokenizer in force, and what a refresh brought (see `fresh`). Out: a verdict for every source and
language and in all. The rule, with both numbers from the recipe's [tokenizer]: `retrain` if the new documents of a stratum with
at least `min_drift_tokens` tokens need more than `max_drift` (0.05 = five per cent) more tokens per byte than the card
measured for that stratum; for a new source than for its language; for a new language than for the card's worst.
Everything else is `keep`. Strata are judged one by one, since another mix of the same texts is no drift.

It only says so: a pinned tokenizer never changes by itself, since every shard hangs on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def drift(card: dict[str, Any], new: Sequence[dict[str, Any]], max_drift: float, min_tokens: int) -> dict[str, Any]:
    """{"verdict": keep | retrain, "drift", "documents", "tokens", "strata": [{source, lang, …, was, drift, verdict}]}.

    `drift` is the relative growth of tokens per byte: 0.05 means that new text costs five per cent more.
    """
    strata = {(row["source"], row["lang"]): row["bytes_per_token"] for row in card["strata"] if row["tokens"]}
    languages = {row["lang"]: row["bytes_per_token"] for row in card["languages"] if row["tokens"]}
    worst = min(languages.values(), default=0.0)
    rows, expected = [], 0.0
    for row in new:
        was = strata.get((row["source"], row["lang"]), languages.get(row["lang"], worst))
        expected += row["bytes"] / was if was else row["tokens"]
        rows.append(_judged(row, was, max_drift, min_tokens))
    tokens = sum(row["tokens"] for row in new)
    return {
        "verdict": "retrain" if any(row["verdict"] == "retrain" for row in rows) else "keep",
        "max_drift": max_drift,
        "min_drift_tokens": min_tokens,
        "drift": round(tokens / expected - 1, 4) if expected else 0.0,
        "documents": sum(row["documents"] for row in new),
        "tokens": tokens,
        "strata": rows,
    }


def _judged(row: dict[str, Any], was: float, max_drift: float, min_tokens: int) -> dict[str, Any]:
    now = row["bytes"] / max(row["tokens"], 1)
    grown = round(was / now - 1, 4) if was and now else 0.0
    enough = row["tokens"] >= min_tokens
    return {
        **row,
        "bytes_per_token": round(now, 4),
        "was": was,
        "drift": grown,
        "verdict": "retrain" if enough and grown > max_drift else "keep",
    }


def sentence(found: dict[str, Any]) -> str:
    """One line for the end of a run, the card and the report."""
    if not found["documents"]:
        return "keep: no new documents"
    size = (
        f"{found['documents']:,} new documents need {abs(found['drift']):.1%} {'more' if found['drift'] > 0 else 'fewer'} tokens"
    )
    worst = [f"{row['source']} {row['lang']} {row['drift']:+.1%}" for row in found["strata"] if row["verdict"] == "retrain"]
    if not worst:
        return f"keep: {size} than the tokenizer's card measured"
    limit = f"more than max_drift {found['max_drift']:.1%}"
    return f"retrain: {', '.join(worst)} tokens, {limit}; --retrain makes a new one ({size} in all)"
