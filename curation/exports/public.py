"""A release to give away: shards, tokenizer, conversations, card and report, without ledger, origins and pins.

The shards are the same files. The manifest loses what names the owner's files: `inputs`, and the recipe's paths.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from curation import storage
from curation.exports.release import Release

NAME = "public"
WHAT = "the release without ledger, origins and pins"
KEPT = ("train", "eval", "tokenizer", "chat", "README.md", "report.html", "ATTRIBUTION.md")
PRIVATE = ("inputs", "files", "schema_version")


def write(release: Release, out: Path) -> None:
    for name in KEPT:
        place = release.folder / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file():
                storage.link(path, out / path.relative_to(release.folder))


def manifest_of(release: Release) -> dict[str, Any]:
    """The release's manifest, without what is private."""
    summary = {key: value for key, value in release.summary.items() if key not in PRIVATE}
    if isinstance(recipe := summary.get("recipe"), dict):
        sources = [{key: value for key, value in source.items() if key != "paths"} for source in recipe.get("sources", ())]
        summary["recipe"] = {**recipe, "sources": sources}
    return summary
