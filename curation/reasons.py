"""Every drop reason and its sentence, gathered from the modules that own them: part of the contract, shown by `explain`."""

from __future__ import annotations

from curation import select, split, stages
from curation.dedup import step as dedup_step
from curation.filters import FILTERS
from curation.source import NOTES, READ_REASONS
from curation.sources import SOURCES

# (stage, reason) -> sentence; readers share the stage `read`, where a kind's own sentence is kept under the kind's name.
MEANINGS: dict[tuple[str, str], str] = {("read", reason): text for reason, text in {**READ_REASONS, **NOTES}.items()}
for _kind, _source in SOURCES.items():
    MEANINGS.update({(_kind, reason): text for reason, text in _source.REASONS.items()})
for _module in (*stages.STAGES, select, dedup_step, split):
    MEANINGS.update({(_module.NAME, reason): text for reason, text in _module.REASONS.items()})
for _module in FILTERS:
    MEANINGS.update({(_module.NAME, reason): text for reason, text in getattr(_module, "JUDGED", {}).items()})

REASONS: dict[str, str] = {reason: text for (_, reason), text in reversed(MEANINGS.items())}


def meaning(kind: str, stage: str | None, reason: str | None) -> str:
    """One sentence; empty for a reason of a filter that is not ours."""
    if not stage or not reason:
        return ""
    known = [(kind, reason), ("read", reason)] if stage == "read" else [(stage, reason)]
    return next((MEANINGS[key] for key in known if key in MEANINGS), REASONS.get(reason, ""))
