"""Whole runs of a recipe over a corpus laid out by kind, in a process of their own: seconds, memory, release."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation.sources import SOURCES

SAMPLE_SECONDS = 0.2
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Run:
    """`summary` is what `run --json` prints; `peak_mb` of the largest process, `total_mb` of all at once."""

    seconds: float
    summary: dict[str, Any]
    peak_mb: float
    total_mb: float


def files_by_kind(corpus: Path, max_bytes: int | None) -> dict[str, list[Path]]:
    """The files of each kind below <corpus>/<kind>, smallest first up to `max_bytes` a kind, at least two."""
    found = {}
    for kind in SOURCES:
        files = sorted((path for path in (corpus / kind).rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
        size = 0
        for number, path in enumerate(files):
            size += path.stat().st_size
            if max_bytes and size > max_bytes and number >= 2:
                files = files[:number]
                break
        if files:
            found[kind] = files
    return found


def write_recipe(folder: Path, files: dict[str, list[Path]], tokenizer: str = "bpe_8k") -> Path:
    """A recipe in `folder` over links to `files`, one source a kind; its workspace is <folder>/ws."""
    parts = ['[run]\nname = "bench"\nworkspace = "ws"\n']
    for kind, paths in files.items():
        base = Path(os.path.commonpath([path.parent for path in paths]))
        for path in paths:
            link = folder / "dumps" / kind / path.relative_to(base)
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.exists():
                link.symlink_to(path)
        parts.append(f'[[sources]]\nname = "{kind}"\nkind = "{kind}"\npaths = ["dumps/{kind}"]\n')
    parts.append(f'[tokenizer]\nconfig = "{tokenizer}"\n[alarms]\naction = "warn"\n')
    (folder / "recipe.toml").write_text("".join(parts), encoding="utf-8")
    return folder / "recipe.toml"


def run(recipe: Path, workers: int, until: str = "release", limit: float | None = None) -> Run:
    """`python -m curation run`; RuntimeError with its last words if it fails. After `limit` seconds it ends without a summary."""
    command = [sys.executable, "-m", "curation", "run", str(recipe), "--workers", str(workers), "--until", until, "--json"]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    memory = _Memory(process.pid)
    try:
        out, error = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        memory.stop()
        return Run(time.perf_counter() - started, {}, memory.peak / 1e6, memory.total / 1e6)
    seconds = time.perf_counter() - started
    memory.stop()
    if process.returncode:
        raise RuntimeError(error[-2000:])
    return Run(seconds, json.loads(out), memory.peak / 1e6, memory.total / 1e6)


class _Memory(threading.Thread):
    """Resident memory of a session's processes, looked at five times a second."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.session, self.peak, self.total = session, 0, 0
        self.over = threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(SAMPLE_SECONDS):
            sizes = [size for path in Path("/proc").glob("[0-9]*") if (size := self._resident(path))]
            self.peak = max(self.peak, *sizes, 0)
            self.total = max(self.total, sum(sizes))

    def _resident(self, process: Path) -> int:
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            return int(fields[21]) * PAGE if int(fields[3]) == self.session else 0
        except (OSError, IndexError):
            return 0

    def stop(self) -> None:
        self.over.set()
        self.join()
