"""Tasks as a Slurm array, through datatrove's executor, which submits and returns: here we wait for the tasks' own marks.

The recipe's [execution.slurm] table needs `partition` and `time`, and may hold any other argument of
datatrove's SlurmPipelineExecutor (cpus_per_task, mem_per_cpu_gb, qos, env_command, venv_path, sbatch_args …). The workspace
must lie on a file system that the nodes share.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from typing import Any

from curation.errors import RecipeError

POLL_SECONDS = 5.0


def slurm_executor(call: Any, tasks: int, workers: int, logging_dir: str, options: dict[str, Any]) -> SlurmArray:
    for key in ("partition", "time"):
        if key not in options:
            raise RecipeError(f"`{key}` is missing", where="[execution.slurm]", expected='partition = "…" and time = "02:00:00"')
    if not shutil.which("sbatch"):
        raise RecipeError(
            'engine = "slurm" needs sbatch', where="[execution]", got="no sbatch on PATH", do="Run on a login node."
        )
    from datatrove.executor.slurm import SlurmPipelineExecutor

    settings = {"job_name": "curation", "mail_type": "NONE", "qos": "", **options}
    poll = settings.pop("poll_seconds", POLL_SECONDS)
    return SlurmArray(
        SlurmPipelineExecutor(pipeline=[call], tasks=tasks, workers=workers, logging_dir=logging_dir, **settings), tasks, poll
    )


class SlurmArray:
    """Submits on `run` and returns when every rank is complete, or when Slurm knows of no job of ours any more."""

    def __init__(self, executor: Any, tasks: int, poll_seconds: float) -> None:
        self.executor, self.tasks, self.poll_seconds = executor, tasks, poll_seconds

    def run(self) -> None:
        self.executor.run()
        gone = 0
        while self.get_incomplete_ranks(range(self.tasks), skip_completed=True) and gone < 2:
            threading.Event().wait(self.poll_seconds)
            gone = 0 if self._is_queued() else gone + 1  # twice: marks on a network file system come late

    def get_incomplete_ranks(self, ranks: range, skip_completed: bool) -> list[int]:
        missing: list[int] = self.executor.get_incomplete_ranks(ranks, skip_completed=skip_completed)
        return missing

    def _is_queued(self) -> bool:
        found = subprocess.run(["squeue", "-h", "-j", str(self.executor.job_id)], capture_output=True, text=True, check=False)
        return bool(found.stdout.strip())
