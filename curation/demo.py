"""`curation demo`: the bundled sample through the whole job, a short training run, and a last screen that says where to look."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from curation import pipeline, recipe, screens
from curation.errors import CurationError
from curation.progress import to_standard_error

ROOT = Path(__file__).resolve().parent.parent
RECIPE = ROOT / "data" / "sample" / "recipe.toml"
STEPS = 60


def demo(train: bool = True) -> None:
    if not RECIPE.is_file():
        raise CurationError(
            "the bundled sample is not here", where=str(RECIPE), do="Run the demo from a clone of the repository."
        )
    started = time.perf_counter()
    loaded = recipe.load(RECIPE)
    shown = to_standard_error()
    try:
        summary = pipeline.run(loaded, progress=shown)
    finally:
        shown.close()
    screens.print_summary(summary)
    if train:
        model = loaded.workspace / "model"
        command = [
            sys.executable,
            "-m",
            "trainer.train",
            summary["path"],
            "--preset",
            "tiny",
            "--steps",
            str(STEPS),
            "--out",
            str(model),
        ]
        subprocess.run(command, check=True, cwd=ROOT)
    print_last_screen(loaded.workspace, Path(summary["path"]), train, time.perf_counter() - started)


def print_last_screen(workspace: Path, release: Path, trained: bool, seconds: float) -> None:
    places = [
        ("report", release / "report.html", "what went in, what was lost where: open it in a browser"),
        ("shards", release / "train", "tokenized Parquet, with eval/ beside it"),
        (
            "ledger",
            release / "ledger",
            'every document and its reason; try: python -m curation explain "books/" --workspace ' + _short(workspace),
        ),
        ("tokenizer", release / "tokenizer", "loads with transformers' AutoTokenizer"),
    ]
    if trained:
        places.append(
            ("model", workspace / "model", "loss.svg is its curve; try: python -m trainer.sample " + _short(workspace / "model"))
        )
    screens.console.print(f"\n[bold]Made from raw dumps in {seconds:.0f} s:[/]")
    for name, path, what in places:
        screens.console.print(f"  {name:<10} {_short(path)}\n             {what}", soft_wrap=True, markup=False)


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
