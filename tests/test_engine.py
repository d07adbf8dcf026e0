"""Tasks run in worker processes, in any number; a failure names the task and quotes nothing it read."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from curation.engine import Engine, TaskFailed
from curation.errors import InputError


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


def kill_myself(value: int) -> None:
    if value == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def test_engine_whose_worker_is_killed_ends_with_an_error_instead_of_waiting_for_ever(tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match="the worker of task 000001 was killed"):
        Engine(tmp_path, workers=2).run(kill_myself, [{"value": value} for value in range(4)])
