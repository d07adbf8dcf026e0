"""What a person sees while files are encoded: MB/s and time left; a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

PLAIN_SECONDS = 10.0


class Meter:
    """`report(name, done, total)` in bytes, as often as one likes."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        self.bar = Progress(*columns, console=console, transient=True) if console.is_terminal else None
        self.task = self.bar.add_task("tokenizer", total=None) if self.bar else None
        self.started = self.last = time.monotonic()
        self.first: int | None = None

    def __enter__(self) -> Meter:
        if self.bar:
            self.bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.bar:
            self.bar.stop()

    def report(self, name: str, done: int, total: int) -> None:
        if self.bar and self.task is not None:
            self.bar.update(self.task, description=name, completed=done, total=total)
            return
        now = time.monotonic()
        if self.first is None:
            self.first, self.started = done, now
        if done == total or now - self.last >= PLAIN_SECONDS:
            self.last = now
            print(line(name, done, total, done - self.first, now - self.started), file=sys.stderr, flush=True)


def line(name: str, done: int, total: int, fresh: int, seconds: float) -> str:
    """`fresh`: bytes done in this run, in `seconds`; what an earlier run did must not count as speed."""
    speed = fresh / 1e6 / seconds if seconds > 0 else 0.0
    left = f", {(total - done) / 1e6 / speed:.0f} s left" if speed and done < total else ""
    return f"{name}: {done / 1e6:.0f} of {total / 1e6:.0f} MB, {speed:.1f} MB/s{left}"


def say(summary: dict[str, Any], output: Path) -> None:
    """The last lines: what was made and where."""
    tokens = {
        split: sum(shard["tokens"] for shard in summary["shards"] if shard["split"] == split) for split in ("train", "eval")
    }
    print(
        f"{summary['documents']:,} documents, {tokens['train']:,} tokens in train, {tokens['eval']:,} in eval, "
        f"{len(summary['shards'])} shards, {summary['tokenizer']['vocab_size']:,} ids: {output}",
        file=sys.stderr,
    )
    if summary["dropped"]:
        print(f"{summary['dropped']:,} records without text were dropped", file=sys.stderr)
    for name, reason in summary["quarantined"]:
        print(f"not read to its end: {name} ({reason})", file=sys.stderr)
