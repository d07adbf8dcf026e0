"""Choices that depend on the machine, tested without the machine: number format, memory, schedule, sampling."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from trainer.config import Settings, TrainerError, parse, preset
from trainer.device import Account, choose_device, choose_precision
from trainer.model import Decoder
from trainer.optimizer import Muon, lr_factor, make_optimizers
from trainer.sample import Sampling, choose
from trainer.seeing import loss_svg, ticks


@pytest.mark.parametrize(
    ("capability", "name", "expected"),
    [
        ((9, 0), "NVIDIA H200", "bf16"),
        ((8, 0), "NVIDIA A100-SXM4-80GB", "bf16"),
        ((8, 6), "NVIDIA GeForce RTX 3060", "bf16"),
        ((7, 0), "Tesla V100-SXM2-16GB", "fp16"),
        ((7, 5), "Tesla T4", "fp16"),
        ((7, 5), "NVIDIA GeForce RTX 2060", "fp16"),
        ((7, 5), "NVIDIA GeForce GTX 1660 Ti", "fp32"),
        ((7, 5), "NVIDIA T600 Laptop GPU", "fp32"),
        ((6, 1), "NVIDIA GeForce GTX 1060 6GB", "fp32"),
    ],
)
def test_precision_follows_the_cards_units(capability: tuple[int, int], name: str, expected: str) -> None:
    assert choose_precision(capability, name) == expected


def test_cuda_asked_for_and_missing_is_an_error() -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a card")
    with pytest.raises(TrainerError, match="--device cpu"):
        choose_device("cuda")


@pytest.mark.parametrize(
    "shape", [{}, {"qk_norm": False}, {"classic": True}, {"num_kv_heads": 1}], ids=["qwen3", "llama", "gpt2", "grouped"]
)
@pytest.mark.parametrize("checkpointing", [False, True])
def test_memory_account_of_activations_matches_what_torch_saves(shape: dict[str, object], checkpointing: bool) -> None:
    config = preset("tiny", 64, {"num_layers": 6, "hidden_size": 128, "num_heads": 4, "context": 64} | shape)
    model, saved = Decoder(config), {}
    model.checkpointing, model.loss_chunk = checkpointing, 32
    weights = {p.untyped_storage().data_ptr() for p in model.parameters()}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        if (storage := tensor.untyped_storage()).data_ptr() not in weights:
            saved[storage.data_ptr()] = storage.nbytes()
        return tensor

    tokens = torch.randint(64, (4, 65), generator=torch.Generator().manual_seed(0))
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        loss = model(tokens[:, :-1], tokens[:, 1:])
    actual = sum(saved.values()) / 256
    del loss
    kept = Account(config, Settings(context=64, precision="fp32")).activation_bytes(checkpointing) + 8 * config.hidden_size
    assert 0.75 * actual < kept if checkpointing else 0.75 * actual < kept < 1.35 * actual


def test_fit_larger_cards_take_larger_micro_batches_and_no_recomputing() -> None:
    config = preset("gpt2", 50_304, {})
    account = Account(config, Settings(optimizer="muon", context=1024, precision="bf16", loss_chunk=16384))
    found = [account.fit(480, gib * 2**30) for gib in (4, 6, 8, 12, 24, 80)]
    sizes = [f for f in found if f is not None]
    assert sizes[-1][0] >= 32 and not sizes[-1][1]
    assert all(not (later[1] and not earlier[1]) for earlier, later in pairwise(sizes))
    assert account.fit(480, 1 * 2**30) is None


def test_fit_two_hundred_million_parameters_train_in_six_gib() -> None:
    config = preset("medium", 32_768, {"num_layers": 19, "hidden_size": 896, "num_heads": 14, "context": 1024})
    assert config.matrix_parameters >= 200e6
    account = Account(config, Settings(optimizer="muon", context=1024, precision="bf16", loss_chunk=1024))
    found = account.fit(64, 0.9 * 6 * 2**30 - 0.6e9)
    assert found is not None and account.step_bytes(*found) < 6 * 2**30


def test_lr_warms_up_stays_and_decays_to_the_floor() -> None:
    settings = Settings(steps=100, warmup=10, decay=0.2, min_lr=0.1)
    rates = [lr_factor(step, settings) for step in range(100)]
    assert rates[0] == pytest.approx(0.1) and rates[9] == 1 and rates[79] == 1
    assert all(a > b for a, b in pairwise(rates[80:])) and rates[99] == pytest.approx(0.1 + 0.9 * 0.05)
    cosine = [lr_factor(step, Settings(steps=100, warmup=10, schedule="cosine")) for step in range(100)]
    assert cosine[10] == 1 and cosine[55] == pytest.approx(0.5) and cosine[99] < 0.01


def test_optimizers_share_every_parameter_and_decay_matrices_only() -> None:
    model = Decoder(preset("tiny", 64, {"classic": True}))
    adamw, muon = make_optimizers(model, Settings(optimizer="muon", lr=1.0))
    held = [{id(p) for group in optimizer.param_groups for p in group["params"]} for optimizer in (adamw, muon)]
    assert not held[0] & held[1] and held[0] | held[1] == {id(p) for p in model.parameters()}
    assert {id(model.lm_head.weight), id(model.transformer["wpe"].weight)} <= held[0]
    assert all(p.ndim >= 2 for group in adamw.param_groups if group["weight_decay"] for p in group["params"])


def test_choose_top_k_leaves_only_the_likeliest() -> None:
    logits, generator = torch.tensor([1.0, 2.0, 0.5, -1.0]), torch.Generator().manual_seed(0)
    assert {choose(logits, Sampling(temperature=1.0, top_k=2), generator) for _ in range(60)} == {0, 1}
    assert {choose(logits, Sampling(temperature=2.0, top_k=0), generator) for _ in range(200)} == {0, 1, 2, 3}
    assert choose(logits, Sampling(temperature=0.0), generator) == 1


def test_flags_of_run_and_shape_are_read_and_the_rest_keeps_its_default() -> None:
    flags = ["r", "--batch-size", "3", "--num-layers", "2", "--no-qk-norm", "--prompt", "a", "b"]
    settings = parse(Settings, "trainer.train", "release", "", flags)
    assert settings.batch_size == 3 and settings.shape == {"num_layers": 2, "qk_norm": False}
    assert settings.prompt == ["a", "b"] and settings.release == Path("r")
    assert settings.lr == Settings().lr and parse(Settings, "trainer.train", "release", "", []).release is None


def test_help_explains_every_flag_once_with_its_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(Settings, "trainer.train", "release", "", ["--help"])
    text = capsys.readouterr().out.partition("options:")[2]
    named = re.findall(r"^  (--[a-z-]+|release)", text, re.M)
    assert len(named) == len(set(named)) == text.count("(default:") and "_" not in "".join(named)
    assert {"--batch-size", "--lr", "--dropout", "--epochs"} <= set(named)


@pytest.mark.parametrize(("low", "high"), [(0, 60), (1.79, 9.2), (0.38, 0.41), (0, 123456)])
def test_ticks_are_a_handful_within_the_range(low: float, high: float) -> None:
    found = ticks(low, high)
    assert 3 <= len(found) <= 8 and low <= found[0] and found[-1] <= high


def test_loss_svg_of_one_step_is_drawn() -> None:
    assert "<polyline" in loss_svg([{"kind": "train", "step": 1, "loss": 3.0}])


def test_muon_of_equal_shapes_together_steps_as_torchs_own() -> None:
    generator = torch.Generator().manual_seed(0)
    shapes = [(16, 16), (40, 16), (16, 40), (16, 16), (40, 16)]
    ours, theirs = ([torch.nn.Parameter(torch.ones(shape)) for shape in shapes] for _ in range(2))
    mine = Muon(ours, lr=0.01, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    reference = torch.optim.Muon(theirs, lr=0.01, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    for _ in range(3):
        for a, b in zip(ours, theirs, strict=True):
            a.grad = torch.randn(a.shape, generator=generator)
            b.grad = a.grad.clone()
        mine.step()
        reference.step()
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=2e-4)  # bf16 products, perhaps in another order
        assert mine.state[a].keys() == reference.state[b].keys()
