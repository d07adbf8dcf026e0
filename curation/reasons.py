"""Every drop reason and its sentence, gathered from the modules that own them: part of the contract, shown by `explain`."""

from __future__ import annotations

from curation import select, split, stages
from curation.dedup import step as dedup_step
from curation.sources import SOURCES

REASONS: dict[str, str] = {
    "in_other_document": "a file of an export, repository or tree whose text, if any, stands in that input's documents",
    "no_document": "the file was read and holds nothing that makes a document",
    "empty": "no text was left, or there was none",
}
for _module in (*SOURCES.values(), *stages.STAGES, select, dedup_step, split):
    REASONS.update(_module.REASONS)
