"""Training: determinism, the contract's tokens, presets, tiny corpora, what transformers makes of the folder."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from curation.errors import RecipeError
from curation.tokenizers.config import SPECIAL_TOKENS, load_config, presets
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.train import train
from tests.tokenizer.conftest import ROOT, own_texts, small


def test_train_other_order_of_texts_gives_the_same_bytes(tmp_path: Path, llama3: Path) -> None:
    texts = own_texts()
    random.Random(3).shuffle(texts)
    train(texts, small(), tmp_path)
    assert (tmp_path / "tokenizer.json").read_bytes() == (llama3 / "tokenizer.json").read_bytes()


def test_train_one_thread_and_another_hash_seed_give_the_same_bytes(tmp_path: Path, llama3: Path) -> None:
    code = (
        "from pathlib import Path; from tests.tokenizer.conftest import own_texts, small;"
        "from curation.tokenizers.train import train; train(own_texts(), small(), Path(__import__('sys').argv[1]))"
    )
    environment = {**os.environ, "RAYON_NUM_THREADS": "1", "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=ROOT, env=environment)
    assert (tmp_path / "tokenizer.json").read_bytes() == (llama3 / "tokenizer.json").read_bytes()


def test_train_tiny_corpus_gives_a_smaller_vocabulary_that_still_reads_everything(tmp_path: Path) -> None:
    summary = train(["ab ab ab"], small(vocab_size=8192), tmp_path)
    encoder = Encoder.load(tmp_path)
    assert 256 + len(SPECIAL_TOKENS) <= summary["vocab_size"] == encoder.vocab_size < 300
    assert encoder.decode(encoder.encode("ü漢 \x00 anything")) == "ü漢 \x00 anything"


def test_train_no_text_at_all_still_gives_the_bytes(tmp_path: Path) -> None:
    assert train([], small(), tmp_path)["vocab_size"] == 256 + len(SPECIAL_TOKENS)


def test_train_vocabulary_size_counts_special_tokens(llama3: Path) -> None:
    encoder = Encoder.load(llama3)
    assert encoder.vocab_size == 1500
    assert list(encoder.vocabulary.special) == list(SPECIAL_TOKENS)
    assert sorted(encoder.vocabulary.special.values()) == list(range(1500 - len(SPECIAL_TOKENS), 1500))


def test_train_tokens_stay_within_their_longest(tmp_path: Path) -> None:
    train(["----------------------------------------\n" * 50, "word " * 50], small(max_token_bytes=8), tmp_path)
    tokens = Encoder.load(tmp_path).vocabulary
    assert tokens.token_bytes is not None
    assert max(len(tokens.token_bytes[number]) for number in tokens.ranks.values()) == 8


@pytest.mark.parametrize("name", sorted(presets()))
def test_presets_load_and_say_why_for_every_key(name: str) -> None:
    load_config(name)
    lines = presets()[name].read_text(encoding="utf-8").splitlines()
    assert all("#" in line for line in lines if "=" in line)


def test_load_config_unknown_name_lists_the_presets(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="bpe_8k"):
        load_config("bpe_9k", tmp_path)


@pytest.mark.parametrize("text", ["vocab = 5", 'pretokenizer = "mine"', "vocab_size = 10", "not toml"])
def test_load_config_wrong_file_is_one_sentence_with_its_place(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(RecipeError, match=r"mine\.toml"):
        load_config("mine.toml", tmp_path)


def test_auto_tokenizer_reads_the_folder_and_gives_the_same_ids(folder: Path) -> None:
    from transformers import AutoTokenizer

    theirs, ours = AutoTokenizer.from_pretrained(folder), Encoder.load(folder)
    for text in own_texts()[:20]:
        assert theirs(text)["input_ids"] == ours.encode(text).tolist()
        assert theirs.decode(ours.encode(text).tolist()) == text
    assert (theirs.bos_token, theirs.eos_token, theirs.pad_token) == ("<|bos|>", "<|eos|>", "<|pad|>")
    assert len(theirs) == ours.vocab_size


def test_auto_tokenizer_chat_template_marks_what_the_assistant_said(llama3: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(llama3)
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Yo"},
    ]
    text = tokenizer.apply_chat_template(messages, tokenize=False)
    assert text == "<|bos|><|system|>Be brief.<|end|><|user|>Hi<|end|><|assistant|>Yo<|end|>"
    asked = tokenizer.apply_chat_template(messages[:2], tokenize=False, add_generation_prompt=True)
    assert asked.endswith("<|user|>Hi<|end|><|assistant|>")
    marked = tokenizer.apply_chat_template(messages, return_assistant_tokens_mask=True, return_dict=True)
    said = [number for number, flag in zip(marked["input_ids"], marked["assistant_masks"], strict=True) if flag]
    assert tokenizer.decode(said) == "Yo<|end|>"


def test_tokenizer_config_names_the_pretokenizer_for_gguf(folder: Path) -> None:
    from curation.tokenizers.pretokenizers import PRETOKENIZERS

    config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    assert PRETOKENIZERS[config["pretokenizer"]].gguf == config["gguf_pre"]
