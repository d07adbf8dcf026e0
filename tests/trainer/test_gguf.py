"""GGUF files read back by the `gguf` package's decoder, and by transformers' own reader of GGUF."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from tests.trainer.releases import train_tokenizer
from tests.trainer.test_model import randomized
from trainer.config import TrainerError, preset
from trainer.export import pre_tokenizer_name, q4_k, q6_k, write_gguf
from trainer.folder import to_hugging_face

gguf = pytest.importorskip("gguf")
transformers = pytest.importorskip("transformers")


def relative_error(decoded: np.ndarray, x: np.ndarray) -> float:
    return float(np.sqrt(((decoded - x) ** 2).mean() / (x**2).mean()))


@pytest.mark.parametrize(("encode", "kind", "limit"), [(q4_k, "Q4_K", 0.1), (q6_k, "Q6_K", 0.03)])
def test_k_quants_decode_close_to_the_weights(encode: object, kind: str, limit: float) -> None:
    rng = np.random.default_rng(0)
    x = np.concatenate(
        [rng.normal(0, 0.02, (40, 256)), rng.normal(0.05, 0.001, (8, 256)), rng.standard_t(3, (40, 256)) * 1e-3]
    ).astype(np.float32)
    decoded = gguf.quants.dequantize(encode(x), gguf.GGMLQuantizationType[kind])  # type: ignore[operator]
    for part in (slice(0, 40), slice(40, 48), slice(48, 88)):
        assert relative_error(decoded[part], x[part]) < limit


def test_k_quants_zero_rows_decode_to_zero() -> None:
    zero = np.zeros((2, 256), np.float32)
    assert (gguf.quants.dequantize(q4_k(zero), gguf.GGMLQuantizationType.Q4_K) == 0).all()
    assert (gguf.quants.dequantize(q6_k(zero), gguf.GGMLQuantizationType.Q6_K) == 0).all()


def test_q4_k_is_closer_than_q4_0() -> None:
    x = np.random.default_rng(1).normal(0, 0.02, (64, 256)).astype(np.float32)
    plain = gguf.quants.dequantize(gguf.quants.quantize(x, gguf.GGMLQuantizationType.Q4_0), gguf.GGMLQuantizationType.Q4_0)
    ours = gguf.quants.dequantize(q4_k(x), gguf.GGMLQuantizationType.Q4_K)
    assert relative_error(ours, x) < 0.9 * relative_error(plain, x)


@pytest.fixture(scope="module")
def tokenizer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gguf") / "tokenizer"
    train_tokenizer(folder, ["the quick brown fox jumps over the lazy dog " * 20], vocab_size=300)
    return folder


SHAPES = {"qwen3": {"num_kv_heads": 2}, "llama": {"qk_norm": False, "num_kv_heads": 2}, "gpt2": {"classic": True}}


@pytest.mark.parametrize("name", SHAPES)
def test_f16_file_opened_by_transformers_gives_close_logits(name: str, tokenizer_folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("accelerate")
    vocab = Tokenizer.from_file(str(tokenizer_folder / "tokenizer.json")).get_vocab_size()
    model = randomized(preset("tiny", vocab, {"num_layers": 2, "hidden_size": 64, "num_heads": 4, "context": 64} | SHAPES[name]))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().float())  # so that f16 loses nothing
    write_gguf(tmp_path / "model.gguf", model, tokenizer_folder, "f16")
    (tmp_path / "config.json").write_text(json.dumps(to_hugging_face(model.config)))
    config = transformers.AutoConfig.from_pretrained(tmp_path)  # else Qwen3's head_dim and GPT-2's positions are guessed
    theirs = transformers.AutoModelForCausalLM.from_pretrained(
        tmp_path, config=config, gguf_file="model.gguf", dtype=torch.float32
    ).eval()
    tokens = torch.randint(vocab, (2, 20), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected = model(tokens)
        torch.testing.assert_close(theirs(tokens).logits, expected, rtol=0, atol=2e-5)


@pytest.mark.parametrize(
    ("kind", "width", "limit", "types"),
    [
        ("q8_0", 64, 0.01, {"F32", "Q8_0"}),
        ("q4_0", 64, 0.12, {"F32", "Q8_0", "Q4_0"}),
        ("q4_k_m", 64, 0.06, {"F32", "Q8_0", "Q5_0"}),
        ("q4_k_m", 256, 0.085, {"F32", "Q4_K", "Q6_K"}),
    ],
)
def test_quantized_file_decodes_close_to_the_weights(
    kind: str, width: int, limit: float, types: set[str], tokenizer_folder: Path, tmp_path: Path
) -> None:
    vocab = Tokenizer.from_file(str(tokenizer_folder / "tokenizer.json")).get_vocab_size()
    model = randomized(
        preset("tiny", vocab, {"num_layers": 4, "hidden_size": width, "num_heads": 4, "intermediate_size": 2 * width})
    )
    write_gguf(tmp_path / "model.gguf", model, tokenizer_folder, kind)
    reader = gguf.GGUFReader(tmp_path / "model.gguf")
    assert {tensor.tensor_type.name for tensor in reader.tensors} == types
    found = {tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors}
    weights = dict(model.named_parameters())
    for theirs, ours in (
        ("token_embd.weight", "model.embed_tokens.weight"),
        ("blk.1.attn_v.weight", "model.layers.1.self_attn.v_proj.weight"),
        ("blk.2.ffn_down.weight", "model.layers.2.mlp.down_proj.weight"),
        ("output_norm.weight", "model.norm.weight"),
        ("blk.0.attn_q.weight", "model.layers.0.self_attn.q_proj.weight"),
    ):
        expected = weights[ours].detach().numpy()
        assert relative_error(found[theirs].reshape(expected.shape), expected) < limit


def test_file_names_tokenizer_and_pre_tokenizer(tokenizer_folder: Path, tmp_path: Path) -> None:
    vocab = Tokenizer.from_file(str(tokenizer_folder / "tokenizer.json")).get_vocab_size()
    write_gguf(tmp_path / "model.gguf", randomized(preset("tiny", vocab, {"num_layers": 1})), tokenizer_folder, "f16")
    fields = gguf.GGUFReader(tmp_path / "model.gguf").fields
    assert fields["tokenizer.ggml.pre"].contents() == "gpt-2"
    tokens = fields["tokenizer.ggml.tokens"].contents()
    assert len(tokens) == vocab and tokens[fields["tokenizer.ggml.bos_token_id"].contents()] == "<|bos|>"


@pytest.mark.parametrize(("digits", "expected"), [("{1,3}", "llama-bpe"), ("", "qwen2")])
def test_pre_tokenizer_written_otherwise_is_known_by_what_it_does(digits: str, expected: str) -> None:
    contractions = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])"
    regex = contractions + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + digits + r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(regex), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    assert pre_tokenizer_name(tokenizer) == expected
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    with pytest.raises(TrainerError, match=r"llama\.cpp"):
        pre_tokenizer_name(tokenizer)
