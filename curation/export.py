"""`python -m curation export RELEASE --format NAME --output DIR`: a release for other trainers, or to give away.

In: a release. Out: a new folder with the format's files and a manifest.json that says where they come from; it appears
whole or not at all. See `curation/exports/` for what each format holds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from curation import manifest, storage
from curation.errors import CurationError, WorkspaceError
from curation.exports import FORMATS, public
from curation.exports.release import Release


def export(release: Path, name: str, output: Path) -> dict[str, Any]:
    """Write `output`; WorkspaceError if it is there already. Returns its manifest."""
    if output.exists() and any(output.iterdir()):
        raise WorkspaceError("there is something already", where=str(output), do="Name a new folder.")
    source = Release.open(release)
    beside = output.with_name(f".{output.name}.draft")  # same file system, so the last step is one rename
    try:
        with storage.draft_folder(beside) as draft:
            FORMATS[name].write(source, draft)
            payload = public.manifest_of(source) if name == public.NAME else {"exported_from": source.summary.get("id", "")}
            sealed = manifest.seal(draft, {**payload, "format": name})
            storage.publish(draft, output)
    finally:
        storage.remove(beside)
    return sealed


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="curation export", description="Write a release for other trainers, or to give away.")
    made.add_argument("release", type=Path)
    which = made.add_mutually_exclusive_group(required=True)
    which.add_argument("--format", choices=sorted(FORMATS), help="; ".join(f"{name}: {FORMATS[name].WHAT}" for name in FORMATS))
    which.add_argument("--public", action="store_const", dest="format", const=public.NAME, help=f"same as --format {public.NAME}")
    made.add_argument("--output", type=Path, required=True, metavar="DIR")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        export(options.release, options.format, options.output)
    except CurationError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{options.output}: {FORMATS[options.format].WHAT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
