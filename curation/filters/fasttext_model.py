"""A fastText model file for prediction, with the package's surprises in one place.

`fasttext-predict`'s own `predict` refuses line breaks and its batch call drops the probabilities, so the binding's
single call is used. One call costs about 2 µs + the text: 5 to 9 MB/s for lid.176.ftz.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from curation.errors import RecipeError

Predict = Callable[[str, int], list[tuple[float, str]]]

LIBRARIES = ("fasttext-predict",)


def load(path: Path) -> Predict:
    """A function (one line of text, k) -> the k best (probability, label), best first; empty for text without words."""
    if not path.is_file():
        raise RecipeError("no such model", where=str(path), expected="a fastText .bin or .ftz file")
    status = path.stat()
    binding = _binding(path, status.st_mtime_ns, status.st_size)

    def predict(line: str, k: int) -> list[tuple[float, str]]:
        found: list[tuple[float, str]] = binding.predict(line + "\n", k, 0.0, "replace")
        return found

    return predict


@lru_cache(maxsize=4)
def _binding(path: Path, changed: int, size: int) -> Any:
    """Shared by all sources of a run: each has stages of its own, and a model takes 30 ms to load, or seconds."""
    import fasttext

    try:
        return fasttext.load_model(str(path)).f
    except (ValueError, RuntimeError) as error:
        raise RecipeError("not a fastText model", where=str(path), got=str(error)) from error
