"""Does a source, or a language, lose far more than it should? Told before a tokenizer is trained on what is left.

A source of at least `min_documents` that loses more than `max_dropped`, or `max_increase` more of its documents than in
the previous release, raises an alarm. Exact copies count as well: losing them all is worth a look.
"""

from __future__ import annotations

from typing import Any

from curation.errors import AlarmError
from curation.recipe import Alarms
from curation.tally import Tally


def alarms(config: Alarms, now: dict[str, Tally], before: dict[str, Any] | None) -> list[str]:
    """One sentence per alarm; no text of documents, no names."""
    found = []
    for name, tally in now.items():
        if tally["in"] < config.min_documents:
            continue
        share = 1 - tally["kept"] / tally["in"]
        main = max(tally["drops"], key=lambda row: row[-1], default=None)
        why = f" (most for `{main[2]}` in {main[1]}: {main[3]})" if main else ""
        if share > config.max_dropped:
            found.append(f"source `{name}` loses {share:.1%} of {tally['in']} documents{why}; allowed: {config.max_dropped:.1%}")
        earlier = (before or {}).get(name)
        if earlier and earlier["in"]:
            was = 1 - earlier["kept"] / earlier["in"]
            if share - was > config.max_increase:
                found.append(f"source `{name}` loses {share:.1%} of its documents, {was:.1%} in the previous release{why}")
    return found


def enforce(config: Alarms, found: list[str], ignore: bool) -> None:
    if found and config.action == "stop" and not ignore:
        raise AlarmError("; ".join(found), do="Look at `curation tune` and `curation explain`; go on with --ignore-alarms.")
