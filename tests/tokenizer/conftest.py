"""Small real tokenizers, trained once a session on this repository's own texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curation.tokenizers.config import PRESETS, TokenizerConfig
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.pretokenizers import PRETOKENIZERS
from curation.tokenizers.train import train

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"


def own_texts() -> list[str]:
    """Passages in seven languages and Python."""
    passages = [json.loads(line) for line in (PRESETS / "parallel.jsonl").read_text(encoding="utf-8").splitlines()]
    code = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "curation" / "tokenizers").glob("*.py"))]
    return [text for row in passages for text in row.values()] + code


def small(**settings: object) -> TokenizerConfig:
    return TokenizerConfig.model_validate({"vocab_size": 1500, **settings})


@pytest.fixture(scope="session", params=sorted(PRETOKENIZERS))
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp(request.param)
    train(own_texts(), small(pretokenizer=request.param), made)
    return made


@pytest.fixture(scope="session")
def encoder(folder: Path) -> Encoder:
    return Encoder.load(folder)


@pytest.fixture(scope="session")
def llama3(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("one")
    train(own_texts(), small(), made)
    return made
