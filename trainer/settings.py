"""Every flag of `python -m trainer.train`, declared once: name, default, meaning. None (shown as `auto`) is derived and printed before training."""

from __future__ import annotations

import argparse
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from trainer.config import DIAL


def flag(default: Any, text: str, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"help": text, "choices": choices})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One training run. Lengths are in tokens, sizes in sequences unless the name says otherwise."""

    release: Path = field(metadata={"help": "release folder, or a workspace with latest.json; for --chat also a model's own tokenizer folder"})
    out: Path = flag(Path("model"), "folder for the model, its checkpoints, metrics.jsonl, loss.svg and report.html")
    preset: str = flag("tiny", "size of the model and its usual settings", tuple(DIAL))
    init: Path | None = flag(None, "start from this model folder: ours, or any Hugging Face Llama, Qwen3 or GPT-2")
    chat: Path | None = flag(None, "tune on conversations: a .jsonl of {messages: [...]}, or `release` for the release's chat/train.jsonl")
    # shape; auto = the preset's
    num_layers: int | None = flag(None, "blocks")
    hidden_size: int | None = flag(None, "width of the residual stream")
    num_heads: int | None = flag(None, "attention heads")
    num_kv_heads: int | None = flag(None, "key-value heads (fewer than heads: grouped-query attention)")
    head_dim: int | None = flag(None, "channels per head")
    intermediate_size: int | None = flag(None, "width of the feed-forward")
    context: int | None = flag(None, "tokens the model sees at once (block size)")
    classic: bool | None = flag(None, "GPT-2's shape: learned positions, LayerNorm, GELU, biases")
    qk_norm: bool | None = flag(None, "normalise queries and keys (Qwen3); --no-qk-norm is Llama")
    tied: bool | None = flag(None, "embedding and head share one matrix")
    rope_theta: float | None = flag(None, "base of the rotary angles")
    dropout: float = flag(0.0, "share of activations zeroed while training")
    # how long, how much
    steps: int | None = flag(None, "optimizer steps; auto: from --epochs")
    epochs: float | None = flag(None, "passes over the data when --steps is absent; auto: 1 (3 when fine-tuning)")
    batch_size: int | None = flag(None, "sequences per optimizer step over all ranks; auto: the preset's")
    batch_tokens: int | None = flag(None, "the same in tokens (rounded to whole sequences)")
    micro_batch: int | None = flag(None, "sequences per forward pass and rank; auto: what fits")
    # optimizer
    optimizer: str | None = flag(None, "muon (hidden matrices, AdamW for the rest) or adamw; auto: muon, adamw when fine-tuning", ("muon", "adamw"))
    lr: float | None = flag(None, "peak learning rate; auto: the preset's, a tenth of it when fine-tuning")
    warmup: int | None = flag(None, "steps of linear warm-up; auto: 2 % of the run, at most 200")
    schedule: str = flag("wsd", "warm-up, stable, linear decay; or cosine; or constant", ("wsd", "cosine", "constant"))
    decay: float = flag(0.4, "share of the run over which wsd decays")
    min_lr: float = flag(0.0, "where the decay ends, as a share of the peak")
    weight_decay: float = flag(0.1, "pull of matrices towards zero")
    clip: float = flag(1.0, "largest gradient norm (0: no clipping)")
    beta1: float = flag(0.9, "AdamW's memory of gradients")
    beta2: float = flag(0.95, "AdamW's memory of squared gradients")
    momentum: float = flag(0.95, "Muon's memory of gradients")
    lora_rank: int = flag(0, "train low-rank adapters of this rank instead of the weights (needs --init)")
    lora_alpha: float = flag(16.0, "adapters are scaled by alpha / rank")
    # data
    packing: str = flag("chop", "cut the stream into rows, or fit whole documents", ("chop", "best_fit"))
    document_mask: bool = flag(False, "attention stays inside a document")
    seed: int = flag(0, "order of data, first weights, dropout")
    # machine
    device: str = flag("auto", "auto, cpu, cuda, mps")
    precision: str = flag("auto", "number format of matrix products", ("auto", "bf16", "fp16", "fp32"))
    compile: bool | None = flag(None, "compile each block (first step takes up to a minute); auto: on CUDA")
    checkpointing: bool | None = flag(None, "recompute activations in the backward pass; auto: if needed to fit")
    loss_chunk: int | None = flag(None, "tokens whose logits are held at once (0: all); auto: 4096, 16384 on CUDA")
    deterministic: bool = flag(False, "the same bits on CUDA in every run (slower)")
    fsdp: bool = flag(False, "shard weights over ranks (FSDP2) instead of copying them (DDP)")
    # seeing
    log_every: int = flag(10, "steps between progress lines (metrics.jsonl has every step)")
    eval_every: int | None = flag(None, "steps between evaluations; auto: a tenth of the run (a quarter up to 200 steps)")
    eval_bytes: int | None = flag(None, "bytes of eval text scored, spread over sources and languages; auto: 64 KiB on CPU, 4 MiB else")
    eval_document_bytes: int = flag(16384, "at most this much of one eval document (0: whole documents)")
    sample_every: int | None = flag(None, "steps between samples; auto: with each evaluation")
    sample_tokens: int = flag(48, "length of a sample")
    prompt: tuple[str, ...] = flag(("",), "what samples start with (repeatable)")
    save_every: int | None = flag(None, "steps between checkpoints; auto: a tenth of the run (a quarter up to 200 steps)")
    keep: int = flag(2, "checkpoints kept")
    resume: str = flag("auto", "auto: go on with an unfinished run of the same settings; never: start anew; must: error if there is none",
                       ("auto", "never", "must"))


# What may differ between a run and its continuation without changing a result.
FREE = frozenset({"release", "out", "micro_batch", "log_every", "eval_every", "sample_every", "sample_tokens", "prompt", "save_every", "keep", "resume",
                  "device", "compile", "eval_bytes", "eval_document_bytes", "fsdp", "checkpointing"})


def parser() -> argparse.ArgumentParser:
    """`--under_scores` and `--dashes` both work; booleans get a `--no-` twin."""
    result = argparse.ArgumentParser("python -m trainer.train", description="Train, fine-tune or chat-tune a GPT on a release's shards.")
    hints = get_type_hints(Settings)
    for item in fields(Settings):
        _add(result, item, hints[item.name])
    return result


def _add(result: argparse.ArgumentParser, item: Field[Any], hint: Any) -> None:
    text = item.metadata["help"]
    if item.default is MISSING:
        result.add_argument(item.name, type=Path, help=text)
        return
    kind = next((t for t in (bool, int, float, Path, str) if hint in (t, t | None)), str)
    names = list(dict.fromkeys(["--" + item.name.replace("_", "-"), "--" + item.name]))
    shown = "auto" if item.default is None else item.default
    if kind is bool:
        result.add_argument(*names, action=argparse.BooleanOptionalAction, default=item.default, help=text)
    elif item.name == "prompt":
        result.add_argument(*names, action="append", default=None, help=text)
    else:
        result.add_argument(*names, type=kind, default=item.default, choices=item.metadata["choices"] or None, help=f"{text} [{shown}]".replace("%", "%%"))


def parse(arguments: list[str]) -> Settings:
    values = vars(parser().parse_args(arguments))
    values["prompt"] = tuple(values["prompt"] or ("",))
    return Settings(**values)
