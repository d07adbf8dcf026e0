"""Bits per byte on fixed rows: comparable between tokenizers, because every tokenizer is charged for the same bytes.

Rows are chosen by document id and byte counts alone (so another tokenizer gets the same ones), spread evenly over (source,
language). A document is scored after BOS, window by window of the model's context; each of its tokens exactly once. Sums are
float64. The 95 % interval is a bootstrap over documents. Reference: Gao et al., The Pile (2020), section 3.1.
"""

import math
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from trainer import parallel
from trainer.device import autocast
from trainer.model import Decoder
from trainer.shards import Array, Release, RowGroup

WINDOW_TOKENS = 8192  # per forward pass


class EvalRow(NamedTuple):
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
        rows = zip(columns["id"], columns["source"], columns["lang"], columns["n_bytes"], range(group.rows), strict=True)
        candidates += [(key, source or group.source, lang or "und", size, group, row) for key, source, lang, size, row in rows]
    spent: dict[tuple[str, str], int] = defaultdict(int)
    chosen: dict[RowGroup, list[tuple[str, str, int, int]]] = defaultdict(list)
    share = budget_bytes / len({item[1:3] for item in candidates})
    for _, source, lang, size, group, row in sorted(candidates):
        taken = min(size, document_bytes or size)
        if not spent[source, lang] or spent[source, lang] + taken <= share:
            spent[source, lang] += taken
            chosen[group].append((source, lang, size, row))
    result = []
    for group, wanted in chosen.items():
        values, offsets = release.tokens(group)
        for source, lang, size, row in wanted:
            ids = values[offsets[row] : offsets[row + 1]]
            if 0 < document_bytes < size:
                ids, size = first_bytes(release.tokenizer, ids, document_bytes)
            result.append(EvalRow(source, lang, size, ids))
    return result


def first_bytes(tokenizer: Tokenizer, ids: Array, limit: int) -> tuple[Array, int]:
    """The longest prefix of whole characters within `limit` bytes (to within a few tokens; at least one token), and its bytes."""

    def text(count: int) -> str:
        return tokenizer.decode(ids[:count].tolist(), skip_special_tokens=False)

    low, high = 1, min(len(ids), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(text(middle).encode()) <= limit else (low, middle - 1)
    while low > 1 and text(low).endswith("\ufffd"):
        low -= 1
    return ids[:low], len(text(low).encode())


@torch.no_grad()
def nats_per_row(
    model: Decoder,
    rows: list[EvalRow],
    bos: int,
    context: int,
    device: torch.device,
    precision: str,
    share: tuple[int, int] = (0, 1),
) -> Array:
    """Summed loss of each row in float64. With (rank, ranks) each rank scores its part, and all get the whole."""
    streams = [np.concatenate(([bos], row.ids)).astype(np.int64) for row in rows]
    windows = [
        (number, stream[at : at + context + 1])
        for number, stream in enumerate(streams)
        for at in range(0, len(stream) - 1, context)
    ]
    windows = sorted(windows, key=lambda item: len(item[1]))[share[0] :: share[1]]
    sums = np.zeros(len(rows))
    training = model.training
    model.eval()
    while windows:
        count = max(1, WINDOW_TOKENS // len(windows[-1][1]))
        part, windows = windows[-count:], windows[:-count]
        padded = np.full((len(part), len(part[-1][1])), -1)
        for line, (_, window) in zip(padded, part, strict=True):
            line[: len(window)] = window
        tokens = torch.from_numpy(padded).to(device)
        with autocast(device, precision):
            logits = model(tokens[:, :-1].clamp(min=0))
        nats = F.cross_entropy(logits.float().flatten(0, 1), tokens[:, 1:].flatten(), ignore_index=-1, reduction="none")
        np.add.at(sums, [number for number, _ in part], nats.view(len(part), -1).cpu().double().sum(1).numpy())
    model.train(training)
    return parallel.total(torch.from_numpy(sums).to(device)).cpu().numpy() if share[1] > 1 else sums


def bits_per_byte(rows: list[EvalRow], nats: Array, seed: int = 0, resamples: int = 1000) -> dict[str, Any]:
    """{"all": {...}, "source": {name: {...}}, "lang": {name: {...}}}, each with bits_per_byte, low, high, documents, bytes."""
    bits, sizes = nats / math.log(2), np.array([row.num_bytes for row in rows], dtype=np.float64)

    def summary(chosen: Array) -> dict[str, float | int]:
        pick = chosen[np.random.default_rng(seed).integers(0, len(chosen), (resamples, len(chosen)))]
        low, high = np.quantile(bits[pick].sum(1) / sizes[pick].sum(1), (0.025, 0.975))
        return {
            "bits_per_byte": float(bits[chosen].sum() / sizes[chosen].sum()),
            "low": float(low),
            "high": float(high),
            "documents": len(chosen),
            "bytes": int(sizes[chosen].sum()),
        }

    result: dict[str, Any] = {"all": summary(np.arange(len(rows)))}
    for key in ("source", "lang"):
        labels = np.array([getattr(row, key) for row in rows])
        result[key] = {str(name): summary(np.flatnonzero(labels == name)) for name in np.unique(labels)}
    return result
