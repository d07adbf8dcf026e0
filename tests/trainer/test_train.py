"""Whole runs through the command line: what lands on disk, and what is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.trainer.conftest import QUICK, SMALL
from trainer import export, sample
from trainer.config import Settings, TrainerError
from trainer.seeing import read_metrics
from trainer.shards import file_sha256
from trainer.train import main, train


def flags(**values: object) -> list[str]:
    return [part for key, value in (QUICK | SMALL | values).items() for part in (f"--{key.replace('_', '-')}", str(value))]


def test_train_tiny_learns_and_leaves_model_curve_log_and_checkpoint(trained: Path) -> None:
    metrics = read_metrics(trained / "metrics.jsonl")
    losses = [m["loss"] for m in metrics if m["kind"] == "train"]
    assert [m["step"] for m in metrics if m["kind"] == "train"] == list(range(1, 41))
    assert losses[-1] < losses[0] - 2
    bits = [m for m in metrics if m["kind"] == "eval"]
    assert bits[-1]["bits_per_byte"] < bits[0]["bits_per_byte"]
    assert set(bits[-1]["groups"]) == {"all", "source books", "source wiki", "lang en", "lang pl"}
    assert any(m["kind"] == "sample" and m["text"] for m in metrics)
    assert "<svg" in (trained / "loss.svg").read_text()
    assert (trained / "checkpoints" / "step-00000040" / "optimizer.safetensors").is_file()


def test_train_from_workspace_and_sample_and_export_by_command_line(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "releases").mkdir()
    shutil.copytree(release, tmp_path / "releases" / "r1")
    (tmp_path / "latest.json").write_text(json.dumps({"release": "r1"}))
    main([str(tmp_path), "--out", str(tmp_path / "model"), *flags(steps=4)])
    sample.main([str(tmp_path / "model"), "--prompt", "The old", "--max-tokens", "5", "--temperature", "0"])
    assert capsys.readouterr().out.splitlines()[-1].startswith("The old")
    export.main([str(tmp_path / "model"), "--format", "hf", "--out", str(tmp_path / "hf")])
    config = json.loads((tmp_path / "hf" / "config.json").read_text())
    assert config["architectures"] == ["Qwen3ForCausalLM"] and (tmp_path / "hf" / "tokenizer.json").is_file()


def test_train_shards_of_another_tokenizer_are_refused_by_name(release: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(release, tmp_path / "copy")
    with (copy / "tokenizer" / "tokenizer.json").open("a") as stream:
        stream.write(" ")
    with pytest.raises(TrainerError, match=r"tokenizer\.json has sha256"):
        train(Settings(release=copy, out=tmp_path / "model", shape=SMALL, **QUICK))
    manifest = json.loads((release / "manifest.json").read_text())
    copy = shutil.copytree(release, tmp_path / "mixed")
    tokenizer = copy / "tokenizer" / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text() + " ")
    (copy / "manifest.json").write_text(
        json.dumps(manifest | {"tokenizer": {"sha256": file_sha256(tokenizer), "vocab_size": 400}})
    )
    with pytest.raises(TrainerError, match="was written with tokenizer"):
        train(Settings(release=copy, out=tmp_path / "model", shape=SMALL, **QUICK))


def test_train_folder_without_release_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="python -m curation run"):
        train(Settings(release=tmp_path, out=tmp_path / "model"))
