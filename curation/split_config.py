"""The recipe's table [split]. Nothing here decides a stored byte of a segment."""

from __future__ import annotations

from pydantic import Field

from curation.stage import Settings


class Config(Settings):
    eval_fraction: float = Field(0.01, ge=0, lt=1)  # share of the tokens of every stratum (source, language), told by bytes
    max_eval_tokens: int = Field(10_000_000, ge=0)  # eval is about so large at the most, estimated by language; 0: no bound
    seed: int = 0
    min_documents: int = Field(1, ge=0)  # eval documents of every stratum that can spare them
    max_share: float = Field(0.25, gt=0, le=1)  # of a small stratum, to reach min_documents; one work alone up to a half
    max_overlap: float = Field(0.1, gt=0, le=1)  # share of a train document's 13-grams that eval may hold
    max_covered: float = Field(0.5, gt=0, le=1)  # share of an eval document's 13-grams that a train document may hold
    test_sets: tuple[str, ...] = ()  # JSONL files of evaluation questions, relative to the recipe
    max_test_overlap: float = Field(0.5, gt=0, le=1)  # share of a question's 13-grams from which a document contains it
    max_common: int = Field(20, ge=1)  # grams in more documents than this are too common to be evidence
