"""`python -m trainer.export MODEL --format hf --out FOLDER`: a model that other programs open, with the same logits."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from trainer.errors import run_command
from trainer.folder import find_model, load_model, save_model


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m trainer.export", description=__doc__)
    parser.add_argument("model", type=Path, help="a model folder, or the folder of a run")
    parser.add_argument("--format", choices=("hf",), default="hf")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args(arguments)
    folder = find_model(asked.model)
    raw = json.loads((folder / "config.json").read_text())
    model = load_model(folder)
    extra = {key: raw[key] for key in ("bos_token_id", "eos_token_id", "tokenizer_sha256") if key in raw}
    save_model(asked.out, model.config, dict(model.named_parameters()), folder, extra)
    print(f"wrote {asked.out}")


if __name__ == "__main__":
    run_command(main)
