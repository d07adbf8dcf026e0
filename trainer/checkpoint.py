"""Exact resume: a checkpoint is a model folder plus the optimizer's tensors and one JSON, complete or not there at all (temp,
then rename).

There is no random state to save: data order, dropout and learning rate are pure functions of (seed, step). Tensors are saved
whole, so another number of ranks goes on with the same data order. A checkpoint of other data is refused by the name of the
file that changed.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor

from trainer.config import ModelConfig, TrainerError
from trainer.folder import save_model, write_atomically


def newest(out: Path) -> Path | None:
    """The last complete checkpoint of a run."""
    found = sorted((out / "checkpoints").glob("step-*/state.json"))
    return found[-1].parent if found else None


def save(
    out: Path,
    state: dict[str, Any],
    config: ModelConfig,
    model: dict[str, Tensor],
    optimizer: dict[str, Tensor],
    tokenizer_folder: Path,
    keep: int,
) -> None:
    """Write `out/checkpoints/step-<state["step"]>`, then forget all but the newest `keep`."""
    folder, name = out / "checkpoints", f"step-{state['step']:08d}"
    temporary = folder / f".{name}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    save_model(temporary, config, model, tokenizer_folder, {})
    save_file(optimizer, temporary / "optimizer.safetensors")
    (temporary / "state.json").write_text(json.dumps(state))
    for path in temporary.iterdir():
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
    shutil.rmtree(folder / name, ignore_errors=True)
    temporary.replace(folder / name)
    for old in sorted(folder.glob("step-*"))[: -max(1, keep)]:
        shutil.rmtree(old)


def load(folder: Path) -> tuple[dict[str, Any], dict[str, Tensor], dict[str, Tensor]]:
    """(state, model tensors, optimizer tensors)."""
    state = json.loads((folder / "state.json").read_text())
    return state, load_file(folder / "model.safetensors"), load_file(folder / "optimizer.safetensors")


def check_same(saved: dict[str, Any], now: dict[str, Any], where: Path) -> None:
    """Refuse to continue on other data or with settings that would change the result, naming each difference."""
    old, new = saved["files"], now["files"]
    changed = [
        f"{path} ({'new' if path not in old else 'gone' if path not in new else 'changed'})"
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    ]
    settings = [
        f"{key} {saved['settings'].get(key)!r} → {value!r}"
        for key, value in now["settings"].items()
        if saved["settings"].get(key) != value
    ]
    for what, different in (("on other data", changed), ("with other settings", settings)):
        if different:
            raise TrainerError(
                f"{where} was made {what}: {', '.join(different[:5])}{' …' * (len(different) > 5)}. Give the same "
                "again, or --resume never to start anew (or --init to go on from these weights)"
            )


def truncate_metrics(path: Path, step: int) -> None:
    """Forget what was logged after the checkpoint's step (0: everything), so that each step stands in the log once."""
    kept = [line for line in read_metrics(path) if line["step"] <= step] if step else []
    write_atomically(path, "".join(json.dumps(line) + "\n" for line in kept))


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """All complete lines; a killed run may leave half of one."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [json.loads(line) for line in text.split("\n")[:-1]]
