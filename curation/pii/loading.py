"""Importing Presidio without what it would drag along.

presidio_analyzer and spaCy import torch and transformers wherever those are installed, for recognizers that we do not use:
6.2 s of CPU and 290 MiB a worker, against 1.3 s and 110 MiB without. A named NER model may need them and gets them.
"""

from __future__ import annotations

import importlib
import sys

UNNEEDED = ("torch", "transformers")


def load_presidio(*, with_torch: bool) -> None:
    """Import presidio_analyzer, so that later imports of it are free. Does nothing if it is imported already."""
    hidden = [] if with_torch else [name for name in UNNEEDED if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # makes `import` raise ImportError
    try:
        importlib.import_module("presidio_analyzer")
    finally:
        for name in hidden:
            del sys.modules[name]
