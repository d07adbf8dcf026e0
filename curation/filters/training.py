"""fastText training, the same bytes every time: one thread, one order, one seed, a fresh process.

The training wheel `fasttext-numpy2-wheel` shares its package name with the prediction-only wheel that the pipeline
runs on, so it lives in an environment of its own, `.venv-train` (`make train-env`).

A fresh process, and MALLOC_MMAP_THRESHOLD_, because with one thread fastText initializes a tenth of its input matrix
and takes the rest as malloc returns it: zeros from the kernel, or what an earlier training left ("Encountered NaN").
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from curation.errors import RecipeError


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """Character n-grams carry most of what travels between data sets; rate, epochs and word n-grams hardly matter."""

    dim: int = 16
    epoch: int = 5
    lr: float = 0.1
    wordNgrams: int = 2
    minn: int = 2
    maxn: int = 5
    bucket: int = 200_000
    minCount: int = 2
    loss: str = "softmax"
    seed: int = 0


def train(rows: Iterable[tuple[str, str]], out: Path, cutoff: int | None = None, seed: int = 0) -> None:
    """Writes a model of (label, one line of text): whole, or with `cutoff` only so many features, quantized."""
    lines = [f"__label__{label} {text}\n" for label, text in rows if text]
    Random(seed).shuffle(lines)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        path.write_text("".join(lines), encoding="utf-8")
        script = Path(__file__).with_name("fasttext_trainer.py")
        command = [training_python(), str(script), str(path), str(out), json.dumps(asdict(Hyperparameters(seed=seed)))]
        environment = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}
        done = subprocess.run(
            command + ([str(cutoff)] if cutoff else []), capture_output=True, text=True, env=environment, check=False
        )
    if done.returncode:
        raise RecipeError("training failed", where=str(out), got=(done.stderr.strip().splitlines() or ["no message"])[-1])


def training_python() -> str:
    """The Python that has the training wheel: this one, or that of `.venv-train` beside the package."""
    beside = Path(__file__).resolve().parents[2] / ".venv-train" / "bin" / "python"
    for python in (sys.executable, str(beside)):
        if Path(python).exists() and _can_train(python):
            return python
    raise RecipeError("no environment that can train", expected=str(beside), do="Run `make train-env`.")


def _can_train(python: str) -> bool:
    code = "import fasttext, sys; sys.exit(not hasattr(fasttext, 'train_supervised'))"
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0
