"""Everything that `prefect deployment run curate/full` needs, in one foreground process: `python -m flows.server`.

Starts a Prefect server on loopback, makes the work pool `local`, deploys all of prefect.yaml without a question, runs a worker.
Ctrl-C ends the worker and its runs, then the server. Where the server listens: PREFECT_API_URL, else prefect.toml.
A run that stops sending heartbeats (its machine went down) is marked CRASHED after 90 s.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import ObjectAlreadyExists
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.workers.process import ProcessWorker

ROOT = Path(__file__).resolve().parent.parent
POOL = "local"
START_SECONDS, STOP_SECONDS = 120.0, 20.0
HEARTBEAT_SECONDS, SILENT_SECONDS = 30, 90
SILENT_RUN = "mark runs that went silent as crashed"


class CannotServe(Exception):
    """One sentence: why no server runs."""


def main() -> int:
    """Runs until it is interrupted (exit status 0) or cannot go on (1)."""
    # A shell starts background jobs with SIGINT ignored, and what we start would inherit that.
    for interruption in (signal.SIGINT, signal.SIGTERM):
        signal.signal(interruption, signal.default_int_handler)
    api = PREFECT_API_URL.value() or "http://127.0.0.1:4200/api"
    try:
        with temporary_settings({PREFECT_API_URL: api}):
            serve(api)
    except CannotServe as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", flush=True)
    return 0


def serve(api: str) -> None:
    """Server and worker at `api` until one of them ends. Raises CannotServe."""
    environment = {
        **os.environ, "PREFECT_API_URL": api, "DO_NOT_TRACK": "1", "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
    }  # fmt: skip
    if _answers(api):
        raise CannotServe(f"{api} answers already: another server runs there. Stop it, or set PREFECT_API_URL to a free port.")
    address = urlsplit(api)
    where = ("--host", address.hostname or "127.0.0.1", "--port", str(address.port or 4200))
    with _running(("server", "start", *where), environment) as server:
        _wait_until_it_answers(server, api)
        _prepare()
        deployed = subprocess.run(
            _prefect("--no-prompt", "deploy", "--all"), env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if deployed.returncode:
            raise CannotServe(f"prefect.yaml cannot be deployed.\n{deployed.stdout}{deployed.stderr}")
        with _running(("worker", "start", "--pool", POOL, "--type", "process"), environment) as worker:
            print(f"ready: {api.removesuffix('/api')} shows the runs; Ctrl-C stops the server and its worker", flush=True)
            while server.poll() is None and worker.poll() is None:
                time.sleep(0.5)
    raise CannotServe("the server or its worker has ended: see above.")


def _prepare() -> None:
    """The work pool, and the rule for silent runs. What exists already stays as somebody may have edited it."""
    with get_client(sync_client=True) as client:
        pool = WorkPoolCreate(name=POOL, type="process", base_job_template=ProcessWorker.get_default_base_job_template())
        with suppress(ObjectAlreadyExists):
            client.create_work_pool(pool)
        if not client.read_automations_by_name(SILENT_RUN):
            client.create_automation(_silent_runs_crash())


def _silent_runs_crash() -> AutomationCore:
    ends = {f"prefect.flow-run.{name}" for name in ("Completed", "Failed", "Cancelled", "Crashed")}
    return AutomationCore(
        name=SILENT_RUN,
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"}, expect={"prefect.flow-run.heartbeat", *ends},
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}), for_each={"prefect.resource.id"},
            posture=Posture.Proactive, threshold=1, within=SILENT_SECONDS,
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, message="No sign of life: its process or its machine went down.")],
    )  # fmt: skip


def _prefect(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "prefect", *arguments]


@contextmanager
def _running(arguments: tuple[str, ...], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The process in a session of its own, so that Ctrl-C reaches it through us and in our order."""
    process = subprocess.Popen(_prefect(*arguments), env=environment, cwd=ROOT, start_new_session=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _answers(api: str) -> bool:
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait_until_it_answers(server: subprocess.Popen[bytes], api: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(api):
        if server.poll() is not None or time.monotonic() > deadline:
            raise CannotServe(f"the server does not answer at {api}. Is the port taken by another program?")
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
