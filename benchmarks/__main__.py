"""`python -m benchmarks`, or `make bench`: every benchmark after the other, its table into docs/performance.md.

Each runs in a process of its own; the figures are whatever this machine gives, so the page names the machine. A
benchmark that fails or finds a mismatch stands there with its last line.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

NAMES = ("sources", "language", "toxicity", "quality", "pii", "dedup", "split", "bpe", "encode", "shards", "train")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def main(arguments: list[str]) -> int:
    parts = [f"# Performance\n\nWritten by `make bench` on {platform.machine()}, Python {platform.python_version()}.\n"]
    failed = 0
    for name in NAMES:
        print(f"{name} …", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        failed += done.returncode != 0
        parts.append(f"## {name}\n\n`python -m benchmarks.{name}`\n\n```\n{done.stdout.rstrip()}\n```\n")
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
