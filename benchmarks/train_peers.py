"""Whole training steps of both sides of `benchmarks.train`: ours, and those of a nanoGPT checkout that is read at run time."""

from __future__ import annotations

import importlib.util
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from trainer.config import Settings
from trainer.setup import Job, build
from trainer.shards import open_release
from trainer.train import train_step


def load_nanogpt(folder: Path) -> Any:
    """The checkout's model.py as a module; nothing of it is copied."""
    spec = importlib.util.spec_from_file_location("nanogpt_model", folder / "model.py")
    if spec is None or spec.loader is None or not (folder / "model.py").is_file():
        raise SystemExit(f"error: {folder} has no model.py: --nanogpt takes a nanoGPT checkout")
    module = importlib.util.module_from_spec(spec)
    sys.modules["nanogpt_model"] = module
    spec.loader.exec_module(module)
    return module


def our_job(release: Path, out: Path, steps: int, **settings: Any) -> Job:
    return build(Settings(release=release, out=out, steps=steps, **settings))


def our_steps(job: Job, count: int) -> Callable[[], float]:
    """Rate over `count` whole steps, batches built in between (no prefetch thread: one core's work is counted in full)."""
    done = [0]

    def run() -> float:
        begin = time.perf_counter()
        for _ in range(count):
            loss, _ = train_step(job, done[0] % job.settings.steps, job.data.batch(done[0]))
            done[0] += 1
        float(loss)
        return count * job.settings.batch_size * job.settings.context / (time.perf_counter() - begin)

    return run


def their_steps(
    nanogpt: Any,
    ids: np.ndarray,
    config: dict[str, Any],
    rows: int,
    count: int,
    device: str = "cpu",
    losses: list[float] | None = None,
    total: int = 0,
) -> tuple[Any, Callable[[], float]]:
    """nanoGPT's model and optimizer in its training step: memmap batch, backward, clip at 1, AdamW, cosine from 1e-3 to 1e-4."""
    known = nanogpt.GPTConfig.__dataclass_fields__
    plain = {"use_rmsnorm": False, "use_relu": False, "use_softermax": False}  # forks carry such switches; the original has none
    model = nanogpt.GPT(nanogpt.GPTConfig(**config, **{key: value for key, value in plain.items() if key in known})).to(device)
    optimizer = model.configure_optimizers(0.1, 1e-3, (0.9, 0.99), device)
    called = torch.compile(model) if device == "cuda" else model
    low = torch.autocast("cuda", torch.bfloat16) if device == "cuda" else torch.autocast("cpu", enabled=False)
    done, context = [0], config["block_size"]

    def run() -> float:
        begin = time.perf_counter()
        for _ in range(count):
            at = torch.randint(len(ids) - context, (rows,)).tolist()
            x = torch.stack([torch.from_numpy(ids[i : i + context].astype(np.int64)) for i in at]).to(device)
            y = torch.stack([torch.from_numpy(ids[i + 1 : i + 1 + context].astype(np.int64)) for i in at]).to(device)
            if total:
                warm = min(1.0, (done[0] + 1) / 101)
                cosine = 0.5 * (1 + math.cos(math.pi * max(0.0, (done[0] - 100) / max(1, total - 100))))
                for group in optimizer.param_groups:
                    group["lr"] = 1e-3 * warm if done[0] < 100 else 1e-4 + cosine * 9e-4
            with low:
                _, loss = called(x, y)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            done[0] += 1
        float(loss.detach())
        return count * rows * context / (time.perf_counter() - begin)

    return model, run


def train_bytes(release: Path) -> np.ndarray:
    opened = open_release(release)
    return np.concatenate([ids for group in opened.groups["train"] for ids in opened.documents(group)])
