"""Model folders as Hugging Face keeps them: config.json, model.safetensors, tokenizer files. Ours, and any Llama, Qwen3 or
GPT-2 on disk.

Refused: shapes that the decoder cannot compute exactly (other families, sliding windows, other rotary scalings), and pickled
weights.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from trainer.config import ModelConfig, TrainerError
from trainer.model import Decoder

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja")
CLASSES = {"qwen3": "Qwen3ForCausalLM", "llama": "LlamaForCausalLM", "gpt2": "GPT2LMHeadModel"}
COMMON = {"vocab_size": "vocab_size", "tied": "tie_word_embeddings"}
MODERN = COMMON | {
    "num_layers": "num_hidden_layers",
    "hidden_size": "hidden_size",
    "num_heads": "num_attention_heads",
    "num_kv_heads": "num_key_value_heads",
    "head_dim": "head_dim",
    "intermediate_size": "intermediate_size",
    "context": "max_position_embeddings",
    "norm_eps": "rms_norm_eps",
    "attention_bias": "attention_bias",
    "mlp_bias": "mlp_bias",
    "rope_theta": "rope_theta",
}
CLASSIC = COMMON | {
    "num_layers": "n_layer",
    "hidden_size": "n_embd",
    "num_heads": "n_head",
    "intermediate_size": "n_inner",
    "context": "n_positions",
    "norm_eps": "layer_norm_epsilon",
}


def to_hugging_face(config: ModelConfig) -> dict[str, Any]:
    """config.json of transformers for this shape."""
    kind = config.architecture
    raw = {theirs: getattr(config, ours) for ours, theirs in (CLASSIC if config.classic else MODERN).items()}
    rest = {
        "activation_function": "gelu_new",
        "attn_pdrop": config.dropout,
        "resid_pdrop": config.dropout,
        "embd_pdrop": config.dropout,
    }
    if not config.classic:
        scaling = {"rope_type": "llama3", **config.rope_scaling} if config.rope_scaling else None
        rest = {"hidden_act": "silu", "attention_dropout": config.dropout, "rope_scaling": scaling}
    return {"architectures": [CLASSES[kind]], "model_type": kind, "dtype": "float32", "torch_dtype": "float32", **raw, **rest}


def from_hugging_face(raw: dict[str, Any], where: Path) -> ModelConfig:
    """The shape that a config.json describes; dropout starts at 0, as fine-tuning wants it."""
    kind, rope = raw.get("model_type"), raw.get("rope_parameters") or raw.get("rope_scaling") or {}
    rope_type = rope.get("rope_type", rope.get("type", "default"))
    activation = raw.get("hidden_act", raw.get("activation_function"))
    if (
        kind not in CLASSES
        or rope_type not in ("default", "llama3")
        or raw.get("use_sliding_window")
        or activation not in (None, "silu", "gelu_new", "gelu_pytorch_tanh")
    ):
        raise TrainerError(
            f"{where}: only plain {', '.join(CLASSES)} can be computed, not model_type {kind!r}, rotary scaling "
            f"{rope_type!r}, activation {activation!r}, sliding windows {bool(raw.get('use_sliding_window'))}"
        )
    names = CLASSIC if kind == "gpt2" else MODERN
    found = {ours: raw[theirs] for ours, theirs in names.items() if raw.get(theirs) is not None}
    heads, width = found["num_heads"], found["hidden_size"]
    defaults = {
        "num_kv_heads": heads,
        "head_dim": width // heads,
        "tied": kind == "gpt2",
        "qk_norm": kind == "qwen3",
        "rope_scaling": None,
    }
    if kind == "gpt2":
        defaults |= {"classic": True, "attention_bias": True, "mlp_bias": True, "intermediate_size": 4 * width, "norm_eps": 1e-5}
    if "rope_theta" in rope:
        found["rope_theta"] = rope["rope_theta"]
    if rope_type == "llama3":
        names_ = ("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings")
        found["rope_scaling"] = {name: float(rope[name]) for name in names_}
    return ModelConfig(**defaults | found)


def find_model(path: Path) -> Path:
    """The folder itself, or the newest checkpoint of an unfinished run."""
    found = [path / "config.json", *sorted((path / "checkpoints").glob("step-*/config.json"), reverse=True)]
    for file in found:
        if file.is_file():
            return file.parent
    raise TrainerError(f"{path} holds no model: expected config.json and model.safetensors, or checkpoints of a run")


def read_config(folder: Path) -> ModelConfig:
    return from_hugging_face(json.loads((folder / "config.json").read_text()), folder)


def read_weights(folder: Path) -> dict[str, Tensor]:
    """All tensors of model.safetensors, or of the parts its index names."""
    index = folder / "model.safetensors.index.json"
    files = sorted(set(json.loads(index.read_text())["weight_map"].values())) if index.is_file() else ["model.safetensors"]
    if missing := [name for name in files if not (folder / name).is_file()]:
        raise TrainerError(f"{folder} lacks {missing[0]}: only safetensors are read (pickled weights can run code)")
    return {key: value for name in files for key, value in load_file(folder / name).items()}


def load_weights(model: Decoder, tensors: dict[str, Tensor], where: Path) -> None:
    """Fill the model; every parameter must be there and fit. Older GPT-2 folders lack the prefix `transformer.`."""
    if any("lora_" in name for name in tensors):
        raise TrainerError(f"{where} is a checkpoint of an unfinished adapter run: finish it first, the finished model is merged")
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            value = tensors.get(name, tensors.get(name.removeprefix("transformer.")))
            if value is None or value.shape != parameter.shape:
                found = "nothing" if value is None else list(value.shape)
                raise TrainerError(f"{where}: {name} should have shape {list(parameter.shape)}, found {found}")
            parameter.copy_(value)


def load_model(path: Path) -> Decoder:
    """A decoder in fp32 from a folder."""
    folder = find_model(path)
    model = Decoder(read_config(folder))
    load_weights(model, read_weights(folder), folder)
    return model


def write_atomically(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def save_model(
    folder: Path, config: ModelConfig, tensors: dict[str, Tensor], tokenizer_folder: Path, extra: dict[str, Any]
) -> None:
    """Write a folder that transformers opens; `extra` (token ids) joins its configs. The config, which makes the folder
    count, comes last."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "model.safetensors.tmp", metadata={"format": "pt"})
    (folder / "model.safetensors.tmp").replace(folder / "model.safetensors")
    for name in TOKENIZER_FILES:
        if tokenizer_folder != folder and (tokenizer_folder / name).is_file():
            shutil.copyfile(tokenizer_folder / name, folder / name)
    ids = {key: value for key, value in extra.items() if key.endswith("token_id")}
    write_atomically(folder / "generation_config.json", json.dumps(ids, indent=1))
    write_atomically(folder / "config.json", json.dumps(to_hugging_face(config) | extra, indent=1))
