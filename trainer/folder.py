"""Model folders as Hugging Face keeps them: config.json, model.safetensors, tokenizer files. Ours, and any Llama, Qwen3 or
GPT-2 on disk.

Refused: shapes that the decoder cannot compute exactly (other families, sliding windows, other rotary scalings), and pickled
weights.
"""

import json
import shutil
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from trainer.config import ModelConfig, TrainerError
from trainer.model import Decoder
from trainer.parallel import like

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja")
CLASSES = {"qwen3": "Qwen3ForCausalLM", "llama": "LlamaForCausalLM", "gpt2": "GPT2LMHeadModel"}
# our names where Hugging Face has others; the rest is called alike
MODERN = {"num_layers": "num_hidden_layers", "num_heads": "num_attention_heads", "num_kv_heads": "num_key_value_heads"}
MODERN |= {"context": "max_position_embeddings", "norm_eps": "rms_norm_eps", "tied": "tie_word_embeddings"}
CLASSIC = {"num_layers": "n_layer", "num_heads": "n_head", "hidden_size": "n_embd", "intermediate_size": "n_inner"}
CLASSIC |= {"context": "n_positions", "norm_eps": "layer_norm_epsilon", "tied": "tie_word_embeddings"}
UNNAMED = ("classic", "exact_gelu", "qk_norm", "dropout", "rope_scaling")  # said by the model type, or in a form of its own
ONLY_MODERN = ("num_kv_heads", "head_dim", "attention_bias", "mlp_bias", "rope_theta")
LLAMA3 = ("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings")


def _names(classic: bool) -> dict[str, str]:
    """Hugging Face's name of each field that this family's config.json has."""
    left_out, others = ((*UNNAMED, *ONLY_MODERN), CLASSIC) if classic else (UNNAMED, MODERN)
    return {f.name: others.get(f.name, f.name) for f in fields(ModelConfig) if f.name not in left_out}


def to_hugging_face(config: ModelConfig) -> dict[str, Any]:
    """config.json of transformers for this shape."""
    kind, raw = config.architecture, {theirs: getattr(config, ours) for ours, theirs in _names(config.classic).items()}
    if config.classic:
        raw |= {"activation_function": "gelu" if config.exact_gelu else "gelu_new"}
        raw |= dict.fromkeys(("attn_pdrop", "resid_pdrop", "embd_pdrop"), config.dropout)
    else:
        scaling = {"rope_type": "llama3", **config.rope_scaling} if config.rope_scaling else None
        raw |= {"hidden_act": "silu", "attention_dropout": config.dropout, "rope_scaling": scaling}
    return {"architectures": [CLASSES[kind]], "model_type": kind, "dtype": "float32", "torch_dtype": "float32", **raw}


def read_config(folder: Path) -> ModelConfig:
    """The shape that a folder's config.json describes; dropout starts at 0, as fine-tuning wants it."""
    raw = json.loads((folder / "config.json").read_text())
    kind, rope = raw.get("model_type"), raw.get("rope_parameters") or raw.get("rope_scaling") or {}
    rope_type, slides = rope.get("rope_type", rope.get("type", "default")), bool(raw.get("use_sliding_window"))
    activation, classic = raw.get("hidden_act", raw.get("activation_function", "silu")), kind == "gpt2"
    plain = activation in (("gelu", "gelu_new", "gelu_pytorch_tanh") if classic else ("silu",)) and not slides
    if kind not in CLASSES or rope_type not in ("default", "llama3") or not plain:
        refused = f"model_type {kind!r}, rotary scaling {rope_type!r}, activation {activation!r}, sliding windows {slides}"
        raise TrainerError(f"{folder}: only plain {', '.join(CLASSES)} can be computed, not {refused}")
    found = {ours: raw[theirs] for ours, theirs in _names(classic).items() if raw.get(theirs) is not None}
    heads, width = found["num_heads"], found["hidden_size"]
    usual = {"num_kv_heads": heads, "head_dim": width // heads, "exact_gelu": activation == "gelu", "qk_norm": kind == "qwen3"}
    usual |= dict.fromkeys(("classic", "tied", "attention_bias", "mlp_bias"), classic)
    usual |= {"intermediate_size": 4 * width, "norm_eps": 1e-5} if classic else {}
    found |= {"rope_theta": rope["rope_theta"]} if "rope_theta" in rope else {}
    found |= {"rope_scaling": {name: float(rope[name]) for name in LLAMA3}} if rope_type == "llama3" else {}
    return ModelConfig(**usual | found)


def find_model(path: Path) -> Path:
    """The folder itself, or the newest checkpoint of an unfinished run."""
    for file in [path / "config.json", *sorted(path.glob("checkpoints/step-*/config.json"), reverse=True)]:
        if file.is_file():
            return file.parent
    raise TrainerError(f"{path} holds no model: expected config.json and model.safetensors, or checkpoints of a run")


def is_turned(name: str) -> bool:
    """GPT-2's projections are stored [in, out] by Hugging Face, and turned when read and written."""
    return ".h." in name and name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight"))


def load_weights(model: Decoder, folder: Path) -> None:
    """Fill the model from model.safetensors, or from the parts its index names; every parameter must be there and fit. Older
    GPT-2 folders lack the prefix `transformer.`."""
    index = folder / "model.safetensors.index.json"
    files = sorted(set(json.loads(index.read_text())["weight_map"].values())) if index.is_file() else ["model.safetensors"]
    if missing := [name for name in files if not (folder / name).is_file()]:
        raise TrainerError(f"{folder} lacks {missing[0]}: only safetensors are read (pickled weights can run code)")
    tensors = {key: value for name in files for key, value in load_file(folder / name).items()}
    parameters = dict(model.named_parameters())
    if any("lora_" in name for name in tensors.keys() - parameters.keys()):
        raise TrainerError(f"{folder} is a checkpoint of an unfinished adapter run: finish it first, the model is merged then")
    with torch.no_grad():
        for name, parameter in parameters.items():
            value = tensors.get(name, tensors.get(name.removeprefix("transformer."), torch.empty(0)))
            value = value.t() if is_turned(name) else value
            if value.shape != parameter.shape:
                raise TrainerError(f"{folder}: {name} has shape {list(value.shape)}, expected {list(parameter.shape)}")
            parameter.copy_(like(value, parameter))


def load_model(path: Path) -> Decoder:
    """A decoder in fp32 from a folder."""
    model = Decoder(read_config(folder := find_model(path)))
    load_weights(model, folder)
    return model


def write_atomically(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def save_model(folder: Path, config: ModelConfig, tensors: dict[str, torch.Tensor], source: Path, extra: dict[str, Any]) -> None:
    """Write a folder that transformers opens, with the tokenizer files of folder `source`; `extra` (token ids)
    joins its configs. The config, which makes the folder count, comes last."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: value.t().contiguous() if is_turned(name) else value for name, value in tensors.items()}
    save_file(tensors, folder / "model.safetensors.tmp", metadata={"format": "pt"})
    (folder / "model.safetensors.tmp").replace(folder / "model.safetensors")
    for name in TOKENIZER_FILES:
        if source != folder and (source / name).is_file():
            shutil.copyfile(source / name, folder / name)
    ids = {key: value for key, value in extra.items() if key.endswith("token_id")}
    write_atomically(folder / "generation_config.json", json.dumps(ids, indent=1))
    write_atomically(folder / "config.json", json.dumps(extra | to_hugging_face(config), indent=1))
