"""What fits: bytes that a training step needs, by an account of what is kept, and the fastest settings within a budget.

Kept per weight: fp32 value and gradient, optimizer state (AdamW 8 bytes, Muon 4), a 16-bit copy. Kept per token and layer:
what the backward pass reads. The account is checked by a test against torch's own record of saved tensors; on CUDA 10 % of
the card stays free.
"""

from dataclasses import dataclass

import torch

from trainer.config import ModelConfig

RESERVE = 0.6e9  # CUDA context, cuBLAS workspaces, fragmentation


@dataclass(frozen=True)
class Account:
    """What decides the bytes of a step, but for the micro-batch; `shards`: ranks that share weights and optimizer (FSDP2)."""

    config: ModelConfig
    optimizer: str
    context: int
    precision: str
    loss_chunk: int
    shards: int = 1

    def activation_bytes(self, checkpointing: bool) -> float:
        """Per token, for all layers."""
        config, low = self.config, 4 if self.precision == "fp32" else 2
        d, f, stream = config.hidden_size, config.intermediate_size, low
        q, kv = config.num_heads * config.head_dim, config.num_kv_heads * config.head_dim
        if config.classic:
            block = stream * 4 * d + low * (2 * d + 3 * q + q + 2 * f)
        else:
            block = (stream + 4) * 2 * d + low * (2 * d + 2 * q + kv + q) + low * 4 * f + (4 + low) * 2 * (q + kv)
        return config.num_layers * d * stream + block if checkpointing else config.num_layers * block

    def step_bytes(self, micro_batch: int, checkpointing: bool) -> float:
        """Bytes of one optimizer step."""
        config, low = self.config, 4 if self.precision == "fp32" else 2
        head, copy, tokens = config.vocab_size * config.hidden_size, 0 if low == 4 else 2, micro_batch * self.context
        positions = config.context * config.hidden_size if config.classic else 0
        rest = head * (1 if config.tied else 2) + positions
        weights = (config.matrix_parameters - head) * ((12 if self.optimizer == "muon" else 16) + copy) + rest * (16 + copy)
        logits = min(tokens, self.loss_chunk or tokens) * config.vocab_size * (4 + 4 + low) + head * 4
        return weights / self.shards + tokens * (self.activation_bytes(checkpointing) + 8 * config.hidden_size) + logits

    def fit(self, rows: int, budget: float, checkpointing: bool | None = None) -> tuple[int, bool] | None:
        """(micro-batch, checkpointing): the most rows that divide the step's, if possible without recomputing; None: nothing."""
        for again in (False, True) if checkpointing is None else (checkpointing,):
            for micro in range(min(rows, max(1, 65536 // self.context)), 0, -1):
                if rows % micro == 0 and self.step_bytes(micro, again) <= budget:
                    return micro, again
        return None

    def table(self, budget: float) -> list[str]:
        """One line per micro-batch: what it needs, plain and with checkpointing."""
        limit = f"{budget / 2**30:.1f} GiB, {self.precision}, {self.optimizer}"
        lines = [f"rows of {self.context} tokens: GiB plain, with --checkpointing ({limit})"]
        for micro in (1, 2, 4, 8, 16, 32, 64):
            needs = [self.step_bytes(micro, again) for again in (False, True)]
            lines.append("  ".join([f"{micro:4d}", *(f"{n / 2**30:8.2f}{' fits' if n <= budget else '     '}" for n in needs)]))
        return lines


def budget_bytes(device: torch.device, given_gib: float) -> float:
    """What may be used: the flag, or the card's free memory; no limit on a CPU."""
    if given_gib or device.type == "cuda":
        return 0.9 * (given_gib * 2**30 if given_gib else torch.cuda.mem_get_info(device)[0]) - RESERVE
    return float("inf")
