"""The recipe's table [dedup].

`ngram` and `num_perm` decide what a segment stores; everything else judges stored signatures, so another threshold
re-reads no dump.
"""

from __future__ import annotations

from pydantic import Field, model_validator

from curation.stage import Settings
from curation.stage import threshold as judged


class Config(Settings):
    ngram: int = Field(5, ge=1, le=13)  # tokens a shingle
    num_perm: int = Field(128, ge=16, le=1024)
    bands: int = judged(16, ge=1)  # 16 bands of 8 rows find 99.4 % of pairs at Jaccard 0.85
    threshold: float = judged(0.8, gt=0, le=1)  # exact Jaccard of shingles from which a copy is dropped
    containment: float = judged(0.9, gt=0, le=1)  # share of a document's shingles that a longer one holds
    min_contained_shingles: int = judged(50, ge=1)  # shorter documents are never judged by containment

    @model_validator(mode="after")
    def _bands_divide(self) -> Config:
        if self.num_perm % self.bands:
            raise ValueError(f"num_perm = {self.num_perm} is not a multiple of bands = {self.bands}")
        return self
