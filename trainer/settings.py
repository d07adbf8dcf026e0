"""Every flag of `python -m trainer.train`, declared once: name, default, meaning. What stays at an `auto` default is derived
from the rest and printed before training."""

import argparse
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self, get_type_hints

from trainer.config import DIAL, SHAPE, ModelConfig


def flag(default: Any, text: str, *choices: str, free: bool = False) -> Any:
    """`free`: may differ between a run and its continuation without changing a result."""
    return field(default=default, metadata={"help": text, "choices": choices or None, "free": free})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One training run. Lengths are in tokens, sizes in sequences unless the name says otherwise."""

    release: Path | None = flag(None, "release folder, or a workspace with latest.json", free=True)  # noqa: RUF009
    out: Path = flag(Path("model"), "folder for the model, checkpoints, metrics.jsonl, loss.svg, report.html", free=True)  # noqa: RUF009
    preset: str = flag("tiny", "size of the model and its usual settings", *DIAL)
    shape: dict[str, Any] = field(default_factory=dict, metadata={"help": "overrides of the preset's shape"})
    dropout: float = flag(0.0, "share of activations zeroed while training")
    init: Path | None = flag(None, "start from this model folder: ours, or any Hugging Face Llama, Qwen3 or GPT-2")  # noqa: RUF009
    chat: Path | None = flag(None, "tune on conversations: a .jsonl of {messages: [...]}, or `release` for the release's own")  # noqa: RUF009
    lora_rank: int = flag(0, "train low-rank adapters of this rank instead of the weights (0: the weights)")
    steps: int = flag(0, "optimizer steps; auto: from --epochs")
    epochs: float = flag(0.0, "passes over the data when --steps is absent; auto: 1, 3 when fine-tuning")
    batch_size: int = flag(0, "sequences per optimizer step over all ranks; auto: the preset's")
    batch_tokens: int = flag(0, "the same in tokens, instead of --batch-size")
    micro_batch: int = flag(0, "sequences per forward pass and rank; auto: what fits", free=True)
    optimizer: str = flag("auto", "muon: AdamW beside it; auto: muon, adamw when fine-tuning", "auto", "muon", "adamw")
    lr: float = flag(0.0, "peak learning rate; auto: the preset's, 0.08 / width when fine-tuning, 5 times that for adapters")
    warmup: int = flag(-1, "steps of linear warm-up; auto: 2 % of the run, at most 200")
    schedule: str = flag("wsd", "warm-up, stable, linear decay; or cosine", "wsd", "cosine")
    decay: float = flag(0.4, "share of the run over which wsd decays")
    min_lr: float = flag(0.0, "where the decay ends, as a share of the peak")
    weight_decay: float = flag(0.1, "pull of matrices towards zero")
    clip: float = flag(1.0, "largest gradient norm (0: no clipping)")
    packing: str = flag("chop", "cut the stream into rows, or fit whole documents", "chop", "best_fit")
    document_mask: bool = flag(False, "attention stays inside a document")
    seed: int = flag(0, "order of data, first weights, dropout")
    device: str = flag("auto", "auto, cpu, cuda, mps", free=True)
    precision: str = flag("auto", "number format of matrix products", "auto", "bf16", "fp16", "fp32")
    compile: bool | None = flag(None, "compile each block (first step takes up to a minute); auto: on CUDA", free=True)
    checkpointing: bool | None = flag(None, "recompute activations in the backward pass; auto: if nothing else fits", free=True)
    loss_chunk: int = flag(-1, "tokens whose logits are held at once (0: all); auto: 1024, 16384 on CUDA")
    memory_gib: float = flag(0.0, "memory to plan for; auto: what the card has free", free=True)
    fit: bool = flag(False, "only print what fits the card at hand", free=True)
    deterministic: bool = flag(False, "the same bits on CUDA in every run (slower)")
    fsdp: bool = flag(False, "shard weights over ranks (FSDP2) instead of copying them (DDP)", free=True)
    log_every: int = flag(10, "steps between progress lines; only then is the device's loss waited for", free=True)
    eval_every: int = flag(0, "steps between evaluations and samples; auto: a tenth of the run, or a quarter", free=True)
    eval_bytes: int = flag(0, "bytes of eval text, spread over sources and languages; auto: 64 KiB on CPU, 4 MiB else", free=True)
    sample_tokens: int = flag(48, "length of a sample", free=True)
    prompt: tuple[str, ...] = flag(("",), "what samples start with (repeatable)", free=True)
    save_every: int = flag(0, "steps between checkpoints; auto: as --eval-every", free=True)
    resume: str = flag("auto", "auto: go on with an unfinished run; never: start anew", "auto", "never", free=True)

    def fixed(self) -> dict[str, Any]:
        """What a continuation must have in common, as JSON can hold it."""
        kept = {f.name: getattr(self, f.name) for f in fields(self) if not f.metadata.get("free")}
        return {name: str(value) if isinstance(value, Path) else value for name, value in kept.items()}

    def derive(self, **values: Any) -> Self:
        """Fill in what the user left at its default."""
        defaults = {f.name: f.default for f in fields(self)}
        return replace(self, **{name: value for name, value in values.items() if getattr(self, name) == defaults[name]})


def parse(arguments: list[str]) -> Settings:
    """`--dashes` and `--under_scores` both work; booleans get a `--no-` twin; every number of the shape is a flag too."""
    parser = argparse.ArgumentParser("python -m trainer.train", description="Train, fine-tune or chat-tune a GPT.")
    hints = get_type_hints(ModelConfig) | get_type_hints(Settings)
    for name, options in [(f.name, f) for f in fields(Settings) if f.name != "shape"] + [(name, None) for name in SHAPE]:
        text = options.metadata["help"] if options else "shape; auto: the preset's"
        shown: dict[str, Any] = {"help": text.replace("%", "%%"), "default": options.default if options else None}
        names = dict.fromkeys(("--" + name.replace("_", "-"), "--" + name))
        if name == "release":
            parser.add_argument(name, nargs="?", type=Path, **shown)
        elif name == "prompt":
            parser.add_argument(*names, action="append", **shown | {"default": None})
        elif hints[name] in (bool, bool | None):
            parser.add_argument(*names, action=argparse.BooleanOptionalAction, **shown)
        else:
            kind = next(t for t in (int, float, str, Path) if hints[name] in (t, t | None))
            parser.add_argument(*names, type=kind, choices=options.metadata["choices"] if options else None, **shown)
    values = vars(parser.parse_args(arguments))
    shape = {name: value for name in SHAPE if (value := values.pop(name)) is not None}
    return Settings(**values | {"shape": shape, "prompt": tuple(values["prompt"] or [""])})
