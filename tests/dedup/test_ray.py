"""Deduplication and split by partitions on Ray: every task in a Ray worker, the same verdicts as in this process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from curation.dedup.config import Config
from curation.dedup.step import Limits, deduplicate
from curation.engine import Engine
from curation.split import Limits as SplitLimits
from curation.split import split
from curation.split_config import Config as SplitConfig
from tests.dedup.corpus import verdicts, write_segment
from tests.dedup.test_step import corpus
from tests.end_to_end.test_engines import HAS_NAMESPACES

THERE = """
import sys
from pathlib import Path
from tests.dedup.test_ray import verdicts_of
verdicts_of(Path(sys.argv[1]), "ray")
"""


def verdicts_of(folder: Path, kind: str) -> list[object]:
    """All verdicts of both steps over the test corpus, with few rows in a partition."""
    segments = [write_segment(folder, corpus()[part::3]) for part in range(3)]
    engine = Engine(folder / "workspace", kind=kind, workers=2)
    few = 0 if kind == "ray" else 1 << 20
    for name in ("deduplicated", "split"):
        (folder / name).mkdir()
    deduplicate(
        segments,
        folder / "previous",
        Config(),
        None,
        folder / "deduplicated",
        engine,
        Limits(partition_rows=1 << 20, few_rows=few),
    )
    split(segments, folder / "deduplicated", SplitConfig(), None, folder / "split", engine, SplitLimits(few_rows=few))
    return [*verdicts(folder / "deduplicated", segments), *verdicts(folder / "split", segments)]


@pytest.mark.slow
@pytest.mark.skipif(not HAS_NAMESPACES, reason="Ray listens on all interfaces: it runs in a network namespace of its own")
def test_partitions_on_ray_give_the_verdicts_of_this_process(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    expected = verdicts_of(tmp_path / "here", "local")
    done = subprocess.run(
        ["unshare", "-n", "sh", "-c", f'ip link set lo up && exec "{sys.executable}" -c "$THERE" "{tmp_path / "there"}"'],
        env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "THERE": THERE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    segments = [write_segment(tmp_path / "again", corpus()[part::3]) for part in range(3)]
    there = tmp_path / "there"
    assert [*verdicts(there / "deduplicated", segments), *verdicts(there / "split", segments)] == expected
