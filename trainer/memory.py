"""What fits: bytes that a training step needs, by an account of what is kept, and the fastest settings within a budget.

Kept per weight: fp32 value and gradient, optimizer state (AdamW 8 bytes, Muon 4), a 16-bit copy. Kept per token and layer:
what the backward pass reads. The account is checked by a test against torch's own record of saved tensors; on CUDA 10 % of
the card stays free.
"""

import torch

from trainer.config import ModelConfig

RESERVE = 0.6e9  # CUDA context, cuBLAS workspaces, fragmentation


def activation_bytes(config: ModelConfig, low: int, checkpointing: bool) -> float:
    """Per token, for all layers; `low` is the size of the format of matrix products."""
    d, f = config.hidden_size, config.intermediate_size
    q, kv = config.num_heads * config.head_dim, config.num_kv_heads * config.head_dim
    stream = 2 if low == 2 else 4
    if config.classic:
        block = stream * 4 * d + low * (2 * d + 3 * q + q + 2 * f)
    else:
        block = (stream + 4) * 2 * d + low * (2 * d + 2 * q + kv + q) + low * 4 * f + (4 + low) * 2 * (q + kv)
    return config.num_layers * d * stream + block if checkpointing else config.num_layers * block


def step_bytes(
    config: ModelConfig,
    optimizer: str,
    micro_batch: int,
    context: int,
    precision: str,
    checkpointing: bool,
    loss_chunk: int,
    shards: int = 1,
) -> float:
    """Bytes of one optimizer step; `shards`: ranks that share weights, gradients and optimizer state (FSDP2)."""
    low = 4 if precision == "fp32" else 2
    matrices = config.matrix_parameters - config.vocab_size * config.hidden_size
    rest = config.vocab_size * config.hidden_size * (1 if config.tied else 2) + (
        config.context * config.hidden_size if config.classic else 0
    )
    copy = 0 if low == 4 else 2
    weights = matrices * ((12 if optimizer == "muon" else 16) + copy) + rest * (16 + copy)
    tokens = micro_batch * context
    logits = min(tokens, loss_chunk or tokens) * config.vocab_size * (4 + 4 + low) + config.vocab_size * config.hidden_size * 4
    return weights / shards + tokens * (activation_bytes(config, low, checkpointing) + 8 * config.hidden_size) + logits


def fit(
    config: ModelConfig,
    optimizer: str,
    rows: int,
    context: int,
    precision: str,
    loss_chunk: int,
    budget: float,
    checkpointing: bool | None = None,
    shards: int = 1,
) -> tuple[int, bool] | None:
    """(micro-batch, checkpointing): the most rows that divide the step's without recomputing, else with; None if nothing fits."""
    for again in (False, True) if checkpointing is None else (checkpointing,):
        for micro in sorted((n for n in range(1, rows + 1) if rows % n == 0), reverse=True):
            if (
                micro * context <= 65536
                and step_bytes(config, optimizer, micro, context, precision, again, loss_chunk, shards) <= budget
            ):
                return micro, again
    return None


def budget_bytes(device: torch.device, given_gib: float) -> float:
    """What may be used: the flag, or the card's free memory; on a CPU as much as keeps activations near the caches."""
    if given_gib or device.type == "cuda":
        return 0.9 * (given_gib * 2**30 if given_gib else torch.cuda.mem_get_info(device)[0]) - RESERVE
    return float("inf")


def table(config: ModelConfig, optimizer: str, context: int, precision: str, loss_chunk: int, budget: float) -> list[str]:
    """One line per micro-batch: what it needs, plain and with checkpointing."""
    lines = [f"rows of {context} tokens: GiB plain, with --checkpointing ({budget / 2**30:.1f} GiB, {precision}, {optimizer})"]
    for micro in (1, 2, 4, 8, 16, 32, 64):
        needs = [step_bytes(config, optimizer, micro, context, precision, again, loss_chunk) for again in (False, True)]
        lines.append("  ".join([f"{micro:4d}", *(f"{n / 2**30:8.2f}{' fits' if n <= budget else '     '}" for n in needs)]))
    return lines
