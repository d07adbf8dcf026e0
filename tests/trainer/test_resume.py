"""Runs that are killed, continued, and started on changed data."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.trainer.conftest import QUICK, SMALL
from trainer.checkpoint import newest
from trainer.config import Settings, TrainerError
from trainer.seeing import read_metrics
from trainer.train import train

COMMAND = [sys.executable, "-m", "trainer.train"]
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1"}
NUMBERS = SMALL | QUICK | {"steps": 20, "save_every": 5, "eval_every": 20, "dropout": 0.1, "log_every": 1}
FLAGS = [part for key, value in NUMBERS.items() for part in (f"--{key.replace('_', '-')}", str(value))]


def losses(out: Path) -> list[float]:
    return [m["loss"] for m in read_metrics(out / "metrics.jsonl") if m["kind"] == "train"]


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Poll until the condition holds; the process must not end before."""
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None and time.monotonic() < deadline
        os.sched_yield()


def test_run_killed_between_checkpoints_and_continued_has_the_same_losses_and_weights(release: Path, tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    subprocess.run([*COMMAND, str(release), "--out", str(whole), *FLAGS], env=ENVIRONMENT, check=True, capture_output=True)
    command = [*COMMAND, str(release), "--out", str(killed), *FLAGS]
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    wait_for(lambda: newest(killed) is not None and len(losses(killed)) % 5 == 2, process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 5 <= len(losses(killed)) < 20
    again = subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True, text=True)
    assert "going on from step" in again.stdout
    assert losses(killed) == losses(whole) and len(losses(whole)) == 20
    for name in ("model.safetensors", "checkpoints/step-00000020/optimizer.safetensors"):
        assert (killed / name).read_bytes() == (whole / name).read_bytes()


def unfinished(release: Path, out: Path) -> Path:
    """A run of 8 steps whose last checkpoint is lost."""
    train(Settings(release=release, out=out, shape=SMALL, **(QUICK | {"steps": 8, "save_every": 4})))
    shutil.rmtree(out / "checkpoints" / "step-00000008")
    return out


def test_continuing_on_changed_data_is_refused_by_the_files_name(release: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(release, tmp_path / "copy")
    out = unfinished(copy, tmp_path / "out")
    shard = copy / "train" / "wiki.parquet"
    table = pq.read_table(shard)
    pq.write_table(table.slice(1), shard)
    with pytest.raises(TrainerError, match=r"other data: train/wiki\.parquet \w+ → "):
        train(Settings(release=copy, out=out, shape=SMALL, **(QUICK | {"steps": 8, "save_every": 4})))


def test_continuing_with_another_learning_rate_is_refused_but_another_micro_batch_is_not(release: Path, tmp_path: Path) -> None:
    out = unfinished(release, tmp_path / "out")
    before = losses(out)
    with pytest.raises(TrainerError, match=r"other settings: lr 0\.006 → 0\.01"):
        train(Settings(release=release, out=out, shape=SMALL, lr=0.01, **(QUICK | {"steps": 8, "save_every": 4})))
    train(Settings(release=release, out=out, shape=SMALL, micro_batch=2, **(QUICK | {"steps": 8, "save_every": 4})))
    assert losses(out)[:4] == before[:4]
    assert losses(out) == pytest.approx(before, abs=1e-4)


def test_continuing_after_a_torn_checkpoint_uses_the_one_before(release: Path, tmp_path: Path) -> None:
    out = unfinished(release, tmp_path / "out")
    before = losses(out)
    torn = out / "checkpoints" / ".step-00000008.tmp"
    torn.mkdir()
    (torn / "model.safetensors").write_bytes(b"half")
    with (out / "metrics.jsonl").open("a") as stream:
        stream.write('{"kind": "train", "step": 9, "lo')
    train(Settings(release=release, out=out, shape=SMALL, **(QUICK | {"steps": 8, "save_every": 4})))
    assert losses(out) == before


@pytest.mark.parametrize("classic", [False, True], ids=["qwen3", "gpt2"])
def test_adapter_run_that_lost_its_last_checkpoint_ends_in_the_same_bytes(classic: bool, release: Path, tmp_path: Path) -> None:
    base = train(Settings(release=release, out=tmp_path / "base", shape=SMALL | {"classic": classic}, **(QUICK | {"steps": 2})))
    settings = Settings(
        release=release, init=base, lora_rank=2, out=tmp_path / "tuned", **(QUICK | {"steps": 8, "save_every": 4})
    )
    out = train(settings)
    files = ("model.safetensors", "adapter/adapter_model.safetensors")
    before = [(out / name).read_bytes() for name in files]
    shutil.rmtree(out / "checkpoints" / "step-00000008")
    (out / "model.safetensors").unlink()
    train(settings)
    assert [(out / name).read_bytes() for name in files] == before
