"""Model folders as Hugging Face keeps them: config.json, model.safetensors, tokenizer files. Ours, and any Llama, Qwen3 or GPT-2 folder on disk.

Refused: shapes that the decoder cannot compute exactly (other families, sliding windows, other rotary scalings), and pickled weights.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from trainer.config import ModelConfig
from trainer.errors import TrainerError
from trainer.model import Decoder

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja")
CLASSES = {"qwen3": "Qwen3ForCausalLM", "llama": "LlamaForCausalLM", "gpt2": "GPT2LMHeadModel"}


def to_hugging_face(config: ModelConfig, **extra: Any) -> dict[str, Any]:
    """config.json of transformers for this shape; `extra` (token ids) is added."""
    common = {"architectures": [CLASSES[config.architecture]], "model_type": config.architecture, "vocab_size": config.vocab_size,
              "tie_word_embeddings": config.tied, "dtype": "float32", "torch_dtype": "float32", **extra}
    if config.classic:
        return common | {"n_layer": config.num_layers, "n_embd": config.hidden_size, "n_head": config.num_heads, "n_positions": config.context,
                         "n_inner": config.intermediate_size, "layer_norm_epsilon": config.norm_eps, "activation_function": "gelu_new",
                         "attn_pdrop": config.dropout, "resid_pdrop": config.dropout, "embd_pdrop": config.dropout}
    rope = {"rope_type": "llama3", **config.rope_scaling} if config.rope_scaling else None
    return common | {"num_hidden_layers": config.num_layers, "hidden_size": config.hidden_size, "num_attention_heads": config.num_heads,
                     "num_key_value_heads": config.num_kv_heads, "head_dim": config.head_dim, "intermediate_size": config.intermediate_size,
                     "max_position_embeddings": config.context, "rms_norm_eps": config.norm_eps, "hidden_act": "silu",
                     "rope_theta": config.rope_theta, "rope_scaling": rope, "attention_bias": config.attention_bias, "mlp_bias": config.mlp_bias,
                     "attention_dropout": config.dropout}


def from_hugging_face(raw: dict[str, Any], where: Path) -> ModelConfig:
    """The shape that a config.json describes; dropout starts at 0, as fine-tuning wants it."""
    kind = raw.get("model_type")
    if kind not in CLASSES:
        raise TrainerError(f"{where}: model_type {kind!r} is not one of {', '.join(CLASSES)}")
    if kind == "gpt2":
        if raw.get("activation_function", "gelu_new") not in ("gelu_new", "gelu_pytorch_tanh"):
            raise TrainerError(f"{where}: activation {raw['activation_function']!r} is not GPT-2's gelu_new")
        d, h = raw["n_embd"], raw["n_head"]
        return ModelConfig(raw["vocab_size"], raw["n_layer"], d, h, h, d // h, raw.get("n_inner") or 4 * d, raw["n_positions"], classic=True,
                           qk_norm=False, tied=raw.get("tie_word_embeddings", True), attention_bias=True, mlp_bias=True,
                           norm_eps=raw.get("layer_norm_epsilon", 1e-5))
    rope = raw.get("rope_parameters") or raw.get("rope_scaling") or {}
    rope_type = rope.get("rope_type", rope.get("type", "default"))
    if rope_type not in ("default", "llama3") or raw.get("use_sliding_window") or raw.get("hidden_act", "silu") != "silu":
        raise TrainerError(f"{where}: rotary scaling {rope_type!r}, sliding windows or another activation than silu are not supported")
    names = ("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings")
    heads = raw["num_attention_heads"]
    return ModelConfig(
        raw["vocab_size"], raw["num_hidden_layers"], raw["hidden_size"], heads, raw.get("num_key_value_heads") or heads,
        raw.get("head_dim") or raw["hidden_size"] // heads, raw["intermediate_size"], raw["max_position_embeddings"], qk_norm=kind == "qwen3",
        tied=raw.get("tie_word_embeddings", False), attention_bias=raw.get("attention_bias", False), mlp_bias=raw.get("mlp_bias", False),
        rope_theta=float(rope.get("rope_theta") or raw.get("rope_theta") or 10_000.0), norm_eps=raw.get("rms_norm_eps", 1e-6),
        rope_scaling={name: float(rope[name]) for name in names} if rope_type == "llama3" else None)


def find_model(path: Path) -> Path:
    """The folder itself, or the newest checkpoint of an unfinished run."""
    if (path / "config.json").is_file():
        return path
    steps = sorted((path / "checkpoints").glob("step-*/config.json"))
    if not steps:
        raise TrainerError(f"{path} holds no model: expected config.json and model.safetensors, or checkpoints of a run")
    return steps[-1].parent


def read_weights(folder: Path) -> dict[str, Tensor]:
    """All tensors of model.safetensors, or of the parts its index names."""
    index = folder / "model.safetensors.index.json"
    files = sorted(set(json.loads(index.read_text())["weight_map"].values())) if index.is_file() else ["model.safetensors"]
    tensors: dict[str, Tensor] = {}
    for name in files:
        if not (folder / name).is_file():
            raise TrainerError(f"{folder} lacks {name}: only safetensors are read (pickled weights can run code)")
        tensors |= load_file(folder / name)
    return tensors


def load_weights(model: Decoder, tensors: dict[str, Tensor], where: Path) -> None:
    """Fill the model; every parameter must be there and fit. Older GPT-2 folders lack the prefix `transformer.`."""
    if model.config.classic:
        tensors = {name if name.startswith(("transformer.", "lm_head.")) else f"transformer.{name}": value for name, value in tensors.items()}
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name not in tensors or tensors[name].shape != parameter.shape:
                found = list(tensors[name].shape) if name in tensors else "nothing"
                raise TrainerError(f"{where}: {name} should have shape {list(parameter.shape)}, found {found}")
            parameter.copy_(tensors[name])


def load_model(path: Path) -> Decoder:
    """A decoder in fp32 from a folder."""
    folder = find_model(path)
    model = Decoder(from_hugging_face(json.loads((folder / "config.json").read_text()), folder))
    load_weights(model, read_weights(folder), folder)
    return model


def write_atomically(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def save_model(folder: Path, config: ModelConfig, tensors: dict[str, Tensor], tokenizer_folder: Path | None, extra: dict[str, Any]) -> None:
    """Write a folder that transformers opens. Weights are renamed into place before the config that makes the folder count."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "model.safetensors.tmp", metadata={"format": "pt"})
    os.replace(folder / "model.safetensors.tmp", folder / "model.safetensors")
    for name in TOKENIZER_FILES:
        if tokenizer_folder is not None and tokenizer_folder != folder and (tokenizer_folder / name).is_file():
            shutil.copyfile(tokenizer_folder / name, folder / name)
    stops = {key: value for key, value in extra.items() if key.endswith("token_id")}
    if stops:
        write_atomically(folder / "generation_config.json", json.dumps(stops, indent=1))
    write_atomically(folder / "config.json", json.dumps(to_hugging_face(config, **extra), indent=1))
