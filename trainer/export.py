"""`python -m trainer.export MODEL --format hf|gguf --out PATH`: a model that other programs open, with the same logits.

`hf` is a Hugging Face folder; `gguf` (package `gguf`) a file for llama.cpp and its kin, with tokenizer and pre-tokenizer: f16,
q8_0, q4_0 and q4_k_m. The last mixes as llama.cpp's: Q6_K for the (tied) embedding and for half of the value and down
projections, Q4_K for the rest; rows that are no multiple of 256 fall back to Q8_0 and Q5_0. Llama's queries and keys are
reordered, because llama.cpp turns neighbouring channels there.

The `gguf` package can only decode K-quants, so their encoders stand here: Q4_K (4.5 bits a weight) and Q6_K (6.6), from
float32 [blocks, 256] to uint8 [blocks, 144] and [blocks, 210] in the layout that ggml-quants.c reads. Scales and
offsets are least squares; Q4_K's are the best of several.
"""
# ruff: noqa: RUF009 (a flag is a dataclass field)

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Regex, Tokenizer, pre_tokenizers

from trainer.config import ModelConfig, TrainerError, flag, parse, run_command
from trainer.folder import find_model, load_model, save_model
from trainer.model import Decoder, rope_frequencies
from trainer.shards import Array, bos_id, load_tokenizer

_MODERN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}DIGITS| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
PRE_TOKENIZERS = {"gpt-2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"}
PRE_TOKENIZERS |= {"llama-bpe": _MODERN.replace("DIGITS", "{1,3}"), "qwen2": _MODERN.replace("DIGITS", "")}
TYPES = {"f16": 1, "q4_0": 2, "q8_0": 7, "q4_k_m": 15}  # and their numbers in a GGUF file
PROBE = "It's 12345 o'clock, WE'LL  pay 3.50€!?\n\n\tdef f(x):\r\n    return x  # żółw\u00a0 Ünï 你好 سلام 1a2b \n x"


def pre_tokenizer_name(tokenizer: Tokenizer) -> str:
    """llama.cpp's name for how this tokenizer splits text, found by splitting a probe with each that we know."""
    plain = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    for name, regex in PRE_TOKENIZERS.items():
        known = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(regex), "isolated"), plain])
        if tokenizer.pre_tokenizer and tokenizer.pre_tokenizer.pre_tokenize_str(PROBE) == known.pre_tokenize_str(PROBE):
            return name
    raise TrainerError(f"the tokenizer splits text as none of {', '.join(PRE_TOKENIZERS)}: llama.cpp could not encode for it")


def weight_type(kind: str, name: str, shape: tuple[int, ...], config: ModelConfig) -> str:
    """ggml's type for one matrix."""
    if len(shape) == 1 or "position" in name or "rope" in name:
        return "F32"
    if shape[-1] % 32 or kind == "f16":
        return "F16"
    careful, wide, last = name.startswith("token_embd" if config.tied else "output"), shape[-1] % 256 == 0, config.num_layers
    if kind == "q4_k_m" and any(part in name for part in ("attn_v", "attn_qkv", "ffn_down")):
        layer = int(name.split(".")[1])
        careful = layer < last // 8 or layer >= 7 * last // 8 or (layer - last // 8) % 3 == 2
    if kind == "q8_0" or careful:
        return "Q6_K" if wide and kind != "q8_0" else "Q8_0"
    return "Q4_0" if kind == "q4_0" else "Q4_K" if wide else "Q5_0"


def _tokenizer_fields(writer: Any, folder: Path) -> None:
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    raw, size = json.loads(tokenizer.to_str()), tokenizer.get_vocab_size()
    special = {token["id"]: token["special"] for token in raw["added_tokens"]}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre_tokenizer_name(tokenizer))
    writer.add_token_list([tokenizer.id_to_token(i) for i in range(size)])
    writer.add_token_types([{True: 3, False: 4, None: 1}[special.get(i)] for i in range(size)])  # control, user-defined, normal
    writer.add_token_merges([pair if isinstance(pair, str) else " ".join(pair) for pair in raw["model"]["merges"]])
    writer.add_bos_token_id(bos_id(tokenizer))
    writer.add_eos_token_id(bos_id(tokenizer))  # a document ends where the next begins
    writer.add_add_bos_token(True)
    if (turn := tokenizer.token_to_id("<|end|>")) is not None:
        writer.add_eot_token_id(turn)
    config = folder / "tokenizer_config.json"
    if config.is_file() and (template := json.loads(config.read_text()).get("chat_template")):
        writer.add_chat_template(template)


