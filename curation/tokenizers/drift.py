"""When to retrain: does the tokenizer in force still fit what the newest documents look like?

In: the card of the tokenizer in force and a card measured on new documents. Out: a verdict per language and in all.
The rule: `retrain` if the new documents of a language with at least MIN_TOKENS tokens need more than `max_drift` (0.05 =
five per cent) more tokens per byte than the card promised, or are in a language that the card has never seen and need
more tokens per byte than the card's worst language. Everything else is `keep`.

It only says so: a pinned tokenizer never changes by itself, since every shard hangs on it.
"""

from __future__ import annotations

from typing import Any

MIN_TOKENS = 50_000  # less is noise: one book of verse moves a language by more than five per cent


def drift(card: dict[str, Any], new: dict[str, Any], max_drift: float) -> dict[str, Any]:
    """{"verdict": keep | retrain, "total": …, "languages": [{lang, bytes_per_token, was, drift, verdict}]}.

    `drift` is the relative growth of tokens per byte: 0.05 means that new text costs five per cent more.
    """
    known = {row["lang"]: row["bytes_per_token"] for row in card["languages"] if row["tokens"]}
    worst = min(known.values(), default=0.0)
    rows = [_judged(row, known.get(row["lang"]), worst, max_drift) for row in new["languages"] if row["tokens"]]
    total = growth(card["total"]["bytes_per_token"], new["total"]["bytes_per_token"])
    return {
        "verdict": "retrain" if any(row["verdict"] == "retrain" for row in rows) else "keep",
        "max_drift": max_drift,
        "drift": total,
        "languages": rows,
    }


def growth(was: float, now: float) -> float:
    """How much more tokens a byte costs now."""
    return round(was / now - 1, 4) if was and now else 0.0


def _judged(row: dict[str, Any], was: float | None, worst: float, max_drift: float) -> dict[str, Any]:
    now = row["bytes_per_token"]
    grown = growth(was if was is not None else worst, now)
    enough = row["tokens"] >= MIN_TOKENS
    return {
        "lang": row["lang"],
        "tokens": row["tokens"],
        "bytes_per_token": now,
        "was": was,
        "drift": grown,
        "verdict": "retrain" if enough and grown > max_drift else "keep",
    }
