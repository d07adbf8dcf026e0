"""Exact resume: a checkpoint is a model folder plus the optimizer's tensors and one JSON, complete or not there at all (temp, then rename).

There is no random state to save: data order, dropout and learning rate are pure functions of (seed, step). Tensors are saved whole, so another
number of ranks goes on with the same data order. A checkpoint of other data is refused by the name of the file that changed.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor

from trainer.config import ModelConfig
from trainer.errors import TrainerError
from trainer.folder import save_model


def newest(out: Path) -> Path | None:
    """The last complete checkpoint of a run."""
    found = sorted((out / "checkpoints").glob("step-*/state.json"))
    return found[-1].parent if found else None


def save(out: Path, step: int, config: ModelConfig, model: dict[str, Tensor], optimizer: dict[str, Tensor], state: dict[str, Any],
         tokenizer_folder: Path | None, keep: int) -> None:
    """Write `out/checkpoints/step-<step>`, then forget all but the newest `keep`."""
    folder = out / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".step-{step:08d}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    save_model(temporary, config, model, tokenizer_folder, {})
    save_file(optimizer, temporary / "optimizer.safetensors")
    (temporary / "state.json").write_text(json.dumps({"step": step, **state}))
    for path in temporary.iterdir():
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
    final = folder / f"step-{step:08d}"
    shutil.rmtree(final, ignore_errors=True)
    os.replace(temporary, final)
    for old in sorted(folder.glob("step-*"))[:-keep or None]:
        shutil.rmtree(old)


def load(folder: Path) -> tuple[dict[str, Any], dict[str, Tensor], dict[str, Tensor]]:
    """(state, model tensors, optimizer tensors)."""
    return (json.loads((folder / "state.json").read_text()), load_file(folder / "model.safetensors"), load_file(folder / "optimizer.safetensors"))


def check_same(saved: dict[str, Any], now: dict[str, Any], where: Path) -> None:
    """Refuse to continue on other data or with settings that would change the result, naming each difference."""
    files, present = saved["files"], now["files"]
    changed = sorted(path for path in files.keys() | present.keys() if files.get(path) != present.get(path))
    if changed:
        verbs = [f"{path} ({'new' if path not in files else 'gone' if path not in present else 'changed'})" for path in changed]
        raise TrainerError(f"{where} was trained on other data: {', '.join(verbs[:5])}{' …' if len(verbs) > 5 else ''}. "
                           "Give the old release, or --resume never to start anew (or --init to go on from these weights)")
    different = [f"{key} {saved['settings'].get(key)!r} → {value!r}" for key, value in now["settings"].items() if saved["settings"].get(key) != value]
    if different:
        raise TrainerError(f"{where} was made with other settings: {', '.join(different)}. Give the same, or --resume never to start anew")


def truncate_metrics(path: Path, step: int) -> None:
    """Forget what was logged after the checkpoint's step (0 = everything), so that each step stands in the log once."""
    lines = []
    if step and path.is_file():
        for line in path.read_text().splitlines():
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue  # the process was killed within this line
            if record["step"] <= step:
                lines.append(line + "\n")
    temporary = path.with_suffix(".tmp")
    temporary.write_text("".join(lines))
    os.replace(temporary, path)