def _tensors(model: Decoder) -> Iterator[tuple[str, Array]]:
    """Names and values as llama.cpp expects them, still in Hugging Face's names."""
    config = model.config
    for name, parameter in model.named_parameters():
        value = parameter.detach().float().cpu().numpy()
        if config.architecture == "llama" and ("q_proj" in name or "k_proj" in name):
            value = value.reshape(-1, 2, config.head_dim // 2, *value.shape[1:]).swapaxes(1, 2).reshape(value.shape)
        yield name, value
    if config.rope_scaling:
        plain = config.rope_theta ** -(np.arange(0.0, config.head_dim, 2) / config.head_dim)
        yield "rope_freqs", plain / rope_frequencies(config).numpy()


def write_gguf(path: Path, model: Decoder, folder: Path, kind: str) -> None:
    """`folder` holds the tokenizer; `kind` is f16, q8_0, q4_0 or q4_k_m."""
    try:
        import gguf
    except ImportError:
        raise TrainerError("GGUF export needs the package gguf: pip install gguf") from None
    config, writer = model.config, gguf.GGUFWriter(path, model.config.architecture)
    numbers: dict[str, Any] = {"name": folder.resolve().name, "file_type": TYPES[kind], "quantization_version": 2}
    numbers |= {"vocab_size": config.vocab_size, "context_length": config.context, "embedding_length": config.hidden_size}
    numbers |= {"block_count": config.num_layers, "feed_forward_length": config.intermediate_size}
    numbers |= {"head_count": config.num_heads, "head_count_kv": config.num_kv_heads}
    numbers["layer_norm_eps" if config.classic else "layer_norm_rms_eps"] = config.norm_eps
    if not config.classic:
        numbers |= dict.fromkeys(("key_length", "value_length", "rope_dimension_count"), config.head_dim)
        numbers["rope_freq_base"] = config.rope_theta
    for name, number in numbers.items():
        getattr(writer, f"add_{name}")(number)
    _tokenizer_fields(writer, folder)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[config.architecture.upper()], config.num_layers)
    for name, value in _tensors(model):
        target = names.get_name(name, try_suffixes=(".weight", ".bias")) or "rope_freqs.weight"
        chosen, value = weight_type(kind, target, value.shape, config), np.ascontiguousarray(value, dtype=np.float32)
        qtype, ours = gguf.GGMLQuantizationType[chosen], {"Q4_K": q4_k, "Q6_K": q6_k}.get(chosen)
        data = ours(value.reshape(-1, 256)).reshape(len(value), -1) if ours else gguf.quants.quantize(value, qtype)
        writer.add_tensor(target, data, raw_dtype=qtype)
    for part in ("write_header_to_file", "write_kv_data_to_file", "write_tensors_to_file", "close"):
        getattr(writer, part)()


def _over(a: Array, b: Any) -> Any:
    """a / b, and 0 where b is."""
    return np.divide(a, b, out=np.zeros(np.broadcast_shapes(a.shape, b.shape), np.float32), where=b != 0)


def _steps(x: Array, low: int, high: int) -> Array:
    return np.clip(np.rint(x), low, high)


