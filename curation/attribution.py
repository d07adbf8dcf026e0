"""ATTRIBUTION.md of a release: who is to be named, source by source, where a licence asks for it.

In: the published recipe's sources and the mix (documents and tokens by source, language, licence). Out: Markdown, empty
where no licence asks. Whom to name for a single text stands in the shards: column `work` names the page, book or
repository, column `license` its licence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curation.licenses import asks_for_names

FILE = "ATTRIBUTION.md"

_HEAD = """# Attribution

Text of these sources may be passed on only with its authors named, or with its licence and notices. In `train/` and `eval/` each
row says in `license` what it stands under, and in `work` (a page, a book, a repository) whose it is.
"""


def attribution(sources: Sequence[dict[str, Any]], mix: Sequence[dict[str, Any]]) -> str:
    counts = added_up([row for row in mix if asks_for_names(row["license"])], "source", "license")
    parts = []
    for source in sources:
        lines = [
            f"* {license}: {found['documents']:,} documents, {found['tokens']:,} tokens"
            for (name, license), found in counts.items()
            if name == source["name"]
        ]
        if lines:
            said = source.get("attribution") or "The recipe names nobody for this source; see `work` row by row."
            parts.append("\n".join([f"## {source['name']}", "", said, "", *lines, ""]))
    return "\n".join([_HEAD, *parts]) if parts else ""


def added_up(mix: Sequence[dict[str, Any]], *keys: str) -> dict[tuple[str, ...], dict[str, int]]:
    """Documents, tokens and bytes added up by `keys` of the mix, in order of the keys."""
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for row in mix:
        total = found.setdefault(tuple(row[key] for key in keys), {"documents": 0, "tokens": 0, "bytes": 0})
        for name in total:
            total[name] += row[name]
    return dict(sorted(found.items()))
