"""Every size and every flag, declared once: group, meaning, default. What stays at its automatic default is derived from the
rest and printed before training.

`ModelConfig` is what an exchange format can hold, nothing more. Shapes: Qwen3 (`qk_norm`), Llama (no `qk_norm`), GPT-2
(`classic`). One dial, `tiny small gpt2 medium`, sets them. Widths are multiples of 256 from `small` on, because K-quants store
rows in blocks of 256; `tiny` falls back to blocks of 32.
"""
# ruff: noqa: RUF009 (a flag is a dataclass field)

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Self, get_args, get_type_hints


class TrainerError(Exception):
    """Something the user can put right, in one message: what, where, got, expected, do next."""


def run_command(main: Callable[[list[str]], object]) -> None:
    """Run a command line. Exit status 0 only when the work is done; else 1 and one message (`--debug`: a traceback)."""
    try:
        main([argument for argument in sys.argv[1:] if argument != "--debug"])
    except TrainerError as error:
        raise error if "--debug" in sys.argv else SystemExit(f"error: {error}") from None


def flag(group: str, text: str, default: Any = MISSING, *choices: str, auto: str = "") -> Any:
    """A field that is a flag of the command line too; `auto` says what its default comes to."""
    about = {"group": group, "help": text, "choices": choices or None, "auto": auto}
    return field(default=default, metadata=about)


def shape(text: str, default: Any = MISSING) -> Any:
    return flag("shape", text, default, auto="the preset's")


@dataclass(frozen=True)
class ModelConfig:
    """Shape of one decoder."""

    vocab_size: int
    context: int
    num_layers: int = shape("blocks, one after the other")
    hidden_size: int = shape("channels of the stream that runs through the blocks")
    num_heads: int = shape("attention heads of a block, each with queries of its own")
    num_kv_heads: int = shape("heads of keys and values; fewer than heads is grouped-query attention")
    head_dim: int = shape("channels of a head")
    intermediate_size: int = shape("channels inside the feed-forward")
    classic: bool = shape("GPT-2's shape: learned positions, LayerNorm, GELU, biases", False)
    exact_gelu: bool = shape("GELU by the error function, on CPUs three times as fast as GPT-2's own, a tanh", False)
    qk_norm: bool = shape("normalise queries and keys, as Qwen3 does; without it the shape is Llama's", True)
    tied: bool = shape("one matrix for the embedding and for the logits", True)
    attention_bias: bool = shape("biases in the attention's projections", False)
    mlp_bias: bool = shape("biases in the feed-forward", False)
    rope_theta: float = shape("base of the rotary positions' wave lengths; larger for longer contexts", 10_000.0)
    norm_eps: float = shape("added to the mean square before normalising divides by its root", 1e-6)
    dropout: float = 0.0
    rope_scaling: dict[str, float] | None = None  # Llama 3's, as found in a folder given to --init

    def __post_init__(self) -> None:
        heads = f"{self.num_heads} heads of {self.head_dim} channels, {self.num_kv_heads} key-value heads"
        if self.num_heads % self.num_kv_heads or (self.head_dim % 2 and not self.classic):
            raise TrainerError(f"{heads}: these must divide the heads, and rotary positions turn pairs of channels")
        if self.classic and (self.num_kv_heads != self.num_heads or self.head_dim * self.num_heads != self.hidden_size):
            raise TrainerError(f"{heads}: the gpt2 shape has as many of each, and they fill its width {self.hidden_size}")

    @property
    def architecture(self) -> str:
        """Hugging Face's `model_type`."""
        return "gpt2" if self.classic else "qwen3" if self.qk_norm else "llama"

    @property
    def matrix_parameters(self) -> int:
        """Weights that multiply each token: blocks and head (positions and a separate embedding are looked up)."""
        d, q, kv = self.hidden_size, self.num_heads * self.head_dim, self.num_kv_heads * self.head_dim
        feed_forward = (2 if self.classic else 3) * d * self.intermediate_size
        return self.vocab_size * d + self.num_layers * (2 * d * (q + kv) + feed_forward)

    def flops_per_token(self, context: int) -> int:
        """Forward and backward of one token: 6 per weight that multiplies, 12·layers·heads·head_dim·T for attention (PaLM's
        count)."""
        return 6 * self.matrix_parameters + 12 * self.num_layers * self.num_heads * self.head_dim * context


