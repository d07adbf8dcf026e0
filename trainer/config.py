"""Sizes of a model and the dial that sets them: `tiny small gpt2 medium`; every derived number can be overridden.

`ModelConfig` is what an exchange format can hold, nothing more. Shapes: Qwen3 (`qk_norm`), Llama (no `qk_norm`), GPT-2 (`classic`).
Widths are multiples of 256 from `small` on, because K-quants store rows in blocks of 256; `tiny` falls back to blocks of 32.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from trainer.errors import TrainerError


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
    rope_scaling: dict[str, float] | None = None  # Llama 3's, as found in a folder given to --init
    norm_eps: float = 1e-6

    def __post_init__(self) -> None:
        if self.num_heads % self.num_kv_heads:
            raise TrainerError(f"num_heads {self.num_heads} is not a multiple of num_kv_heads {self.num_kv_heads}")
        if self.head_dim % 2 and not self.classic:
            raise TrainerError(f"head_dim {self.head_dim} is odd: rotary positions turn pairs of channels")
        if self.classic and (self.num_kv_heads != self.num_heads or self.head_dim * self.num_heads != self.hidden_size):
            raise TrainerError("the gpt2 shape has one key-value head per head, and heads that fill the width")

    @property
    def architecture(self) -> str:
        """Hugging Face's `model_type`."""
        return "gpt2" if self.classic else "qwen3" if self.qk_norm else "llama"

    @property
    def num_parameters(self) -> int:
        """Trainable numbers; a tied head counts once."""
        d, q, kv, f = self.hidden_size, self.num_heads * self.head_dim, self.num_kv_heads * self.head_dim, self.intermediate_size
        if self.classic:
            return (self.vocab_size * (1 if self.tied else 2) + self.context) * d + self.num_layers * (12 * d * d + 13 * d
                    + (f - 4 * d) * (2 * d + 1)) + 2 * d
        block = 2 * d * (q + kv) + 3 * d * f + 2 * d + (2 * self.head_dim if self.qk_norm else 0)
        block += (q + 2 * kv + d) * self.attention_bias + (2 * f + d) * self.mlp_bias
        return self.vocab_size * d * (1 if self.tied else 2) + self.num_layers * block + d

    def flops_per_token(self, context: int) -> int:
        """Forward and backward of one trained token: 6 per weight that multiplies, 12·L·heads·head_dim·T for attention (PaLM's count)."""
        idle = self.context * self.hidden_size if self.classic else 0  # positions are looked up, not multiplied
        idle += 0 if self.tied else self.vocab_size * self.hidden_size
        return 6 * (self.num_parameters - idle) + 12 * self.num_layers * self.num_heads * self.head_dim * context


# layers, width, heads, context, learning rate, sequences per step
DIAL: dict[str, tuple[int, int, int, int, float, int]] = {
    "tiny": (4, 128, 4, 128, 6e-3, 16),
    "small": (8, 512, 8, 512, 3e-3, 64),
    "gpt2": (12, 768, 12, 1024, 1.5e-3, 480),
    "medium": (24, 1024, 16, 2048, 1e-3, 256),
}


def preset(name: str, vocab_size: int, overrides: dict[str, Any]) -> ModelConfig:
    """The dial's shape with every override (None = derived) put in before the dependent numbers are derived."""
    layers, width, heads, context, _, _ = DIAL[name]
    given = {key: value for key, value in overrides.items() if value is not None}
    classic = bool(given.pop("classic", name == "gpt2"))
    width, heads = given.pop("hidden_size", width), given.pop("num_heads", heads)
    if width % heads and "head_dim" not in given:
        raise TrainerError(f"hidden_size {width} is not a multiple of num_heads {heads}: give --head-dim or other numbers")
    ffn = 4 * width if classic else max(256, round(8 / 3 * width / 256) * 256) if width >= 256 else 3 * width
    config = ModelConfig(vocab_size, layers, width, heads, heads, width // heads, ffn, context, classic=classic,
                         qk_norm=not classic, attention_bias=classic, mlp_bias=classic, norm_eps=1e-5 if classic else 1e-6)
    return replace(config, **given)


def describe(config: ModelConfig) -> str:
    """Every number of the shape, printed before training starts."""
    numbers = "  ".join(f"{key}={value}" for key, value in asdict(config).items() if value is not None)
    return f"{config.architecture} shape, {config.num_parameters:,} parameters\n  {numbers}"
