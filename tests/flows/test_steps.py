"""A step as a subprocess: whatever is killed with -9, none of its processes goes on, and none writes afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from curation import storage
from flows.steps import StepFailed, run_step
from tests.end_to_end.conftest import make_corpus
from tests.flows.conftest import ROOT, eventually

LAUNCHER = """
import sys
from flows.steps import run_step
run_step(sys.argv[1], "ingest", ["--workers", "2"], print)
"""


def processes() -> list[tuple[int, int, int]]:
    """(pid, parent, process group) of every process that is not a zombie."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()]
    return [(int(pid), int(parent), int(group)) for pid, parent, group, state in rows if not state.startswith("Z")]


def workers_at_work(workspace: Path) -> list[int]:
    """Pids of workers that have begun a task and not ended it."""
    return [int(pid) for mark in workspace.rglob("started-*") if (pid := read(mark)) and not read(done(mark))]


def done(mark: Path) -> Path:
    return mark.parent / "done" / mark.name.removeprefix("started-")


def read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def written(workspace: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for folder, _, names in os.walk(workspace):
        for name in names:
            stat = os.lstat(Path(folder) / name)
            found[str(Path(folder) / name)] = (stat.st_size, stat.st_mtime_ns)
    return found


@pytest.mark.parametrize(
    "victims",
    [("launcher",), ("step",), ("launcher", "step"), pytest.param(("worker",), marks=pytest.mark.slow)],
    ids="+".join,
)
def test_step_whose_process_is_killed_leaves_no_survivor_and_no_late_write(tmp_path: Path, victims: tuple[str, ...]) -> None:
    recipe, workspace = make_corpus(tmp_path), tmp_path / "ws"
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(recipe)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    worker = eventually(lambda: workers_at_work(workspace), 60, "a worker at work")[0]
    step = os.getpgid(worker)
    for victim in victims:
        os.kill({"launcher": launcher.pid, "step": step, "worker": worker}[victim], signal.SIGKILL)
    eventually(lambda: not any(group == step for _, _, group in processes()), 15, "every process of the step gone")
    left = written(workspace)
    _, errors = launcher.communicate(timeout=15)
    until = time.monotonic() + 1
    while time.monotonic() < until:
        assert written(workspace) == left
    assert launcher.returncode == (-signal.SIGKILL if "launcher" in victims else 1)
    assert victims != ("step",) or "StepFailed: ingest: killed by SIGKILL" in errors
    assert victims != ("worker",) or "was killed. Out of memory?" in errors
    with storage.lock(workspace):
        pass


def test_step_in_a_workspace_that_another_run_holds_asks_to_try_later(tmp_path: Path) -> None:
    recipe = make_corpus(tmp_path)
    with storage.lock(tmp_path / "ws"), pytest.raises(StepFailed, match="another run is at work") as raised:
        run_step(str(recipe), "ingest", [], lambda line: None)
    assert raised.value.try_later
