"""Every drop reason and its sentence, gathered from the modules that own them: part of the contract, shown by `explain`."""

from __future__ import annotations

from curation import select, split, stages
from curation.dedup import step as dedup_step
from curation.source import READ_REASONS
from curation.sources import SOURCES

REASONS: dict[str, str] = dict(READ_REASONS)
for _module in (*SOURCES.values(), *stages.STAGES, select, dedup_step, split):
    REASONS.update(_module.REASONS)
