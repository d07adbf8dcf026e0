"""Exact resume: a checkpoint is a model folder that also holds the optimizer's tensors and one JSON, complete or not there at
all (temp, then rename).

There is no random state to save: data order, dropout and learning rate are pure functions of (seed, step). Tensors are saved
whole, so another number of ranks goes on with the same data order. A checkpoint of other data is refused by the name of the
file that changed.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from trainer.config import TrainerError


def newest(out: Path) -> Path | None:
    """The last complete checkpoint of a run; None if there is none or the run is finished."""
    found = sorted((out / "checkpoints").glob("step-*/state.json"))
    return found[-1].parent if found and not json.loads(found[-1].read_text())["finished"] else None


@contextmanager
def writing(out: Path, step: int, keep: int = 2) -> Iterator[Path]:
    """A folder to fill, which then becomes `out/checkpoints/step-<step>` at once; all but the newest `keep` are forgotten."""
    folder = out / "checkpoints" / f"step-{step:08d}"
    temporary = folder.with_name(f".{folder.name}.tmp")
    for old in (temporary, folder):
        shutil.rmtree(old, ignore_errors=True)
    temporary.mkdir(parents=True)
    yield temporary
    for path in temporary.iterdir():
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
    temporary.replace(folder)
    for old in sorted(folder.parent.glob("step-*"))[:-keep]:
        shutil.rmtree(old)


def check_same(saved: dict[str, Any], now: dict[str, Any], where: Path) -> None:
    """Refuse to continue on other data or with settings that would change the result, naming each difference."""
    for what in ("data", "settings"):
        old, new = saved[what], now[what]
        names = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
        if names:
            listed = ", ".join(f"{name} {old.get(name)} → {new.get(name)}" for name in names[:5]) + " …" * (len(names) > 5)
            advice = "Give the same again, or --resume never to start anew (or --init to go on from these weights)"
            raise TrainerError(f"{where} was made with other {what}: {listed}. {advice}")
