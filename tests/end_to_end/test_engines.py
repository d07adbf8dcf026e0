"""Where a run happens is not what it makes: Ray and Slurm give the release that this machine gives."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import make_corpus, release_tree, run, tree

HAS_NAMESPACES = (
    shutil.which("unshare") and subprocess.run(["unshare", "-n", "true"], check=False, capture_output=True).returncode == 0
)

# Slurm's three commands at the very edge: sbatch runs the array's tasks here and now, one after the other.
SBATCH = """#!/bin/sh
script=$(mktemp); cat "$@" >/dev/null 2>&1; for last in "$@"; do :; done; cp "$last" $script
array=$(sed -n 's/^#SBATCH --array=0-\\([0-9]*\\).*/\\1/p' $script)
if grep -q merge_stats $script; then echo "Submitted batch job 2"; exit 0; fi
export SLURM_ARRAY_JOB_ID=1 SLURM_NODELIST=here SLURM_PROCID=0 SLURM_NODEID=0 RUN_OFFSET=0
for task in $(seq 0 ${array:-0}); do SLURM_ARRAY_TASK_ID=$task sh $script >>$0.log 2>&1; done
echo "Submitted batch job 1"
"""
SRUN = '#!/bin/sh\nwhile [ $# -gt 0 ]; do case $1 in -n) shift 2;; -*) shift;; *) break;; esac; done\nexec "$@"\n'


@pytest.mark.slow
@pytest.mark.skipif(
    not HAS_NAMESPACES, reason="Ray listens on all interfaces: it is started only inside a network namespace of its own"
)
def test_ray_gives_the_release_that_this_machine_gives(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    here = run(make_corpus(tmp_path / "here"))
    there = make_corpus(tmp_path / "there")
    there.write_text(there.read_text().replace("[execution]\nworkers = 1", '[execution]\nengine = "ray"\nworkers = 2'))
    command = f'ip link set lo up && exec "{sys.executable}" -m curation run "{there}"'
    done = subprocess.run(
        ["unshare", "-n", "sh", "-c", command],
        env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (release,) = (there.parent / "ws/releases").iterdir()
    assert tree(release) == release_tree(here)


@pytest.mark.slow
def test_slurm_array_is_submitted_and_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, body in (("sbatch", SBATCH), ("srun", SRUN), ("squeue", "#!/bin/sh\n"), ("scontrol", "#!/bin/sh\necho here\n")):
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(body)
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}")
    here = run(make_corpus(tmp_path / "here"))
    there = make_corpus(tmp_path / "there")
    slurm = '[execution]\nengine = "slurm"\nworkers = 2\n'
    slurm += '[execution.slurm]\npartition = "all"\ntime = "01:00:00"\npoll_seconds = 0.1\n'
    there.write_text(there.read_text().replace("[execution]\nworkers = 1\n", slurm))
    assert release_tree(run(there)) == release_tree(here)
