"""Runs many small tasks in worker processes. The only importer of datatrove's executors.

A task is a JSON object; the function that does it is named by module and name, so nothing but two strings and a rank
crosses to a worker, on this machine, on Slurm or on Ray. Tasks write sealed datasets or files into a draft folder:
what is done is decided there. datatrove's own completion marks lie in a folder that lives for one call only (they
know nothing of configuration).

Measured on two cores: a call with two workers costs 1.5 s (forkserver and datatrove's manager process), so few rows run
with one, in this process and without datatrove, whose manager and loggers would cost 0.3 s a call and 19 ms a task. Imports
and the English analyzer take a process 5 s: the bundled sample is ready in 30 s with one worker, in 38 s with two.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loguru import logger

from curation import storage
from curation.errors import ContractError, CurationError, out_of_space
from curation.watchdog import children_end_with_this_process, end_with, is_alive

Progress = Callable[[int, int], None]

LITTLE_BYTES, LITTLE_ROWS = 2 << 20, 5_000  # one worker is through with them before a second is ready
POLL_SECONDS = 0.5
WAKE = signal.SIGUSR1

# datatrove logs every task to standard error, and exceptions with the values of variables: those can be documents.
logger.disable("datatrove")


@dataclass(frozen=True, slots=True)
class Engine:
    """Where and how wide: the recipe's [execution] table, resolved. Outside every fingerprint."""

    workspace: Path
    kind: str = "local"
    workers: int = 1
    slurm: dict[str, Any] | None = None
    is_asked: bool = True  # somebody chose the number of workers: then little work is shared among them too

    def run(
        self,
        function: Callable[..., Any],
        tasks: Sequence[dict[str, Any]],
        progress: Progress | None = None,
        workers: int | None = None,
        num_bytes: float = math.inf,
        rows: float = math.inf,
    ) -> list[Any]:
        """function(**task) for every task, each in some worker process; their JSON results in order of the tasks.

        Tasks that read so few `num_bytes` of dumps or `rows` of text are not worth a second worker, unless the user asked for
        more than one. Raises the first task's error.
        """
        if not tasks:
            return []
        with storage.draft_folder(self.workspace) as folder:
            (folder / "tasks").mkdir()
            (folder / "done").mkdir()
            for rank, task in enumerate(tasks):
                (folder / "tasks" / f"{rank:06d}.json").write_text(json.dumps(task, ensure_ascii=False), encoding="utf-8")
            call = Call(str(folder), function.__module__, function.__qualname__, os.getpid() if self.kind == "local" else 0)
            with _watch(folder, len(tasks), progress), children_end_with_this_process():
                is_little = self.kind == "local" and (num_bytes < LITTLE_BYTES or rows < LITTLE_ROWS)
                wanted = workers or (1 if is_little and not self.is_asked else self.workers)
                _execute(self, call, len(tasks), min(wanted, len(tasks)))
            return [json.loads((folder / "done" / f"{rank:06d}").read_bytes()) for rank in range(len(tasks))]


@dataclass(frozen=True, slots=True)
class Call:
    """A datatrove pipeline step: rank -> the task of that rank. Picklable; carries no data."""

    folder: str
    module: str
    function: str
    launcher: int = 0  # pid that workers on this machine must not outlive

    def __call__(self, data: object, rank: int, world_size: int) -> None:
        if self.launcher and self.launcher != os.getpid():
            end_with(self.launcher)
            (Path(self.folder) / f"started-{rank:06d}").write_text(str(os.getpid()))
        folder = Path(self.folder)
        task = json.loads((folder / "tasks" / f"{rank:06d}.json").read_text(encoding="utf-8"))
        function = getattr(importlib.import_module(self.module), self.function)
        try:
            result = function(**task)
        except Exception as error:
            if ours := error if isinstance(error, CurationError) else out_of_space(error):
                _leave_error(folder, rank, json.dumps({"type": type(ours).__name__, **ours.__dict__}))
                raise ours from None
            _leave_error(folder, rank, "")
            # datatrove logs exceptions with loguru; a message may quote a document, so only its type and place go on.
            raise TaskFailed(f"{type(error).__name__} in {_place(error)}", where=f"{self.module}.{self.function}") from (
                error if os.environ.get("CURATION_DEBUG") else None
            )
        storage.write_atomically(folder / "done" / f"{rank:06d}", json.dumps(result).encode(), in_draft=True)


