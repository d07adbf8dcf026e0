"""Arrays read without numpy's own header parser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from curation.dedup.rows import ROW, SMALL_BYTES, load


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(0, np.int64),
        np.zeros((0, 2), np.uint32),
        np.array(7),
        np.arange(6).reshape(3, 2),
        np.asfortranarray(np.arange(6).reshape(3, 2)),
        np.zeros(3, ROW),
        np.array([True, False]),
        np.arange(SMALL_BYTES // 8),
        np.arange(SMALL_BYTES // 8 + 1),
    ],
    ids=["none", "no pairs", "scalar", "pairs", "by columns", "rows", "flags", "small", "large"],
)
def test_arrays_are_what_numpy_reads_and_cannot_be_written(array: npt.NDArray[Any], tmp_path: Path) -> None:
    np.save(tmp_path / "array.npy", array)
    found = load(tmp_path / "array.npy")
    np.testing.assert_array_equal(found, np.load(tmp_path / "array.npy"))
    assert found.dtype == array.dtype and found.shape == array.shape and not found.flags.writeable
    assert isinstance(found, np.memmap) == (array.nbytes > SMALL_BYTES)


def test_file_cut_short_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "array.npy"
    np.save(path, np.arange(100))
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises((ValueError, TypeError)):
        load(path)
    path.write_bytes(path.read_bytes()[:5])
    with pytest.raises(ValueError, match=r"."):
        load(path)
