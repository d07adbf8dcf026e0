"""GPT-2's blocks in Hugging Face's names: learned positions, LayerNorm before each part, one fused projection, GELU, biases, dropout.

Hugging Face stores GPT-2's projections as `Conv1D`, input × output: the transpose of a Linear. Reference: Language Models are Unsupervised
Multitask Learners (2019).
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.attention import Cache, attend
from trainer.config import ModelConfig


class Conv1D(nn.Module):
    """x · weight + bias, weight [in, out]."""

    def __init__(self, num_in: int, num_out: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(num_in, num_out))
        self.bias = nn.Parameter(torch.zeros(num_out))

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight.t(), self.bias)


class ClassicAttention(nn.Module):
    """Queries, keys and values from one projection."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.c_attn = Conv1D(config.hidden_size, 3 * config.hidden_size)
        self.c_proj = Conv1D(config.hidden_size, config.hidden_size)

    def forward(self, x: Tensor, mask: Any, cache: Cache | None) -> Tensor:
        q, k, v = (part.unflatten(-1, (-1, self.config.head_dim)).transpose(1, 2) for part in self.c_attn(x).chunk(3, dim=-1))
        out = attend(q, k, v, mask, cache, self.config.dropout if self.training else 0.0)
        return self.c_proj(out.transpose(1, 2).flatten(2))


class ClassicMLP(nn.Module):
    """gelu(x · up) · down, with the tanh form of GELU that GPT-2 was trained with."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.c_fc = Conv1D(config.hidden_size, config.intermediate_size)
        self.c_proj = Conv1D(config.intermediate_size, config.hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        return self.c_proj(F.gelu(self.c_fc(x), approximate="tanh"))


class ClassicBlock(nn.Module):
    """Pre-norm residual block; takes the rotary table that it does not use, so that both shapes are called alike."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = (nn.LayerNorm(config.hidden_size, eps=config.norm_eps) for _ in range(2))
        self.attn, self.mlp, self.dropout = ClassicAttention(config), ClassicMLP(config), config.dropout

    def forward(self, x: Tensor, rope: None, mask: Any, cache: Cache | None) -> Tensor:
        x = x + F.dropout(self.attn(self.ln_1(x).to(x.dtype), mask, cache), self.dropout, self.training)
        return x + F.dropout(self.mlp(self.ln_2(x).to(x.dtype)), self.dropout, self.training)


def classic_backbone(config: ModelConfig) -> nn.ModuleDict:
    """What Hugging Face calls `transformer`."""
    return nn.ModuleDict({
        "wte": nn.Embedding(config.vocab_size, config.hidden_size),
        "wpe": nn.Embedding(config.context, config.hidden_size),
        "h": nn.ModuleList(ClassicBlock(config) for _ in range(config.num_layers)),
        "ln_f": nn.LayerNorm(config.hidden_size, eps=config.norm_eps)})