def q4_k(blocks: Array) -> Array:
    """x ≈ d·scale·q - dmin·offset, q in 0…15, per 32 weights; scales and offsets of 6 bits, d and dmin fp16."""
    x = blocks.reshape(-1, 8, 32)
    low, mean = np.minimum(x.min(-1, keepdims=True), 0), x.mean(-1, keepdims=True)
    best, scale, offset = np.full(low.shape, np.inf, np.float32), np.zeros_like(low), -low
    for levels in np.linspace(13.5, 16.5, 13, dtype=np.float32):
        q = _steps(levels * _over(x - low, x.max(-1, keepdims=True) - low), 0, 15)
        centred = q - q.mean(-1, keepdims=True)  # least squares of x on q, with an offset that cannot be negative
        slope = _over((centred * x).sum(-1, keepdims=True), (centred**2).sum(-1, keepdims=True))
        shift = np.maximum(slope * q.mean(-1, keepdims=True) - mean, 0)
        slope = np.where(shift > 0, slope, _over((q * x).sum(-1, keepdims=True), (q * q).sum(-1, keepdims=True)))
        error = ((slope * q - shift - x) ** 2).sum(-1, keepdims=True)
        better = error < best
        best, scale, offset = (np.where(better, *pair) for pair in ((error, best), (slope, scale), (shift, offset)))
    d, dmin = (np.float16(part.max(1, keepdims=True) / 63) for part in (scale, offset))
    scale, offset = (_steps(_over(a, b.astype(np.float32)), 0, 63).astype(np.uint8) for a, b in ((scale, d), (offset, dmin)))
    q = _steps(_over(x + np.float32(dmin) * offset, np.float32(d) * scale), 0, 15).astype(np.uint8).reshape(-1, 4, 2, 32)
    s, m = scale[..., 0], offset[..., 0]
    packed = [s[:, :4] | (s[:, 4:] >> 4 << 6), m[:, :4] | (m[:, 4:] >> 4 << 6), (s[:, 4:] & 15) | (m[:, 4:] << 4)]
    halves = [unit.reshape(-1, 1).view(np.uint8) for unit in (d, dmin)]
    return np.concatenate((*halves, *packed, (q[:, :, 0] | (q[:, :, 1] << 4)).reshape(-1, 128)), axis=1)


def q6_k(blocks: Array) -> Array:
    """x ≈ d·scale·q, q in -32…31, per 16 weights; scales of 8 bits, d fp16."""
    x = blocks.reshape(-1, 16, 16)
    peak = np.take_along_axis(x, np.abs(x).argmax(-1)[..., None], -1)
    q = _steps(-32 * _over(x, peak), -32, 31)
    scale = _over((q * x).sum(-1, keepdims=True), (q * q).sum(-1, keepdims=True))  # least squares
    d = np.float16(np.abs(scale).max(1, keepdims=True) / 127)
    scale = _steps(_over(scale, d.astype(np.float32)), -127, 127)
    u = (_steps(_over(x, np.float32(d) * scale), -32, 31) + 32).astype(np.uint8).reshape(-1, 2, 4, 32)
    low = np.stack((u[:, :, 0] & 15 | u[:, :, 2] << 4, u[:, :, 1] & 15 | u[:, :, 3] << 4), axis=2)
    high = (u >> 4 << np.array([0, 2, 4, 6], np.uint8)[:, None]).sum(2, dtype=np.uint8)
    scales, unit = scale[..., 0].astype(np.int8).view(np.uint8), d.reshape(-1, 1).view(np.uint8)
    return np.concatenate((low.reshape(-1, 128), high.reshape(-1, 64), scales, unit), axis=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The command line."""

    model: Path = flag("model", "a model folder, or the folder of a run")
    format: str = flag("file", "a folder for transformers, or a file for llama.cpp", "hf", "hf", "gguf")
    type: str = flag("file", "number format of a GGUF file's weights", "f16", *TYPES)
    out: Path = flag("file", "a folder for hf, a file for gguf", Path("export"))


def main(arguments: list[str]) -> None:
    asked: Asked = parse(Asked, "trainer.export", "model", __doc__, arguments)
    folder = find_model(asked.model)
    model, raw = load_model(folder), json.loads((folder / "config.json").read_text())
    if asked.format == "gguf":
        write_gguf(asked.out, model, folder, asked.type)
    else:
        save_model(asked.out, model.config, dict(model.named_parameters()), folder, raw)
    print(f"wrote {asked.out}")


if __name__ == "__main__":
    run_command(main)
