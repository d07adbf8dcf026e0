"""Bits per byte on fixed rows: comparable between tokenizers, because every tokenizer is charged for the same bytes.

Rows are chosen by document id and byte counts alone (so another tokenizer gets the same ones), spread evenly over (source, language).
A document is scored after BOS, window by window of the model's context; each of its tokens exactly once. Sums are float64.
The 95 % interval is a bootstrap over documents. Reference: Gao et al., The Pile (2020), section 3.1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from trainer import parallel
from trainer.device import autocast
from trainer.model import Decoder
from trainer.shards import Array, Release, RowGroup

WINDOW_TOKENS = 8192  # per forward pass


@dataclass(frozen=True)
class EvalRow:
    """One document, or its first bytes."""

    source: str
    lang: str
    num_bytes: int
    ids: Array


def choose_rows(release: Release, budget_bytes: int, document_bytes: int) -> list[EvalRow]:
    """At most about `budget_bytes` of eval text, at least one document per (source, language)."""
    candidates: list[tuple[str, str, str, int, RowGroup, int]] = []
    for group in release.groups["eval"]:
        columns = release.read(group, ["id", "source", "lang", "n_bytes"]).to_pydict()
        candidates += [(key, source or group.source, lang or "und", size, group, row) for row, (key, source, lang, size) in enumerate(
            zip(columns["id"], columns["source"], columns["lang"], columns["n_bytes"], strict=True))]
    candidates.sort(key=lambda item: item[0])
    share = budget_bytes / len({item[1:3] for item in candidates})
    spent: dict[tuple[str, str], int] = defaultdict(int)
    chosen: dict[RowGroup, list[tuple[str, str, int, int]]] = defaultdict(list)
    for _, source, lang, size, group, row in candidates:
        taken = min(size, document_bytes or size)
        if not spent[source, lang] or spent[source, lang] + taken <= share:
            spent[source, lang] += taken
            chosen[group].append((source, lang, size, row))
    rows = []
    for group, wanted in chosen.items():
        values, offsets = release.tokens(group)
        for source, lang, size, row in wanted:
            ids = values[offsets[row]:offsets[row + 1]]
            if document_bytes and size > document_bytes:
                ids, size = first_bytes(release.tokenizer, ids, document_bytes)
            rows.append(EvalRow(source, lang, size, ids))
    return rows


def first_bytes(tokenizer: Tokenizer, ids: Array, limit: int) -> tuple[Array, int]:
    """The longest prefix of whole characters within `limit` bytes (to within a few tokens), and its bytes."""
    low, high = 1, min(len(ids), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if len(tokenizer.decode(ids[:middle].tolist(), skip_special_tokens=False).encode()) <= limit:
            low = middle
        else:
            high = middle - 1
    while low > 1 and tokenizer.decode(ids[:low].tolist(), skip_special_tokens=False).endswith("\ufffd"):
        low -= 1
    return ids[:low], len(tokenizer.decode(ids[:low].tolist(), skip_special_tokens=False).encode())


@torch.no_grad()
def nats_per_row(model: Decoder, rows: list[EvalRow], bos: int, context: int, device: torch.device, precision: str,
                 share: tuple[int, int] = (0, 1)) -> Array:
    """Summed loss of each row in float64. With (rank, ranks) each rank scores its part, and all get the whole."""
    windows: list[tuple[int, Array]] = []
    for number, row in enumerate(rows):
        stream = np.concatenate(([bos], row.ids)).astype(np.int64)
        windows += [(number, stream[at:at + context + 1]) for at in range(0, len(row.ids), context)]
    windows.sort(key=lambda item: len(item[1]))
    result = torch.zeros(len(rows), dtype=torch.float64)
    training = model.training
    model.eval()
    while windows:
        count = max(1, WINDOW_TOKENS // (len(windows[-1][1]) - 1))
        part, windows = windows[-count:], windows[:-count]
        part = part[share[0]::share[1]] if share[1] > 1 else part
        if not part:
            continue
        width = max(len(piece) for _, piece in part)
        padded = torch.full((len(part), width), -1, dtype=torch.int64)
        for i, (_, piece) in enumerate(part):
            padded[i, :len(piece)] = torch.from_numpy(piece)
        padded = padded.to(device)
        with autocast(device, precision):
            logits = model(padded[:, :-1].clamp(min=0))
        targets = padded[:, 1:]
        nats = torch.nn.functional.cross_entropy(logits.float().flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="none")
        sums = nats.view(targets.shape).cpu().double().sum(1)
        result.index_add_(0, torch.tensor([number for number, _ in part]), sums)
    model.train(training)
    if share[1] > 1:
        result = parallel.total(result.to(device)).cpu()
    return result.numpy()


def bits_per_byte(rows: list[EvalRow], nats: Array, seed: int = 0, resamples: int = 1000) -> dict[str, Any]:
    """{"all": {...}, "source": {name: {...}}, "lang": {name: {...}}}, each with bits_per_byte, low, high, documents, bytes."""
    bits, sizes = nats / math.log(2), np.array([row.num_bytes for row in rows], dtype=np.float64)

    def summary(chosen: Array) -> dict[str, float | int]:
        pick = np.random.default_rng(seed).integers(0, len(chosen), (resamples, len(chosen)))
        means = bits[chosen][pick].sum(1) / sizes[chosen][pick].sum(1)
        low, high = np.quantile(means, (0.025, 0.975))
        return {"bits_per_byte": float(bits[chosen].sum() / sizes[chosen].sum()), "low": float(low), "high": float(high),
                "documents": len(chosen), "bytes": int(sizes[chosen].sum())}

    result: dict[str, Any] = {"all": summary(np.arange(len(rows)))}
    for key in ("source", "lang"):
        labels = np.array([getattr(row, key) for row in rows])
        result[key] = {str(name): summary(np.flatnonzero(labels == name)) for name in np.unique(labels)}
    return result
