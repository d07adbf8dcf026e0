"""One step of the main job as a subprocess of its own: `python -m curation run RECIPE --until STEP --json`.

A step is cached by fingerprints, so running one after the other costs 1.5 s each and does only what is missing. In its own
session a step and its workers die with the flow (curation watches its parent), and a flow survives a step that is killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any, TextIO

TRY_LATER = 75


class StepFailed(Exception):
    """The step ended with an error; the message is the step's own. `try_later` tells whether another try may help."""

    def __init__(self, step: str, status: int, message: str) -> None:
        super().__init__(f"{step}: {message or f'exit status {status}'}")
        self.try_later = status == TRY_LATER


def run_step(recipe: str, step: str, options: Iterable[str], say: Callable[[str], None]) -> dict[str, Any]:
    """The step's summary. `say` gets its progress lines as they come."""
    command = [sys.executable, "-m", "curation", "run", recipe, "--until", step, "--json", *options]
    environment = {**os.environ, "CURATION_PARENT": str(os.getpid())}
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    ) as process:
        lines: list[str] = []
        assert process.stdout and process.stderr
        reader = threading.Thread(target=_forward, args=(process.stderr, lines, say), daemon=True)
        reader.start()
        try:
            output = process.stdout.read()
            status = process.wait()
        finally:
            _end_session(process.pid)
        reader.join(timeout=5)
    if status:
        errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
        raise StepFailed(step, status, errors[-1] if errors else _killed(status))
    summary: dict[str, Any] = json.loads(output)
    return summary


def _forward(stream: TextIO, lines: list[str], say: Callable[[str], None]) -> None:
    for line in stream:
        lines.append(line.rstrip())
        say(lines[-1])


def _end_session(pid: int) -> None:
    """Nothing of a step outlives it: workers of a killed step are stopped before the next one starts."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _killed(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else ""
