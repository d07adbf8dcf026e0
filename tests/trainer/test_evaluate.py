"""Bits per byte against a computation token by token, and the choice of rows."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.trainer.releases import sentences, write_release
from trainer.evaluate import bits_per_byte, choose_rows, first_bytes, nats_per_row
from trainer.folder import load_model
from trainer.shards import open_release


def test_bits_per_byte_equals_brute_force_to_a_millionth(release: Path, trained: Path) -> None:
    opened, model, context = open_release(release), load_model(trained).eval(), 32
    rows = choose_rows(opened, 1 << 20, 1 << 30)
    nats = nats_per_row(model, rows, opened.tokenizer, context, "fp32")
    brute, num_bytes = 0.0, {"books": 0, "wiki": 0}
    per_source = {"books": 0.0, "wiki": 0.0}
    for group in opened.groups["eval"]:
        for ids in opened.documents(group):
            stream = [opened.bos, *ids.tolist()]
            bits = 0.0
            for at in range(1, len(stream)):
                begin = (at - 1) // context * context
                with torch.no_grad():
                    logits = model(torch.tensor([stream[begin:at]]))[0, -1].double()
                bits -= float(torch.log_softmax(logits, -1)[stream[at]]) / math.log(2)
            brute += bits
            per_source[group.source] += bits
            num_bytes[group.source] += len(opened.tokenizer.decode(stream[1:]).encode())
    result = bits_per_byte(rows, nats)
    assert result["all"]["bits_per_byte"] == pytest.approx(brute / sum(num_bytes.values()), abs=1e-6)
    assert set(result) == {"all", "source books", "source wiki", "lang en", "lang pl"}
    assert result["lang pl"] == result["source wiki"] and result["lang en"] == result["source books"]
    for source, bits in per_source.items():
        assert result[f"source {source}"]["bits_per_byte"] == pytest.approx(bits / num_bytes[source], abs=1e-6)
    assert result["all"]["low"] <= result["all"]["bits_per_byte"] <= result["all"]["high"]


def test_eval_rows_are_the_same_documents_for_another_tokenizer(tmp_path: Path) -> None:
    texts = {"books": [("en", sentences(i, 40)) for i in range(20)], "wiki": [("pl", sentences(i, 5)) for i in range(20)]}
    chosen = []
    for size in (300, 420):
        opened = open_release(write_release(tmp_path / str(size), texts, vocab_size=size, num_eval=10))
        # ids in these small releases hash the token ids, so the same order is made by writing the same ids
        chosen.append(sorted((row.source, row.num_bytes) for row in choose_rows(opened, 1 << 20, 700)))
    assert [source for source, _ in chosen[0]] == [source for source, _ in chosen[1]]
    for (_, left), (_, right) in zip(*chosen, strict=True):
        assert abs(left - right) < 30 and left <= 700


def test_eval_rows_of_a_small_budget_hold_every_source_and_language(release: Path) -> None:
    rows = choose_rows(open_release(release), 1)
    assert {(row.source, row.lang) for row in rows} == {("books", "en"), ("wiki", "pl")}


@pytest.mark.parametrize("limit", range(1, 40))
def test_first_bytes_never_cuts_a_character(release: Path, limit: int) -> None:
    tokenizer = open_release(release).tokenizer
    text = "żółw 🦊 i lis — صبح بخیر"
    size, ids = first_bytes(tokenizer, np.array(tokenizer.encode(text).ids), len(text.encode()), limit)
    part = tokenizer.decode(ids.tolist())
    assert text.startswith(part) or len(ids) == 1
    assert size == len(part.encode())