def _leave_error(folder: Path, rank: int, fields: str) -> None:
    """For the launcher. On a full disk nothing is left, and the error goes the pool's own way."""
    with suppress(OSError):
        (folder / f"error-{rank:06d}.json").write_text(fields)


class TaskFailed(CurationError):
    """A task ended with an exception that is no error of ours: a defect. Run with --debug for its traceback."""


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    place = "?"
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{Path(code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _execute(engine: Engine, call: Call, tasks: int, workers: int) -> None:
    if engine.kind == "local" and workers == 1:
        return _execute_here(call, tasks)
    executor = _executor(engine, call, tasks, workers)
    try:
        executor.run()
    except Exception as error:
        raise _first_error(Path(call.folder)) or error from None
    # RayPipelineExecutor returns normally when a rank failed: ask.
    if missing := executor.get_incomplete_ranks(range(tasks), skip_completed=True):
        raise _first_error(Path(call.folder)) or ContractError(
            f"{len(missing)} of {tasks} tasks did not finish",
            where=f"{call.module}.{call.function}",
            do="Run again with --debug.",
        )


def _execute_here(call: Call, tasks: int) -> None:
    try:
        for rank in range(tasks):
            call(None, rank, tasks)
    except Exception as error:
        raise _first_error(Path(call.folder)) or error from None


def _executor(engine: Engine, call: Call, tasks: int, workers: int) -> Any:
    logging_dir = str(Path(call.folder) / "logs")
    if engine.kind == "slurm":
        from curation.engine_slurm import slurm_executor

        return slurm_executor(call, tasks, workers, logging_dir, engine.slurm or {})
    if engine.kind == "ray":
        from datatrove.executor.ray import RayPipelineExecutor

        return RayPipelineExecutor(pipeline=[call], tasks=tasks, workers=workers, logging_dir=logging_dir, mem_per_cpu_gb=1)
    from curation.engine_local import local_executor

    return local_executor(call, tasks, workers, logging_dir)


def _first_error(folder: Path) -> CurationError | None:
    from curation import errors

    for path in sorted(path for path in folder.glob("error-*.json") if path.stat().st_size):
        fields = json.loads(path.read_text())
        kind = getattr(errors, fields.pop("type"), CurationError)
        return errors.rebuilt(kind, fields)
    return None


def _finished(folder: Path) -> int:
    return sum(1 for path in folder.iterdir() if not path.name.startswith("."))


class _WorkerLost(BaseException):
    """Takes the main thread out of the executor's wait; becomes TaskFailed."""


def _wake(number: int, frame: object) -> None:
    raise _WorkerLost


class _watch:
    """While the executor blocks: reports finished tasks, and ends the wait for a worker that was killed.

    multiprocessing's pool replaces a killed worker but never its task, so `executor.run` would wait for ever. A signal of
    our own, not SIGINT: jobs in the background of a script are started with SIGINT ignored.
    """

    def __init__(self, folder: Path, total: int, progress: Progress | None) -> None:
        self.folder, self.total, self.progress = folder, total, progress
        self.lost = ""
        self.previous: Any = signal.SIG_DFL
        self.in_main = threading.current_thread() is threading.main_thread()
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._loop, daemon=True)

    def __enter__(self) -> None:
        self._report()
        if self.in_main:
            self.previous = signal.signal(WAKE, _wake)
        self.thread.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self.stop.set()
        self.thread.join()
        if self.in_main:
            signal.signal(WAKE, self.previous)
        if self.lost:
            raise TaskFailed(self.lost, do="Out of memory? Run again with fewer --workers.") from None
        self._report()

    def _loop(self) -> None:
        while not self.stop.wait(POLL_SECONDS):
            self._report()
            if rank := self._killed():
                self.lost = f"the worker of task {rank} was killed"
                if self.in_main:
                    signal.pthread_kill(threading.main_thread().ident or 0, WAKE)
                return

    def _report(self) -> None:
        if self.progress:
            self.progress(_finished(self.folder / "done"), self.total)

    def _killed(self) -> str:
        """The rank of a task whose worker is gone without a word. After an error the pool ends its other workers: not those."""
        for mark in self.folder.glob("started-*"):
            rank = mark.name.partition("-")[2]
            pid = mark.read_text()
            if (
                pid
                and not is_alive(int(pid))
                and not (self.folder / "done" / rank).exists()
                and not any(self.folder.glob("error-*.json"))
            ):
                return rank
        return ""
