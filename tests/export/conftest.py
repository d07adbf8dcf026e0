"""A small finished output of the stand-alone form, which everything that reads releases can be tried on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curation.tokenizers.config import PRESETS
from curation.tokenizers.standalone import Job, tokenize_files

ROOT = Path(__file__).resolve().parents[2]


def texts() -> list[str]:
    rows = [json.loads(line) for line in (PRESETS / "parallel.jsonl").read_text(encoding="utf-8").splitlines()]
    return [f"{number}: {text}\n" for number in range(3) for row in rows for text in row.values()] + ["<|eos|> is only text", "x"]


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    lines = [{"text": text, "lang": "en", "license": "cc0", "source": "own"} for text in texts()]
    (folder / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    (folder / "small.toml").write_text("vocab_size = 600\n", encoding="utf-8")
    job = Job(
        (str(folder / "in.jsonl"),), folder / "out", str(folder / "small.toml"), eval_fraction=0.2, max_tokens=2000, workers=1
    )
    tokenize_files(job)
    return folder / "out"
