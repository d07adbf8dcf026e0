"""A real Prefect server with its worker and its deployments, started once as a user starts them: `python -m flows.server`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS, RUN_SECONDS = 120, 240


def eventually(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first true answer; fails when `seconds` have passed without one."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)
    return answer


@dataclass
class Prefect:
    """The server seen from outside: its commands and its REST interface."""

    api: str
    environment: dict[str, str]
    log: Path
    outside: socket.socket

    def run(self, recipe: Path) -> Ended:
        """`prefect deployment run curate/full --watch` to its end."""
        command = (sys.executable, "-m", "prefect", "deployment", "run", "curate/full", "--watch", "-p", f"recipe={recipe}")
        ended = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=RUN_SECONDS, check=False
        )
        words = ended.stdout.split()
        return Ended(ended.returncode, " ".join(words), words[words.index("UUID:") + 1] if "UUID:" in words else "")

    def ask(self, path: str, question: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.api}/{path}",
            data=None if question is None else json.dumps(question).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def artifacts(self, run: str) -> dict[str, Any]:
        found = self.ask("artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}}})
        return {artifact["key"]: artifact["data"] for artifact in found}


@dataclass(frozen=True)
class Ended:
    status: int
    output: str
    run: str


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    folder = tmp_path_factory.mktemp("prefect")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        api = f"http://127.0.0.1:{taken.getsockname()[1]}/api"
    # Whatever wants to leave this machine by HTTP asks this proxy, which notes the call and never answers.
    with socket.create_server(("127.0.0.1", 0)) as outside:
        proxy = f"http://127.0.0.1:{outside.getsockname()[1]}"
        environment = {
            **os.environ, "PREFECT_HOME": str(folder / "home"), "PREFECT_API_URL": api, "PREFECT_WORKER_QUERY_SECONDS": "1",
            "HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "ALL_PROXY": proxy, "NO_PROXY": "127.0.0.1,localhost",
            "http_proxy": proxy, "https_proxy": proxy, "all_proxy": proxy, "no_proxy": "127.0.0.1,localhost",
        }  # fmt: skip
        log = folder / "server.log"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "flows.server"], env=environment, cwd=ROOT, stdout=stream, stderr=stream
            )
        try:
            eventually(
                lambda: process.poll() is not None or "ready:" in log.read_text(), START_SECONDS, "server and worker ready"
            )
            assert process.poll() is None, log.read_text()
            yield Prefect(api, environment, log, outside)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0, log.read_text()[-2000:]
