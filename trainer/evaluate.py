"""Bits per byte on fixed rows: comparable between tokenizers, because every tokenizer is charged for the same bytes.

Rows are chosen by document id and byte counts alone (so another tokenizer gets the same ones), spread evenly over (source,
language). A document is scored after BOS, window by window of the model's context; each of its tokens exactly once. Sums are
float64. The 95 % interval is a bootstrap over documents. Reference: Gao et al., The Pile (2020), section 3.1.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from trainer.device import autocast
from trainer.model import Decoder
from trainer.shards import Array, Release, RowGroup, bos_id

WINDOW_TOKENS = 8192  # per forward pass


class EvalRow(NamedTuple):
    """One document, or its first bytes."""

    source: str
    lang: str
    num_bytes: int
    ids: Array


def choose_rows(release: Release, budget_bytes: int, document_bytes: int = 16384) -> list[EvalRow]:
    """At most about `budget_bytes` of eval text, at least one document per (source, language), of each `document_bytes` at
    most."""
    candidates: list[tuple[str, str, str, int, RowGroup, int]] = []
    for group in release.groups["eval"]:
        rows = zip(*release.read(group, ["id", "lang", "n_bytes"]).to_pydict().values(), strict=True)
        candidates += [(id, group.source, lang, size, group, at) for at, (id, lang, size) in enumerate(rows)]
    spent: dict[tuple[str, str], int] = defaultdict(int)
    share, result, documents = budget_bytes / len({item[1:3] for item in candidates}), [], cache(release.documents)
    for _, source, lang, size, group, at in sorted(candidates):
        taken = min(size, document_bytes)
        if not spent[source, lang] or spent[source, lang] + taken <= share:
            spent[source, lang] += taken
            result.append(EvalRow(source, lang, *first_bytes(release.tokenizer, documents(group)[at], size, document_bytes)))
    return result


def first_bytes(tokenizer: Tokenizer, ids: Array, size: int, limit: int) -> tuple[int, Array]:
    """Bytes and ids of a document of `size` bytes, or of its longest prefix of whole characters within `limit` bytes (to
    within a few tokens; at least one token)."""
    if size <= limit:
        return size, ids
    texts = cache(lambda count: tokenizer.decode(ids[:count].tolist(), skip_special_tokens=False))
    count = max(1, bisect_right(range(1, min(len(ids), limit) + 1), limit, key=lambda count: len(texts(count).encode())))
    while count > 1 and texts(count).endswith("\ufffd"):
        count -= 1
    return len(texts(count).encode()), ids[:count]


@torch.no_grad()
def nats_per_row(model: Decoder, rows: list[EvalRow], tokenizer: Tokenizer, context: int, precision: str) -> Array:
    """Summed loss of each row in float64."""
    device, training, sums = model.lm_head.weight.device, model.training, np.zeros(len(rows))
    streams = [torch.from_numpy(np.append(bos_id(tokenizer), row.ids).astype(np.int64)) for row in rows]
    windows = [(i, ids[at : at + context + 1]) for i, ids in enumerate(streams) for at in range(0, len(ids) - 1, context)]
    windows.sort(key=lambda item: len(item[1]))
    model.eval()
    while windows:
        count = max(1, WINDOW_TOKENS // len(windows[-1][1]))
        part, windows = windows[-count:], windows[:-count]
        tokens = nn.utils.rnn.pad_sequence([window for _, window in part], batch_first=True, padding_value=-1).to(device)
        with autocast(device, precision):
            logits = model(tokens[:, :-1].clamp(min=0))
        logits, targets = logits.float().flatten(0, 1), tokens[:, 1:].flatten()
        nats = nn.functional.cross_entropy(logits, targets, ignore_index=-1, reduction="none")
        np.add.at(sums, [number for number, _ in part], nats.view(len(part), -1).cpu().double().sum(1).numpy())
    model.train(training)
    return sums


def bits_per_byte(rows: list[EvalRow], nats: Array, seed: int = 0, resamples: int = 1000) -> dict[str, dict[str, Any]]:
    """Of all rows, of each source and of each language ("all", "source books", "lang en", …): bits_per_byte, low, high,
    documents, bytes."""
    bits, sizes = nats / math.log(2), np.array([row.num_bytes for row in rows], dtype=np.float64)
    names = [("all", f"source {row.source}", f"lang {row.lang}") for row in rows]

    def summary(name: str) -> dict[str, Any]:
        chosen = np.flatnonzero([name in mine for mine in names])
        pick = chosen[np.random.default_rng(seed).integers(0, len(chosen), (resamples, len(chosen)))]
        low, high = np.quantile(bits[pick].sum(1) / sizes[pick].sum(1), (0.025, 0.975)).tolist()
        mean, total = float(bits[chosen].sum() / sizes[chosen].sum()), int(sizes[chosen].sum())
        return {"bits_per_byte": mean, "low": low, "high": high, "documents": len(chosen), "bytes": total}

    return {name: summary(name) for name in sorted({name for mine in names for name in mine})}
