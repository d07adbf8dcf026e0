"""Works, and their parts: what of a work lies in one stratum (a repository has files in several languages)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

WORK = np.dtype(
    [
        ("work", "<u8"),
        ("stratum", "<u8"),  # of a part its own, of a whole work where most of its bytes lie
        ("order", "<u8"),
        ("bytes", "<i8"),
        ("documents", "<i8"),
        ("overlaps", "<i8"),  # signs that documents of other works share its text; 0 = none
        ("pinned", "?"),
    ]
)

Works = npt.NDArray[Any]  # of dtype WORK


def parts_of(documents: npt.NDArray[Any]) -> Works:
    """One row per work and stratum from DOCUMENT rows, ascending by both."""
    found = np.zeros(len(documents), WORK)
    for name in ("work", "stratum", "order", "bytes", "pinned"):
        found[name] = documents[name]
    found["documents"] = 1
    return added_up(found)


def added_up(parts: Works) -> Works:
    """Rows of the same work and stratum in one, ascending by both."""
    parts = parts[np.lexsort((parts["stratum"], parts["work"]))]
    return _merged(parts, (np.diff(parts["work"]) != 0) | (np.diff(parts["stratum"]) != 0))


def whole_works(parts: Works) -> Works:
    """One row per work, ascending; the stratum with most bytes gives a work its own."""
    parts = parts[np.lexsort((parts["stratum"], -parts["bytes"], parts["work"]))]
    return _merged(parts, np.diff(parts["work"]) != 0)


def _merged(parts: Works, changes: npt.NDArray[np.bool_]) -> Works:
    """Neighbours without a change between them in one row, which has the first's names."""
    if not len(parts):
        return parts
    starts = np.flatnonzero(np.append(True, changes))
    found = parts[starts].copy()
    for name in ("bytes", "documents", "overlaps"):
        found[name] = np.add.reduceat(parts[name], starts)
    found["pinned"] = np.logical_or.reduceat(parts["pinned"], starts)
    return found
