"""A nightly refresh: what new dumps cost beside a rebuild. `python -m benchmarks.refresh`

A release is made of all of --corpus (with --quick 1 MB a kind) but some files, one of each kind, chosen by hash. Then
they arrive, and the recipe runs again; beside it the same inputs with the same pins are built from nothing, and once more
nothing new arrives at all. Both ways must publish the same release, else `mismatch`.

Last line: ratio R (rebuild / refresh, seconds).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.options import parser
from benchmarks.whole_runs import files_by_kind, run, write_recipe

WORKERS = 2


def main() -> int:
    options = parser("refresh", __doc__).parse_args()
    files = files_by_kind(options.corpus, 1_000_000 if options.quick else None)
    late = {kind: paths[_chosen(paths, options.corpus)] for kind, paths in files.items() if len(paths) > 1}
    with tempfile.TemporaryDirectory() as folder:
        grown, rebuilt = Path(folder) / "grown", Path(folder) / "rebuilt"
        grown.mkdir()
        early = {kind: [path for path in paths if path != late.get(kind)] for kind, paths in files.items()}
        recipe = write_recipe(grown, files)
        held = [link for link in grown.glob("dumps/**/*") if link.is_symlink() and link.readlink() in late.values()]
        for link in held:
            link.rename(grown / f"{link.name}.later")
        first = run(recipe, WORKERS)
        for link in held:
            (grown / f"{link.name}.later").rename(link)
        shutil.copytree(
            grown, rebuilt, symlinks=True, ignore=shutil.ignore_patterns("segments", "steps", "shards", "inputs.json")
        )
        refreshed, again, whole = run(recipe, WORKERS), run(recipe, WORKERS), run(rebuilt / "recipe.toml", WORKERS)
    old = sum(path.stat().st_size for paths in early.values() for path in paths)
    new = sum(path.stat().st_size for path in late.values())
    rows = {"first release": first, "refresh": refreshed, "nothing new": again, "rebuild": whole}
    for name, found in rows.items():
        made = found.summary["segments_made"]
        print(f"{name:14} {found.seconds:7.1f} s, {made} segments made, release {found.summary['release']}")
    print(f"new: {new / 1e6:.2f} MB in {len(late)} files beside {old / 1e6:.1f} MB")
    if options.json:
        figures = {name: {"seconds": found.seconds, "steps": found.summary["seconds"]} for name, found in rows.items()}
        options.json.write_text(json.dumps({**figures, "new_bytes": new, "old_bytes": old}, indent=1))
    if len({refreshed.summary["release"], again.summary["release"], whole.summary["release"]}) > 1:
        print("mismatch: a refresh and a rebuild of the same inputs with the same pins differ")
        return 1
    print(f"ratio {whole.seconds / refreshed.seconds:.2f} (rebuild / refresh, seconds)")
    return 0


def _chosen(paths: list[Path], corpus: Path) -> int:
    """Index of the file that arrives late: of the smaller half, the one whose name has the smallest hash."""
    smaller = range(max(1, len(paths) // 2))
    return min(smaller, key=lambda index: hashlib.sha256(paths[index].relative_to(corpus).as_posix().encode()).digest())


if __name__ == "__main__":
    sys.exit(main())
