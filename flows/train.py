"""The flow `train`: the bundled trainer on a release, as a subprocess; its loss curve as an artifact."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE


@task(cache_policy=NO_CACHE, persist_result=False)
def fit(release: str, out: str, options: list[str]) -> dict[str, float]:
    """Train; returns the last line of metrics.jsonl."""
    logger = get_run_logger()
    command = [sys.executable, "-m", "trainer.train", release, "--out", out, *options]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        try:
            for line in process.stdout:
                logger.info(line.rstrip())
        except BaseException:
            process.kill()  # a cancelled run: leaving the block waits for the trainer's own end
            raise
    if process.returncode:
        raise RuntimeError(f"the trainer ended with exit status {process.returncode}; its log says why")
    show_curve(Path(out))
    return dict(json.loads((Path(out) / "metrics.jsonl").read_text().splitlines()[-1]))


def show_curve(out: Path) -> None:
    picture = base64.b64encode((out / "loss.svg").read_bytes()).decode()
    create_markdown_artifact(
        key="loss", markdown=f"![loss](data:image/svg+xml;base64,{picture})\n\nmodel: `{out}`", description="Training loss"
    )


@flow(name="train", persist_result=False)
def train(workspace: str = "data/demo", out: str = "", preset: str = "tiny", steps: int = 60) -> dict[str, float]:
    """Train on the newest release of `workspace`."""
    return fit(workspace, out or f"{workspace}/model", ["--preset", preset, "--steps", str(steps)])
