"""What the same text costs in each language: tokens of parallel passages beside English.

In: JSON lines, each one passage in several languages: {"en": "…", "pl": "…"}. Passages are compared pairwise with
English, so a language may have fewer of them. Out: rows for the report card. The bundled passages were written for
this project; the recipe of a tokenizer may name others (`parallel`), such as the Universal Declaration.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from curation.errors import RecipeError
from curation.tokenizers.config import PRESETS
from curation.tokenizers.encoder import Encoder

BUNDLED = PRESETS / "parallel.jsonl"
REFERENCE = "en"

Row = dict[str, str]


def read_parallel(path: str | None) -> list[Row]:
    file = Path(path) if path else BUNDLED
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise RecipeError(
            "no parallel passages", where=str(file), got=str(error), expected='lines such as {"en": "…", "pl": "…"}'
        ) from None
    return [row for row in rows if row.get(REFERENCE)]


def parallel_costs(encoder: Encoder, rows: Sequence[Row], max_ratio: float, languages: Iterable[str]) -> list[dict[str, Any]]:
    """Per language: passages, tokens, tokens of the same passages in English, ratio; `fair` for the named languages."""
    english = [len(encoder.encode(row[REFERENCE])) for row in rows]
    found, named = [], set(languages)
    for lang in sorted({key for row in rows for key in row} - {REFERENCE}):
        pairs = [(len(encoder.encode(row[lang])), count) for row, count in zip(rows, english, strict=True) if row.get(lang)]
        tokens, reference = sum(own for own, _ in pairs), sum(other for _, other in pairs)
        ratio = round(tokens / max(reference, 1), 4)
        fair = ratio <= max_ratio if lang in named else None
        found.append({"lang": lang, "passages": len(pairs), "tokens": tokens, "english": reference, "ratio": ratio, "fair": fair})
    return found
