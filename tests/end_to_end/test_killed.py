"""Killed at any file-system operation, in any of its processes: the next run ends in the same bytes, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import make_corpus, release_tree, run, tree

# Loaded by every Python process of the run: counts file-system operations below the workspace, then kills its process.
HOOK = """
import os, signal, sys
_left, _root = int(os.environ["KILL_AFTER"]), os.environ["KILL_BELOW"]
_events = {"open", "os.rename", "os.replace", "os.link", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile", "shutil.rmtree"}
def _watch(event, arguments):
    global _left
    if event in _events and any(str(value).startswith(_root) for value in arguments[:2]):
        _left -= 1
        if _left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(_watch)
"""


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return release_tree(run(make_corpus(tmp_path_factory.mktemp("whole"))))


@pytest.mark.parametrize(
    ("seed", "workers"), [(2, 2), *(pytest.param(*more, marks=pytest.mark.slow) for more in ((1, 1), (3, 1), (4, 2)))]
)
def test_run_killed_at_a_random_operation_and_run_again_gives_the_same_bytes(
    tmp_path: Path, expected: dict[str, bytes], seed: int, workers: int
) -> None:
    recipe = make_corpus(tmp_path / "corpus")
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook/sitecustomize.py").write_text(HOOK)
    rng = random.Random(seed)
    command = [sys.executable, "-m", "curation", "run", str(recipe), "--workers", str(workers), "--json"]
    killed = 0
    for _ in range(3):
        environment = {
            **os.environ, "KILL_AFTER": str(rng.randint(5, 250)), "KILL_BELOW": str(tmp_path / "corpus" / "ws"),
            "PYTHONPATH": os.pathsep.join([str(tmp_path / "hook"), os.environ.get("PYTHONPATH", "")]),
        }  # fmt: skip
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            killed += process.wait(timeout=120) != 0
        except subprocess.TimeoutExpired:
            killed += 1  # a pool whose worker was killed waits for it: only its launcher can end it
        finally:
            _end(process.pid)
    assert killed
    assert release_tree(run(recipe)) == expected
    assert [path.name for path in (recipe.parent / "ws/releases").iterdir()] == [Path(run(recipe)["path"]).name]
    assert not tree(recipe.parent / "ws" / "tmp")


def _end(session: int) -> None:
    try:
        os.killpg(session, signal.SIGKILL)
    except ProcessLookupError:
        return
