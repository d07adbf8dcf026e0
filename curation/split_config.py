"""The recipe's table [split]. Nothing here decides a stored byte of a segment."""

from __future__ import annotations

from pydantic import Field

from curation.stage import Settings


class Config(Settings):
    eval_fraction: float = Field(0.01, ge=0, lt=1)  # share of the text, by bytes, in every stratum (source, language)
    seed: int = 0
    min_documents: int = Field(1, ge=0)  # eval documents of every stratum that can spare them
    max_share: float = Field(0.25, gt=0, le=1)  # eval never takes more than this share of a small stratum, but for one work
    max_overlap: float = Field(0.1, gt=0, le=1)  # share of a train document's 13-grams that eval may hold
    max_covered: float = Field(0.5, gt=0, le=1)  # share of an eval document's 13-grams that a train document may hold
    test_sets: tuple[str, ...] = ()  # JSONL files of evaluation questions, relative to the recipe
    max_test_overlap: float = Field(0.5, gt=0, le=1)  # share of a question's 13-grams from which a document contains it
    max_common: int = Field(20, ge=1)  # grams in more documents than this are too common to be evidence
