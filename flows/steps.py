"""One step of the main job as a subprocess of its own: `python -m curation run RECIPE --until STEP --json`.

A step is cached by fingerprints, so running one after the other costs 1.5 s each and does only what is missing. In its own
session a step and its workers die with the flow (curation watches its parent), and a flow survives a step that is killed.
`tests/flows/test_steps.py` kills launcher, step, both, or a worker with -9 and looks for survivors and late writes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from typing import IO, Any

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
        errors, output = _Lines(process.stderr, say), _Lines(process.stdout)
        try:
            # Not `read` first: workers of a step that was killed hold its pipes open, and would be waited for.
            status = process.wait()
        finally:
            _end_session(process.pid)
        errors.join()
        output.join()
    if status:
        said = [line.removeprefix("error: ") for line in errors.lines if line.startswith("error: ")]
        raise StepFailed(step, status, said[-1] if said else _killed(status))
    summary: dict[str, Any] = json.loads("\n".join(output.lines))
    return summary


class _Lines(threading.Thread):
    """Reads a pipe to its end beside the step, which would stand still at a full one."""

    def __init__(self, stream: IO[str] | None, say: Callable[[str], None] | None = None) -> None:
        super().__init__(daemon=True)
        self.stream, self.say = stream, say
        self.lines: list[str] = []
        self.start()

    def run(self) -> None:
        for line in self.stream or ():
            self.lines.append(line.rstrip("\n"))
            if self.say:
                self.say(self.lines[-1])


def _end_session(pid: int) -> None:
    """Nothing of a step outlives it: workers of a killed step are stopped before the next one starts."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _killed(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else ""
