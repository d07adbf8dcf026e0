"""`python -m trainer.export MODEL --format hf --out FOLDER`: a model that other programs open, with the same logits.

`hf` is a Hugging Face folder; `gguf` a file for llama.cpp and its kin, quantized by --type.
"""

import argparse
import json
from pathlib import Path

from trainer.config import run_command
from trainer.folder import find_model, load_model, save_model


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser("python -m trainer.export", description=__doc__)
    parser.add_argument("model", type=Path, help="a model folder, or the folder of a run")
    parser.add_argument("--format", choices=("hf", "gguf"), default="hf")
    parser.add_argument("--type", choices=("f16", "q8_0", "q4_0", "q4_k_m"), default="f16", help="of a GGUF file's weights")
    parser.add_argument("--out", type=Path, required=True, help="a folder for hf, a file for gguf")
    asked = parser.parse_args(arguments)
    folder = find_model(asked.model)
    model = load_model(folder)
    raw = json.loads((folder / "config.json").read_text())
    if asked.format == "gguf":
        from trainer.gguf_file import write_gguf

        write_gguf(asked.out, model, folder, asked.type)
    else:
        extra = {key: raw[key] for key in ("bos_token_id", "eos_token_id", "tokenizer_sha256") if key in raw}
        save_model(asked.out, model.config, dict(model.named_parameters()), folder, extra)
    print(f"wrote {asked.out}")


if __name__ == "__main__":
    run_command(main)
