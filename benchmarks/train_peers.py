"""Whole training steps of both sides of `benchmarks.train`: ours, and those of a nanoGPT checkout that is read at run time."""

from __future__ import annotations

import importlib.util
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from trainer.config import Settings
from trainer.setup import Job, build
from trainer.shards import open_release
from trainer.train import train_step


class LookAlike:
    """What nanoGPT's model.py computes, in our words, for machines without a checkout: the same sizes, modules and kernels
    (learned positions, LayerNorm, one projection for queries, keys and values, exact GELU, tied head, mean cross-entropy), and
    AdamW with decay on matrices only, unfused on the CPU."""

    @dataclass
    class GPTConfig:
        block_size: int
        vocab_size: int
        n_layer: int
        n_head: int
        n_embd: int
        dropout: float
        bias: bool

    class GPT(nn.Module):
        def __init__(self, config: Any):
            super().__init__()
            d, self.config = config.n_embd, config
            self.tokens, self.positions = nn.Embedding(config.vocab_size, d), nn.Embedding(config.block_size, d)
            self.blocks = nn.ModuleList(_Block(config) for _ in range(config.n_layer))
            self.norm, self.head = nn.LayerNorm(d, bias=config.bias), nn.Linear(d, config.vocab_size, bias=False)
            self.tokens.weight = self.head.weight
            for name, p in self.named_parameters():
                if p.ndim == 2:
                    nn.init.normal_(p, 0.0, 0.02 / math.sqrt(2 * config.n_layer) if name.endswith("out.weight") else 0.02)
                elif name.endswith("bias"):
                    nn.init.zeros_(p)

        def forward(self, ids: torch.Tensor, targets: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            x = self.tokens(ids) + self.positions(torch.arange(ids.shape[1], device=ids.device))
            x = F.dropout(x, self.config.dropout, self.training)
            for block in self.blocks:
                x = block(x)
            logits = self.head(self.norm(x))
            return logits, F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-1)

        def configure_optimizers(self, decay: float, lr: float, betas: tuple[float, float], device: str) -> torch.optim.Optimizer:
            groups = [
                {"params": [p for p in self.parameters() if p.ndim >= 2], "weight_decay": decay},
                {"params": [p for p in self.parameters() if p.ndim < 2], "weight_decay": 0.0},
            ]
            return torch.optim.AdamW(groups, lr=lr, betas=betas, fused=True if device == "cuda" else None)


class _Block(nn.Module):
    def __init__(self, config: Any):
        super().__init__()
        d, self.config = config.n_embd, config
        self.norm1, self.norm2 = nn.LayerNorm(d, bias=config.bias), nn.LayerNorm(d, bias=config.bias)
        self.qkv, self.attention_out = nn.Linear(d, 3 * d, bias=config.bias), nn.Linear(d, d, bias=config.bias)
        self.up, self.mlp_out = nn.Linear(d, 4 * d, bias=config.bias), nn.Linear(4 * d, d, bias=config.bias)
        self.drop1, self.drop2 = nn.Dropout(config.dropout), nn.Dropout(config.dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        rows, length, d = x.shape
        parts = self.qkv(self.norm1(x)).split(d, dim=2)
        q, k, v = (part.view(rows, length, self.config.n_head, d // self.config.n_head).transpose(1, 2) for part in parts)
        rate = self.config.dropout if self.training else 0.0
        mixed = F.scaled_dot_product_attention(q, k, v, dropout_p=rate, is_causal=True)
        x = x + self.drop1(self.attention_out(mixed.transpose(1, 2).contiguous().view(rows, length, d)))
        return x + self.drop2(self.mlp_out(F.gelu(self.up(self.norm2(x)))))


def load_nanogpt(folder: Path) -> Any:
    """The checkout's model.py as a module; nothing of it is copied."""
    spec = importlib.util.spec_from_file_location("nanogpt_model", folder / "model.py")
    if spec is None or spec.loader is None or not (folder / "model.py").is_file():
        raise SystemExit(f"error: {folder} has no model.py: --nanogpt takes a nanoGPT checkout")
    module = importlib.util.module_from_spec(spec)
    sys.modules["nanogpt_model"] = module
    spec.loader.exec_module(module)
    return module


def clock_of(device: str) -> Callable[[], float]:
    """Processor time where one thread does everything (others' work on the machine does not count), else the wall's."""
    return time.process_time if device == "cpu" and torch.get_num_threads() == 1 else time.perf_counter


def our_job(release: Path, out: Path, steps: int, **settings: Any) -> Job:
    return build(Settings(release=release, out=out, steps=steps, **settings))


def our_steps(job: Job, count: int) -> Callable[[], float]:
    """Rate over `count` whole steps, batches built in between (no prefetch thread: one core's work is counted in full)."""
    done, clock = [0], clock_of(job.device.type)

    def run() -> float:
        begin = clock()
        for _ in range(count):
            loss, _ = train_step(job, done[0] % job.settings.steps, job.data.batch(done[0]))
            done[0] += 1
        float(loss)
        return count * job.settings.batch_size * job.settings.context / (clock() - begin)

    return run


def their_steps(
    nanogpt: Any,
    ids: np.ndarray,
    config: dict[str, Any],
    rows: int,
    count: int,
    device: str = "cpu",
    total: int = 0,
    accumulate: int = 1,
    peak_lr: float = 1e-3,
    beta2: float = 0.99,
) -> tuple[Any, Callable[[], float]]:
    """nanoGPT's model and optimizer in its training step: memmap batch, backward (`accumulate` micro-batches), clip at 1, AdamW;
    of `total` steps a tenth, at most 100, warm up, then a cosine to a tenth of the peak."""
    known = nanogpt.GPTConfig.__dataclass_fields__
    plain = {"use_rmsnorm": False, "use_relu": False, "use_softermax": False}  # forks carry such switches; the original has none
    model = nanogpt.GPT(nanogpt.GPTConfig(**config, **{key: value for key, value in plain.items() if key in known})).to(device)
    optimizer = model.configure_optimizers(0.1, peak_lr, (0.9, beta2), device)
    called = torch.compile(model) if device == "cuda" else model
    low = torch.autocast("cuda", torch.bfloat16) if device == "cuda" else torch.autocast("cpu", enabled=False)
    done, context, clock = [0], config["block_size"], clock_of(device)

    def run() -> float:
        begin = clock()
        for _ in range(count):
            if total:
                for group in optimizer.param_groups:
                    group["lr"] = peak_lr * warm_up_then_cosine(done[0], total)
            for _ in range(accumulate):
                at = torch.randint(len(ids) - context, (rows,)).tolist()
                x = torch.stack([torch.from_numpy(ids[i : i + context].astype(np.int64)) for i in at])
                y = torch.stack([torch.from_numpy(ids[i + 1 : i + 1 + context].astype(np.int64)) for i in at])
                if device == "cuda":
                    x, y = (part.pin_memory().to(device, non_blocking=True) for part in (x, y))
                with low:
                    _, loss = called(x, y)
                (loss / accumulate).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            done[0] += 1
        float(loss.detach())
        return count * accumulate * rows * context / (clock() - begin)

    return model, run


def warm_up_then_cosine(step: int, total: int) -> float:
    """Share of the peak rate, as in nanoGPT's README recipe of 2,000 steps: 100 to warm up, then down to a tenth."""
    warm = min(100, max(1, total // 10))
    if step < warm:
        return (step + 1) / (warm + 1)
    return 0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, total - warm)))


def train_bytes(release: Path) -> np.ndarray:
    opened = open_release(release)
    return np.concatenate([ids for group in opened.groups["train"] for ids in opened.documents(group)])
