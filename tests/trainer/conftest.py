"""One small release and one short run, shared by the tests that only read them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.trainer.releases import write_release
from trainer.config import Settings
from trainer.train import train

torch.set_num_threads(1)  # these models are so small that a second thread only waits, most of all beside other work
SMALL = {"num_layers": 2, "hidden_size": 32, "num_heads": 2}
QUICK = {"context": 32, "steps": 12, "batch_size": 4, "eval_bytes": 2000, "sample_tokens": 8, "log_every": 1000}


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("releases") / "small")


@pytest.fixture(scope="session")
def trained(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that has learned the sample's sentences a little."""
    return train(Settings(release=release, out=tmp_path_factory.mktemp("model"), shape=SMALL, **(QUICK | {"steps": 40})))
