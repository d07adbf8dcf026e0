"""The main job reaches for no network: every Python process of a run reports any address that is not this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import make_corpus

ROOT = Path(__file__).resolve().parents[2]

GUARD = """
import os, sys

def watch(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else "localhost"
    else:
        return
    if host not in (None, "", "localhost", "127.0.0.1", "::1", b"localhost"):
        with open(os.environ["REACHED"], "a") as stream:
            print(event, host, file=stream)
        raise OSError("no network here")

sys.addaudithook(watch)
"""


@pytest.fixture
def guarded(tmp_path: Path) -> dict[str, str]:
    """An environment in which every Python process, also a pool's, writes to $REACHED whom it wanted to reach."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    path = os.pathsep.join((str(tmp_path / "guard"), str(ROOT)))
    return {**os.environ, "PYTHONPATH": path, "REACHED": str(tmp_path / "reached")}


def python(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], env=env, capture_output=True, text=True, check=False)


def test_guard_reports_a_process_that_reaches_out(guarded: dict[str, str]) -> None:
    assert python("-c", "import socket; socket.create_connection(('192.0.2.1', 9), 1)", env=guarded).returncode == 1
    assert "192.0.2.1" in Path(guarded["REACHED"]).read_text()


def test_run_and_training_reach_for_no_network(guarded: dict[str, str], tmp_path: Path) -> None:
    recipe = make_corpus(tmp_path / "corpus")
    done = python("-m", "curation", "run", str(recipe), "--workers", "2", env=guarded)
    assert done.returncode == 0, done.stderr[-3000:]
    short = ("--steps", "2", "--batch-size", "1", "--context", "32", "--out", str(tmp_path / "model"))
    done = python("-m", "trainer.train", str(recipe.parent / "ws"), "--preset", "tiny", *short, env=guarded)
    assert done.returncode == 0, done.stderr[-3000:]
    assert not Path(guarded["REACHED"]).exists()
