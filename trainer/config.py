"""Sizes of a model and the dial that sets them: `tiny small gpt2 medium`; every derived number can be overridden by a flag of
its name.

`ModelConfig` is what an exchange format can hold, nothing more. Shapes: Qwen3 (`qk_norm`), Llama (no `qk_norm`), GPT-2
(`classic`). Widths are multiples of 256 from `small` on, because K-quants store rows in blocks of 256; `tiny` falls back to
blocks of 32.
"""

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any


class TrainerError(Exception):
    """Something the user can put right, in one message: what, where, got, expected, do next."""


def run_command(main: Callable[[list[str]], object]) -> None:
    """Run a command line. Exit status 0 only when the work is done; else 1 and one message (`--debug`: a traceback)."""
    arguments = sys.argv[1:]
    try:
        main([a for a in arguments if a != "--debug"])
    except TrainerError as error:
        if "--debug" in arguments:
            raise
        raise SystemExit(f"error: {error}") from None


@dataclass(frozen=True)
class ModelConfig:
    """Shape of one decoder; `classic` chooses learned positions, LayerNorm, GELU and biases."""

    vocab_size: int
    num_layers: int
    hidden_size: int
    num_heads: int
    num_kv_heads: int
    head_dim: int
    intermediate_size: int
    context: int
    classic: bool = False
    qk_norm: bool = True
    tied: bool = True
    attention_bias: bool = False
    mlp_bias: bool = False
    dropout: float = 0.0
    rope_theta: float = 10_000.0
    norm_eps: float = 1e-6
    rope_scaling: dict[str, float] | None = None  # Llama 3's, as found in a folder given to --init

    def __post_init__(self) -> None:
        if self.num_heads % self.num_kv_heads:
            raise TrainerError(f"num_heads {self.num_heads} is not a multiple of num_kv_heads {self.num_kv_heads}")
        if self.head_dim % 2 and not self.classic:
            raise TrainerError(f"head_dim {self.head_dim} is odd: rotary positions turn pairs of channels")
        if self.classic and (self.num_kv_heads != self.num_heads or self.head_dim * self.num_heads != self.hidden_size):
            raise TrainerError("the gpt2 shape has as many key-value heads as heads, and heads that fill the width")

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


SHAPE = tuple(f.name for f in fields(ModelConfig) if f.name not in ("vocab_size", "dropout", "rope_scaling"))
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
    sizes = dict(num_layers=layers, hidden_size=width, num_heads=heads, num_kv_heads=heads, head_dim=width // heads)
    shape = dict(
        classic=classic, qk_norm=not classic, attention_bias=classic, mlp_bias=classic, norm_eps=1e-5 if classic else 1e-6
    )
    return ModelConfig(vocab_size, **(sizes | shape | {"intermediate_size": wide, "context": context} | overrides))


def describe(config: ModelConfig) -> str:
    """Every number of the shape, printed before training starts."""
    numbers = "  ".join(f"{key}={value}" for key, value in asdict(config).items() if value is not None)
    return f"{config.architecture} shape, {config.matrix_parameters / 1e6:,.1f} M weights that multiply each token\n  {numbers}"
