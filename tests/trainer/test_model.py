"""The decoder against transformers' own Qwen3, Llama and GPT-2, and against itself by other routes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from trainer.config import ModelConfig, preset
from trainer.folder import load_model, save_model
from trainer.model import Decoder, summed_loss

transformers = pytest.importorskip("transformers")

SHAPES = {
    "qwen3": {},
    "qwen3_grouped_untied": {"num_kv_heads": 2, "tied": False, "head_dim": 16},
    "llama": {"qk_norm": False},
    "llama_biased": {"qk_norm": False, "attention_bias": True, "mlp_bias": True, "num_kv_heads": 1},
    "llama3_rope": {
        "qk_norm": False,
        "rope_theta": 500_000.0,
        "rope_scaling": {
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 16.0,
        },
    },
    "gpt2": {"classic": True, "exact_gelu": False},
    "gpt2_exact_gelu": {"classic": True},
}


def shape(name: str) -> ModelConfig:
    return preset("tiny", 97, {"num_layers": 2, "hidden_size": 32, "num_heads": 4, "context": 64} | SHAPES[name])


def randomized(config: ModelConfig, seed: int = 0) -> Decoder:
    """Every parameter random, so that a forgotten bias or norm shows."""
    torch.manual_seed(seed)
    model = Decoder(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.normal_(1.0 if "norm" in name or "ln_" in name else 0.0, 0.1)
    return model


def assert_equal_logits(ours: torch.Tensor, theirs: torch.Tensor) -> None:
    """To 1e-6 of the largest logit: what fp32 leaves of another order of additions."""
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-6 * max(1.0, float(theirs.abs().max())))


@pytest.mark.parametrize("name", SHAPES)
def test_saved_folder_opened_by_transformers_gives_equal_logits(name: str, tmp_path: Path) -> None:
    model = randomized(shape(name))
    save_model(tmp_path, model.config, dict(model.named_parameters()), tmp_path, {})
    theirs = transformers.AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32).eval()
    tokens = torch.randint(97, (3, 40), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        assert_equal_logits(model(tokens), theirs(tokens).logits)


@pytest.mark.parametrize("name", ["qwen3", "llama3_rope", "gpt2"])
def test_folder_saved_by_transformers_loads_with_equal_logits(name: str, tmp_path: Path) -> None:
    config = shape(name)
    save_model(tmp_path / "config", config, dict(randomized(config).named_parameters()), tmp_path, {})
    torch.manual_seed(3)
    theirs = transformers.AutoModelForCausalLM.from_config(transformers.AutoConfig.from_pretrained(tmp_path / "config")).eval()
    theirs.save_pretrained(tmp_path / "theirs", max_shard_size="50KB")  # several files and an index
    tokens = torch.randint(97, (2, 33), generator=torch.Generator().manual_seed(1))
    ours = load_model(tmp_path / "theirs").eval()
    assert ours.config == config
    with torch.no_grad():
        assert_equal_logits(ours(tokens), theirs(tokens).logits)


@pytest.mark.parametrize("name", ["qwen3_grouped_untied", "gpt2"])
def test_cache_token_by_token_gives_the_logits_of_one_pass(name: str) -> None:
    model = randomized(shape(name))
    tokens = torch.randint(97, (2, 24), generator=torch.Generator().manual_seed(2))
    cache: list[list[torch.Tensor]] = [[] for _ in range(model.config.num_layers)]
    with torch.no_grad():
        whole = model(tokens)
        pieces = [model(piece, cache=cache) for piece in (tokens[:, :5], tokens[:, 5:12], *tokens[:, 12:].split(1, dim=1))]
    torch.testing.assert_close(torch.cat(pieces, dim=1), whole, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["qwen3", "gpt2"])
def test_document_mask_packed_documents_have_the_logits_of_each_alone(name: str) -> None:
    model = randomized(shape(name))
    tokens = torch.randint(97, (1, 30), generator=torch.Generator().manual_seed(2))
    starts = torch.tensor([[0] * 7 + [7] * 12 + [19] * 11])
    with torch.no_grad():
        packed = model(tokens, starts=starts)
        alone = torch.cat([model(part) for part in tokens.split([7, 12, 11], dim=1)], dim=1)
    torch.testing.assert_close(packed, alone, rtol=0, atol=1e-5)


@pytest.mark.parametrize("chunk", [0, 7, 64])
def test_chunked_loss_equals_plain_loss_and_gradients(chunk: int) -> None:
    generator = torch.Generator().manual_seed(0)
    hidden = torch.randn(40, 16, generator=generator, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(50, 16, generator=generator, dtype=torch.float64, requires_grad=True)
    targets = torch.randint(-1, 50, (40,), generator=generator)
    results = []
    plain = torch.nn.functional.cross_entropy(hidden @ weight.t(), targets, ignore_index=-1, reduction="sum").float()
    for loss in (plain, summed_loss(hidden, weight, targets, chunk)):
        results.append((loss.detach(), *torch.autograd.grad(loss * 0.125, (hidden, weight))))
    for plain, chunked in zip(*results, strict=True):
        torch.testing.assert_close(chunked, plain, rtol=1e-5, atol=1e-5)


def test_new_model_predicts_uniformly() -> None:
    config = shape("qwen3")
    tokens = torch.randint(97, (4, 65), generator=torch.Generator().manual_seed(0))
    torch.manual_seed(0)
    loss = Decoder(config)(tokens[:, :-1], tokens[:, 1:]).detach() / 256
    assert abs(float(loss) - math.log(97)) < 0.2
