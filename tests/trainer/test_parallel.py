"""Two gloo processes against one: DDP, FSDP2, and a run continued on another number of ranks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trainer.conftest import QUICK, SMALL
from tests.trainer.test_resume import losses
from trainer.config import Settings
from trainer.folder import load_model
from trainer.train import train

NUMBERS = SMALL | QUICK | {"steps": 6, "save_every": 3, "eval_every": 6, "micro_batch": 1, "seed": 5}


@pytest.fixture(scope="module")
def one(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    numbers = {key: value for key, value in NUMBERS.items() if key not in SMALL}
    return train(Settings(release=release, out=tmp_path_factory.mktemp("parallel") / "one", shape=SMALL, **numbers))


def run_two(release: Path, out: Path, *more: str) -> str:
    flags = [part for key, value in NUMBERS.items() for part in (f"--{key.replace('_', '-')}", str(value))]
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node",
        "2",
        "-m",
        "trainer.train",
        str(release),
        "--out",
        str(out),
        *flags,
        *more,
    ]
    done = subprocess.run(
        command, env=os.environ | {"OMP_NUM_THREADS": "1", "WORLD_SIZE": "2"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("more", [(), ("--fsdp",)], ids=["ddp", "fsdp2"])
def test_two_processes_have_the_losses_of_one(more: tuple[str, ...], one: Path, release: Path, tmp_path: Path) -> None:
    run_two(release, tmp_path / "two", *more)
    assert losses(tmp_path / "two")[0] == pytest.approx(losses(one)[0], abs=1e-5)
    assert losses(tmp_path / "two") == pytest.approx(losses(one), abs=1e-3)  # Muon iterates in bf16: the order of sums shows
    ours, theirs = (load_model(folder) for folder in (one, tmp_path / "two"))
    difference = max((a - b).detach().abs().max().item() for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))
    assert difference < 2e-3  # bf16 rounding in Muon's iteration


def test_run_of_one_process_continues_on_two_in_the_same_data_order(one: Path, release: Path, tmp_path: Path) -> None:
    shutil.copytree(one, tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "checkpoints" / "step-00000006")
    assert "going on from step 3" in run_two(release, tmp_path / "out", "--fsdp")
    assert losses(tmp_path / "out")[:3] == losses(one)[:3]
    assert losses(tmp_path / "out") == pytest.approx(losses(one), abs=1e-3)
