"""Tasks run in worker processes, in any number; a failure names the task and quotes nothing it read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from curation import storage
from curation.engine import Engine, TaskFailed
from curation.errors import InputError, WorkspaceError


def double(value: int) -> dict[str, int]:
    return {"twice": 2 * value, "pid": os.getpid()}


def fail(value: int) -> None:
    if value == 3:
        raise ValueError("a secret that was read from a dump")


def refuse(value: int) -> None:
    raise InputError("truncated", "it stops", where="a.txt")


@pytest.mark.parametrize("workers", [1, 2])
def test_engine_returns_results_in_order_of_the_tasks(tmp_path: Path, workers: int) -> None:
    results = Engine(tmp_path, workers=workers).run(double, [{"value": value} for value in range(5)])
    assert [result["twice"] for result in results] == [0, 2, 4, 6, 8]
    assert (os.getpid() in {result["pid"] for result in results}) == (workers == 1)


@pytest.mark.parametrize(("is_asked", "size", "is_shared"), [(False, 1, False), (False, 1 << 40, True), (True, 1, True)])
def test_engine_shares_little_work_only_if_the_user_named_a_number_of_workers(
    tmp_path: Path, is_asked: bool, size: int, is_shared: bool
) -> None:
    engine = Engine(tmp_path, workers=2, is_asked=is_asked)
    results = engine.run(double, [{"value": 1}, {"value": 2}], num_bytes=size)
    assert (os.getpid() not in {result["pid"] for result in results}) == is_shared


@pytest.mark.parametrize("workers", [1, 2])
def test_engine_failure_names_type_and_place_but_not_the_message(tmp_path: Path, workers: int) -> None:
    with pytest.raises(TaskFailed) as caught:
        Engine(tmp_path, workers=workers).run(fail, [{"value": value} for value in range(5)])
    assert "ValueError in test_engine.py" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_engine_hands_our_own_errors_through(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Engine(tmp_path, workers=2).run(refuse, [{"value": 1}, {"value": 2}])
    assert caught.value.reason == "truncated"


def test_engine_leaves_nothing_behind(tmp_path: Path) -> None:
    Engine(tmp_path, workers=2).run(double, [{"value": 1}, {"value": 2}])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_engine_reports_progress_to_the_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    Engine(tmp_path, workers=1).run(double, [{"value": 1}], progress=lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, 1)
    assert seen[-1] == (1, 1)


def fill_the_disk(value: int) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        full.write(b"x")


@pytest.mark.parametrize("workers", [1, 2])
def test_engine_on_a_full_disk_says_so(tmp_path: Path, workers: int) -> None:
    with pytest.raises(WorkspaceError, match="no space left"):
        Engine(tmp_path, workers=workers).run(fill_the_disk, [{"value": 1}, {"value": 2}])


def fail_while_another_works(value: int) -> None:
    if value == 0:
        raise ValueError
    threading.Event().wait(20)


def test_engine_whose_task_fails_does_not_take_the_workers_it_ends_for_killed(tmp_path: Path) -> None:
    for _ in range(3):
        with pytest.raises(TaskFailed, match="ValueError in"):
            Engine(tmp_path, workers=2).run(fail_while_another_works, [{"value": value} for value in range(2)])


def kill_myself(value: int) -> None:
    if value == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def test_engine_whose_worker_is_killed_ends_with_an_error_instead_of_waiting_for_ever(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in a job in the background of a script
    try:
        with pytest.raises(TaskFailed, match="the worker of task 000001 was killed"):
            Engine(tmp_path, workers=2).run(kill_myself, [{"value": value} for value in range(4)])
    finally:
        signal.signal(signal.SIGINT, before)


LAUNCHER = """
import sys, time
from pathlib import Path
from curation import storage
from curation.engine import Engine
from tests.test_engine import wait_long
if __name__ == "__main__":
    workspace = Path(sys.argv[1])
    with storage.lock(workspace):
        Engine(workspace, workers=2).run(wait_long, [{"mark": str(workspace / f"mark-{number}")} for number in range(2)])
"""


def wait_long(mark: str) -> None:
    Path(mark).write_text(str(os.getpid()))
    threading.Event().wait(60)
    Path(mark).write_text("written too late")


def eventually(condition: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    return condition()


def test_engine_whose_launcher_is_killed_leaves_neither_process_nor_lock(tmp_path: Path) -> None:
    (tmp_path / "launcher.py").write_text(LAUNCHER)
    root = Path(__file__).resolve().parents[1]
    launcher = subprocess.Popen(
        [sys.executable, str(tmp_path / "launcher.py"), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(root)},
        start_new_session=True,
    )
    try:
        assert eventually(lambda: len(list(tmp_path.glob("mark-*"))) == 2)
        launcher.kill()
        launcher.wait()
        assert eventually(lambda: not processes_of_session(launcher.pid))
        with storage.lock(tmp_path):
            assert "written too late" not in {path.read_text() for path in tmp_path.glob("mark-*")}
    finally:
        if processes_of_session(launcher.pid):
            os.killpg(launcher.pid, signal.SIGKILL)


def processes_of_session(session: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=,stat=", "-s", str(session)], capture_output=True, text=True, check=False)
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if not line.split()[1].startswith("Z")]
