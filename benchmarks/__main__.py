"""`python -m benchmarks`, or `make bench`: every benchmark after the other, what each prints into docs/.

    python -m benchmarks [NAME ...] [options of the benchmarks]

Quality figures go to docs/quality.md, speed to docs/performance.md: under the heading with its command, the fenced block that
is marked as printed is replaced, and the words around it stay. Each runs in a process of its own; a benchmark that
fails or finds a mismatch stands there with its last line, and the exit status is 1.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = {
    "quality.md": ("sources", "language", "toxicity", "quality", "pii", "dedup", "split"),
    "performance.md": ("sources_large", "bpe", "encode", "shards", "refresh", "pipeline", "train"),
}


def main(arguments: list[str]) -> int:
    known = [name for names in PAGES.values() for name in names]
    wanted = [argument for argument in arguments if argument in known] or known
    options = [argument for argument in arguments if argument not in known]
    failed = 0
    for page, names in PAGES.items():
        for name in (name for name in names if name in wanted):
            command = ["python", "-m", f"benchmarks.{name}", *options]
            print(" ".join(command), file=sys.stderr, flush=True)
            done = subprocess.run([sys.executable, *command[1:]], stdout=subprocess.PIPE, text=True, check=False)
            failed += done.returncode != 0
            path = DOCS / page
            text = path.read_text(encoding="utf-8") if path.is_file() else f"# {path.stem.capitalize()}\n"
            path.write_text(
                with_block(text, name, f"$ {' '.join(command)}\n{done.stdout.rstrip()}\n", machine()), encoding="utf-8"
            )
    return 1 if failed else 0


def machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def with_block(page: str, name: str, printed: str, where: str) -> str:
    """The page with the block of benchmark `name` replaced, or appended with its heading."""
    block = f"<!-- printed by benchmarks.{name} on {where} -->\n```\n{printed}```\n"
    found = re.compile(rf"<!-- printed by benchmarks\.{name} on [^\n]* -->\n```\n.*?\n```\n", re.DOTALL)
    if found.search(page):
        return found.sub(lambda _: block, page, count=1)
    heading = re.search(rf"^## `python -m benchmarks\.{name}[^\n]*\n", page, re.MULTILINE)
    if heading:
        return f"{page[: heading.end()]}\n{block}{page[heading.end() :]}"
    return f"{page.rstrip()}\n\n## `python -m benchmarks.{name}`\n\n{block}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
