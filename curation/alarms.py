"""Does a source, or a language, lose far more than it should? Told before a tokenizer is trained on what is left.

In: the tallies by source of this run and of the previous release, samples of what was lost. Out: one sentence an alarm,
with ids to look at, or scrubbed origins of what never had one; never with text of documents. A source, or a language over
all sources, of at least `min_documents` raises one where it loses
* more than `max_dropped` of its documents; exact copies count as well: losing them all is worth a look;
* more than `max_removed` of the characters inside documents that stay;
* of either `max_increase` more than in the previous release.
A language's documents are those that got as far as being judged, and what the recipe chose to leave out (CHOSEN) is no
loss of it. What leaves a source counts whatever the reason: a recipe that leaves out all of it is a mistake.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from curation.errors import AlarmError
from curation.recipe import Alarms
from curation.tally import NUM_SAMPLES, REMOVED, Tally

CHOSEN = ("language_not_kept", "license_not_allowed", "takedown")
DOCUMENTS, CHARACTERS = "documents", "characters inside documents"

Samples = Mapping[tuple[str, str, str], list[list[Any]]]  # (source, language, reason) -> rows [rank, id]
Subject = tuple[str, str, str]  # "source" or "language", its name, what is lost


@dataclass
class Loss:
    """What one subject had and lost: by reason for documents, by stage for characters where that is known."""

    documents: int = 0
    total: int = 0
    lost: int = 0
    causes: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        return self.lost / self.total if self.total else 0.0

    @property
    def main_cause(self) -> str:
        return min(self.causes, key=lambda cause: (-self.causes[cause], cause), default="")


def alarms(config: Alarms, now: Mapping[str, Tally], before: Mapping[str, Tally], samples: Samples) -> list[str]:
    found = []
    earlier = losses(before.values())
    for subject, loss in losses(now.values()).items():
        what, name, unit = subject
        limit = config.max_dropped if unit == DOCUMENTS else config.max_removed
        if loss.documents < config.min_documents:
            continue
        tail = _tail(subject, loss, samples)
        if loss.share > limit:
            found.append(f"{what} `{name}` loses {loss.share:.1%} of {loss.total:,} {unit}{tail}; allowed: {limit:.1%}")
        was = earlier.get(subject)
        if was and was.total and loss.share - was.share > config.max_increase:
            found.append(f"{what} `{name}` loses {loss.share:.1%} of its {unit}, {was.share:.1%} in the previous release{tail}")
    return found


def enforce(config: Alarms, found: list[str], ignore: bool) -> None:
    if found and config.action == "stop" and not ignore:
        raise AlarmError("; ".join(found), do="Look at `curation tune` and `curation explain`; go on with --ignore-alarms.")


def losses(tallies: Iterable[Tally]) -> dict[Subject, Loss]:
    """Losses of every source, then of every language over all sources."""
    sources: dict[Subject, Loss] = {}
    languages: dict[Subject, Loss] = defaultdict(Loss)
    for tally in tallies:
        name, kept = tally["source"], tally["languages"]
        causes: Counter[str] = Counter()
        for _, _, reason, count in tally["drops"]:
            causes[reason] += count
        sources["source", name, DOCUMENTS] = Loss(tally["in"], tally["in"], tally["in"] - tally["kept"], causes)
        if "lost" not in tally:  # a release of before this was counted
            continue
        stages = Counter({stage: count for stage, count in tally["removed"].items() if count > 0})
        removed = sum(kept[REMOVED].values())
        sources["source", name, CHARACTERS] = Loss(tally["kept"], sum(kept["chars_read"].values()), removed, stages)
        for lang, count in kept["documents"].items():
            _add(languages["language", lang, DOCUMENTS], count, count, Counter())
            _add(languages["language", lang, CHARACTERS], count, kept["chars_read"][lang], Counter(), kept[REMOVED][lang])
        for lang, reasons in tally["lost"].items():
            gone = Counter({reason: count for reason, count in reasons.items() if reason not in CHOSEN})
            _add(languages["language", lang, DOCUMENTS], gone.total(), gone.total(), gone, gone.total())
    return sources | dict(sorted(languages.items(), key=lambda entry: (entry[0][1], entry[0][2] != DOCUMENTS)))


def _add(loss: Loss, documents: int, total: int, causes: Counter[str], lost: int = 0) -> None:
    loss.documents += documents
    loss.total += total
    loss.lost += lost
    loss.causes += causes


def _tail(subject: Subject, loss: Loss, samples: Samples) -> str:
    what, name, unit = subject
    cause = loss.main_cause
    wanted = REMOVED if unit == CHARACTERS else cause
    rows = sorted(
        row for (source, lang, reason), some in samples.items() for row in some
        if reason == wanted and name == (source if what == "source" else lang)
    )  # fmt: skip
    parts = [f"most {'by' if unit == CHARACTERS else 'for'} `{cause}`: {loss.causes[cause]:,}"] if cause else []
    if ids := list(dict.fromkeys(key for _, key in rows))[:NUM_SAMPLES]:
        parts.append(f"look at {' '.join(ids)}")
    return f" ({'; '.join(parts)})" if parts else ""
