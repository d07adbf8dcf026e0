"""One exception for everything a user can put right: what, where, got, expected, do next, in one message."""

from __future__ import annotations

import sys
from collections.abc import Callable


class TrainerError(Exception):
    """A sentence for the user; shown without a traceback unless `--debug` is given."""


def run_command(main: Callable[[list[str]], None]) -> None:
    """Run a command line. Exit status 0 only when the work is done; 1 with one message otherwise."""
    arguments = sys.argv[1:]
    debug = "--debug" in arguments
    try:
        main([a for a in arguments if a != "--debug"])
    except TrainerError as error:
        if debug:
            raise
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(1) from None
