"""Cleaning: what every text gets, whatever its kind, before its language is recognized.

In: a batch as a source reads it. Out: the same rows with clean `text`; rows left without text are dropped.
Order: mojibake (needs the C1 characters that the next step removes), characters, white space. Idempotent.
Reasons: `empty`. Reference: ftfy, Unicode annexes (see the modules). Cost: 25 to 60 MB/s of clean prose on one core.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from curation.cleaning.characters import ARABIC_UNIFIED, clean_characters
from curation.cleaning.mojibake import repair
from curation.cleaning.whitespace import clean_whitespace
from curation.document import with_column
from curation.stage import Outcome, Place, Settings, drop_rows

NAME = "clean"
TABLE = "cleaning"
REASONS = {"empty": "nothing is left after cleaning"}
LIBRARIES: tuple[str, ...] = ("ftfy",)


class Config(Settings):
    """`repair_mojibake`: undo wrong decoding where certain. `unify_arabic`: Arabic yeh, kaf, tatweel to Persian use.
    `boilerplate`: remove lines that repeat throughout an input (boilerplate.py, after scrubbing)."""

    repair_mojibake: bool = True
    unify_arabic: bool = False
    boilerplate: bool = True


def clean_text(text: str, kind: str, config: Config) -> str:
    if config.repair_mojibake:
        text = repair(text)
    text = clean_characters(text, keep_turns=kind == "chat")
    if config.unify_arabic:
        text = text.translate(ARABIC_UNIFIED)
    return clean_whitespace(text, is_code=kind == "code")


def build(config: Config, place: Place) -> Callable[[pa.RecordBatch], Outcome]:
    def clean(batch: pa.RecordBatch) -> Outcome:
        texts = [clean_text(text, place.kind, config) for text in batch.column("text").to_pylist()]
        reasons = [None if text.strip("\x1e\x1f \n\t") else "empty" for text in texts]
        return drop_rows(with_column(batch, "text", pa.array(texts, pa.string())), reasons)

    return clean
