"""Processes that end with the one that started them, also when that one is killed with -9.

A polling thread, not PR_SET_PDEATHSIG: that is Linux only, fires when the starting *thread* ends, and reaches neither the
workers of a pool nor its manager process. Polled twice a second; a kill of the whole process group takes those along.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

POLL_SECONDS = 0.5
_watched: set[int] = set()
_parents: list[int] = []


def end_with(pid: int) -> None:
    """From now on this process ends within a second after process `pid` does. Calling it again does nothing."""
    if pid not in _watched:
        _watched.add(pid)
        threading.Thread(target=_watch, args=(pid,), daemon=True).start()


@contextmanager
def children_end_with_this_process() -> Iterator[None]:
    """Whatever is forked inside the block (a pool's manager, which nobody else tells) does not outlive this process."""
    _parents.append(os.getpid())
    try:
        yield
    finally:
        _parents.pop()


def _in_child() -> None:
    _watched.clear()  # threads do not survive a fork
    if _parents:
        end_with(_parents[-1])


os.register_at_fork(after_in_child=_in_child)


def _watch(pid: int) -> None:
    while is_alive(pid):
        threading.Event().wait(POLL_SECONDS)
    group = os.getpgid(0)
    if group in (os.getpid(), pid):  # a session of our own; a script's shared group is not ours to kill
        os.killpg(group, signal.SIGKILL)
    os._exit(137)


def is_alive(pid: int) -> bool:
    """Running, and not a zombie that nobody has waited for."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True
