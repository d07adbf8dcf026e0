"""What a person sees of long work: a bar on a terminal, plain lines elsewhere, nothing for a script."""

from __future__ import annotations

import sys
import time
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

PLAIN_SECONDS = 10


class Progress(Protocol):
    def step(self, name: str) -> None: ...
    def tasks(self, done: int, total: int) -> None: ...
    def done(self, name: str, seconds: float) -> None: ...
    def warn(self, message: str) -> None: ...
    def close(self) -> None: ...


class _Silent:
    def step(self, name: str) -> None: ...
    def tasks(self, done: int, total: int) -> None: ...
    def done(self, name: str, seconds: float) -> None: ...
    def warn(self, message: str) -> None: ...
    def close(self) -> None: ...


class _Plain:
    """A line when a step starts and ends, and one every ten seconds in between."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.name, self.last = stream, "", 0.0

    def _say(self, text: str) -> None:
        print(text, file=self.stream, flush=True)

    def step(self, name: str) -> None:
        self.name, self.last = name, time.monotonic()

    def tasks(self, done: int, total: int) -> None:
        if time.monotonic() - self.last > PLAIN_SECONDS:
            self.last = time.monotonic()
            self._say(f"{self.name}: {done} of {total} tasks")

    def done(self, name: str, seconds: float) -> None:
        self._say(f"{name}: done in {seconds:.1f} s")

    def warn(self, message: str) -> None:
        self._say(f"warning: {message}")

    def close(self) -> None: ...


class _Bars:
    """One rich bar, renamed step by step."""

    def __init__(self, console: Console) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description:<12}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        self.bar = Bar(*columns, console=console, transient=True)
        self.bar.start()
        self.task = self.bar.add_task("plan", total=None)

    def step(self, name: str) -> None:
        self.bar.reset(self.task, description=name, total=None)

    def tasks(self, done: int, total: int) -> None:
        self.bar.update(self.task, completed=done, total=total)

    def done(self, name: str, seconds: float) -> None:
        self.bar.console.print(f"[green]✓[/] {name:<12} {seconds:7.1f} s")

    def warn(self, message: str) -> None:
        self.bar.console.print(f"[yellow]warning:[/] {message}")

    def close(self) -> None:
        self.bar.stop()


def silent() -> Progress:
    return _Silent()


def to_standard_error() -> Progress:
    """Bars where standard error is a terminal, else plain lines; standard output stays free for --json."""
    console = Console(stderr=True)
    return _Bars(console) if console.is_terminal else _Plain(sys.stderr)