# layers, width, heads, context, learning rate, sequences per step
DIAL: dict[str, tuple[int, int, int, int, float, int]] = {
    "tiny": (4, 128, 4, 128, 6e-3, 8),
    "small": (8, 512, 8, 512, 3e-3, 64),
    "gpt2": (12, 768, 12, 1024, 1.5e-3, 480),
    "medium": (24, 1024, 16, 2048, 1e-3, 256),
}


def preset(name: str, vocab_size: int, overrides: dict[str, Any]) -> ModelConfig:
    """The dial's shape; overrides are put in before the numbers that depend on them are derived."""
    layers, width, heads, context, _, _ = DIAL[name]
    classic = overrides.get("classic", name == "gpt2")
    width, heads = overrides.get("hidden_size", width), overrides.get("num_heads", heads)
    if width % heads and "head_dim" not in overrides:
        raise TrainerError(f"hidden_size {width} is not a multiple of num_heads {heads}: give --head-dim or other numbers")
    wide = 4 * width if classic else round(8 / 3 * width / 256) * 256 if width >= 256 else 3 * width
    found = dict(num_layers=layers, hidden_size=width, num_heads=heads, num_kv_heads=heads, head_dim=width // heads)
    found |= {"intermediate_size": wide, "context": context, "qk_norm": not classic, "norm_eps": 1e-5 if classic else 1e-6}
    found |= dict.fromkeys(("classic", "exact_gelu", "attention_bias", "mlp_bias"), classic)
    return ModelConfig(vocab_size, **(found | overrides))


def describe(config: Any) -> str:
    """Every number of a shape or a run that is not off."""
    return "  ".join(f"{key}={value}" for key, value in asdict(config).items() if value not in (None, False, "", ("",), {}))


DATA, MODEL, LENGTH, LEARNING = "data", "model", "length of the run", "learning"
MACHINE, SHOWN = "machine (may differ when a run goes on)", "what is shown and kept (may differ when a run goes on)"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One training run. Lengths are in tokens, sizes in sequences unless the name says otherwise."""

    release: Path | None = flag(DATA, "release folder, or a workspace with latest.json", None, auto="none")
    chat: Path | None = flag(DATA, "tune on this .jsonl of {messages: [...]}, or on the `release`'s own", None, auto="none")
    packing: str = flag(DATA, "cut the stream into rows, or fit whole documents", "chop", "chop", "best_fit")
    document_mask: bool = flag(DATA, "attention stays inside a document", False)
    seed: int = flag(DATA, "order of data, first weights, dropout", 0)
    preset: str = flag(MODEL, "size of the model and its usual settings", "tiny", *DIAL)
    context: int = flag(MODEL, "tokens of a row: how far attention can look back", 0, auto="the preset's, or the model's")
    dropout: float = flag(MODEL, "share of activations zeroed while training, against learning by heart", 0.0)
    init: Path | None = flag(MODEL, "start from this folder: ours, or a Hugging Face Llama, Qwen3, GPT-2", None, auto="noise")
    lora_rank: int = flag(MODEL, "train low-rank adapters of this rank instead of the weights", 0, auto="0, the weights")
    shape: dict[str, Any] = field(default_factory=dict)  # of the flags that are fields of ModelConfig
    steps: int = flag(LENGTH, "optimizer steps", 0, auto="from --epochs")
    epochs: float = flag(LENGTH, "how often the data is seen, when --steps is absent", 0.0, auto="1, fine-tuning 3")
    batch_size: int = flag(LENGTH, "sequences averaged in one optimizer step, over all ranks", 0, auto="the preset's")
    batch_tokens: int = flag(LENGTH, "the same in tokens", 0, auto="--batch-size times --context")
    optimizer: str = flag(LEARNING, "muon has adamw beside it", "", "muon", "adamw", auto="muon, fine-tuning adamw")
    lr: float = flag(LEARNING, "peak learning rate: how far a step goes", 0.0, auto="the preset's; fine-tuning 0.08 / width")
    warmup: int = flag(LEARNING, "steps over which the rate rises to its peak", -1, auto="2 %% of the run, at most 200")
    schedule: str = flag(LEARNING, "warm-up, stable, linear decay; or cosine", "wsd", "wsd", "cosine")
    decay: float = flag(LEARNING, "share of the run over which wsd decays", 0.4)
    min_lr: float = flag(LEARNING, "where the decay ends, as a share of the peak", 0.0)
    weight_decay: float = flag(LEARNING, "pull of matrices towards zero", 0.1)
    clip: float = flag(LEARNING, "largest gradient norm; 0 does not clip", 1.0)
    precision: str = flag(LEARNING, "of matrix products", "", "bf16", "fp16", "fp32", auto="what the device is made for")
    loss_chunk: int = flag(LEARNING, "tokens whose logits are held at once, 0 for all", -1, auto="1024, on CUDA 16384")
    deterministic: bool = flag(LEARNING, "the same bits on CUDA in every run (slower)", False)
    device: str = flag(MACHINE, "cpu, cuda or mps", "auto", auto="the fastest there is")
    micro_batch: int = flag(MACHINE, "sequences per forward pass and rank; the result is the same", 0, auto="what fits")
    checkpointing: bool | None = flag(MACHINE, "recompute activations to save memory", None, auto="if nothing else fits")
    compile: bool | None = flag(MACHINE, "compile each block; the first step takes up to a minute", None, auto="on CUDA")
    memory_gib: float = flag(MACHINE, "memory to plan for", 0.0, auto="what the card has free")
    fit: bool = flag(MACHINE, "only print what fits the card at hand", False)
    fsdp: bool = flag(MACHINE, "share weights among ranks (FSDP2) instead of copying them (DDP)", False)
    out: Path = flag(SHOWN, "folder for model, checkpoints, metrics.jsonl, loss.svg, report.html", Path("model"))
    resume: str = flag(SHOWN, "go on with an unfinished run, or start anew", "auto", "auto", "never")
    save_every: int = flag(SHOWN, "steps between checkpoints", 0, auto="as --eval-every")
    log_every: int = flag(SHOWN, "steps between progress lines; only then is the device waited for", 10)
    eval_every: int = flag(SHOWN, "steps between evaluations", 0, auto="a tenth of the run, a quarter of a short one")
    eval_bytes: int = flag(SHOWN, "eval text, over all sources and languages", 0, auto="64 KiB, on CUDA 4 MiB")
    prompt: Sequence[str] = flag(SHOWN, "what samples start with, one or more", ("",), auto="nothing")
    sample_tokens: int = flag(SHOWN, "length of a sample", 48)

    def fixed(self) -> dict[str, Any]:
        """What a continuation must have in common, as JSON can hold it."""
        kept = {f.name for f in fields(self) if f.metadata.get("group") not in (MACHINE, SHOWN)} - {"release"}
        return {name: str(value) if isinstance(value := getattr(self, name), Path) else value for name in sorted(kept)}

    def derive(self, **values: Any) -> Self:
        """Fill in what the user left at its default."""
        defaults = {f.name: f.default for f in fields(self)}
        return replace(self, **{name: value for name, value in values.items() if getattr(self, name) == defaults[name]})


def parse(owner: Any, command: str, first: str, about: str, arguments: list[str]) -> Any:
    """A dataclass of flags from `python -m COMMAND FIRST --flags`; booleans have a `--no-` twin. A field `shape` collects what is
    asked of a ModelConfig."""
    usage = f"python -m {command} {first.upper()} [flags]"
    wanted = argparse.ArgumentParser(usage=usage, description=about, argument_default=argparse.SUPPRESS)
    groups = cache(wanted.add_argument_group)
    owners = (owner, ModelConfig) if "shape" in get_type_hints(owner) else (owner,)
    for hints, f in ((get_type_hints(each), f) for each in owners for f in fields(each) if f.metadata):
        group, choices, hint = f.metadata["group"], f.metadata["choices"], hints[f.name]
        kind = next(t for t in (bool, int, float, Path, str) if t in (hint, *get_args(hint)))
        usual = "" if f.default is MISSING and not f.metadata["auto"] else f" (default: {f.metadata['auto'] or f.default})"
        named, many = f.name if f.name == first else "--" + f.name.replace("_", "-"), "+" if hint == Sequence[str] else None
        options: dict[str, Any] = {"type": kind, "choices": choices, "nargs": many}
        options = {"action": argparse.BooleanOptionalAction} if kind is bool else options
        options |= {"nargs": "?", "default": f.default} if named == first and usual else {}
        groups(group).add_argument(named, help=f.metadata["help"] + usual, **options)
    given = vars(wanted.parse_args(arguments))
    shape = {f.name: given.pop(f.name) for f in fields(ModelConfig) if f.metadata and f.name in given}
    return owner(**given, **({"shape": shape} if shape else {}))
