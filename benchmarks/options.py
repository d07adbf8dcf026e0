"""The four options of every benchmark, and where its data lies when none is named."""

from __future__ import annotations

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "sample" / "dumps"
CORPUS = ROOT.parent / "shared" / "corpus"
LABELLED = ROOT.parent / "shared" / "labelled"


def parser(name: str, description: str | None) -> argparse.ArgumentParser:
    """A parser with --corpus, --labelled, --json and --quick; `description` is the benchmark's docstring."""
    made = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--corpus", type=Path, default=CORPUS if CORPUS.is_dir() else SAMPLE, help="dumps laid out by kind")
    made.add_argument("--labelled", type=Path, default=LABELLED, help="labelled sets, a folder a task")
    made.add_argument("--json", type=Path, help="write all figures there")
    made.add_argument("--quick", action="store_true", help="within a minute, less exact")
    return made
