"""Tokenizers of others: any tokenizer.json, and SentencePiece models converted by transformers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from curation.errors import RecipeError
from curation.tokenizers.existing import adopt
from curation.tokenizers.standalone import Job, tokenize_files
from tests.tokenizer.conftest import own_texts
from tests.tokenizer.test_standalone import jsonl, read_back


def sentencepiece_model(folder: Path, **options: Any) -> Path:
    """A model that SentencePiece itself trains on this repository's texts, in ASCII but for two languages."""
    library = pytest.importorskip("sentencepiece", reason="SentencePiece models need the package sentencepiece")
    lines = [line for text in own_texts() for line in text.splitlines() if line.strip() and max(line) < "ԯ"]
    (folder / "text.txt").write_text("\n".join(lines), encoding="utf-8")
    settings = {"vocab_size": 900, "hard_vocab_limit": False, "minloglevel": 2, **options}
    library.SentencePieceTrainer.train(input=str(folder / "text.txt"), model_prefix=str(folder / "made"), **settings)
    return folder / "made.model"


LLAMA = {"model_type": "bpe", "byte_fallback": True, "normalization_rule_name": "identity", "remove_extra_whitespaces": False}


@pytest.mark.parametrize("options", [LLAMA, {"model_type": "unigram"}], ids=["llama", "unigram"])
def test_adopt_sentencepiece_model_keeps_its_ids_in_shards(tmp_path: Path, options: dict[str, Any]) -> None:
    path = sentencepiece_model(tmp_path, **options)
    texts = ["The bridge  was closed.\n", "Zażółć gęślą jaźń", "pebbles and stones", "one two three 1999"]
    job = Job((str(jsonl(tmp_path / "a.jsonl", texts)),), tmp_path / "out", str(path), eval_fraction=0.3, workers=1)
    summary = tokenize_files(job)
    import sentencepiece

    theirs = sentencepiece.SentencePieceProcessor(model_file=str(path))
    assert read_ids(tmp_path / "out", summary) == sorted(theirs.encode(text) for text in texts)
    assert read_back(tmp_path / "out") == sorted(theirs.decode(theirs.encode(text)).replace(" ⁇ ", "<unk>") for text in texts)


def read_ids(output: Path, summary: dict[str, Any]) -> list[list[int]]:
    import pyarrow.parquet as pq

    return sorted(ids for shard in summary["shards"] for ids in pq.read_table(output / shard["path"])["input_ids"].to_pylist())


def test_adopt_sentencepiece_model_whose_ids_would_change_is_refused(tmp_path: Path) -> None:
    path = sentencepiece_model(tmp_path, model_type="unigram", byte_fallback=True)
    with pytest.raises(RecipeError, match="other ids"):
        adopt(path, tmp_path / "out")


def unigram(folder: Path) -> Path:
    """A tokenizer as SentencePiece's are, made without it: lossy, with an unknown token, not byte-level."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=400, unk_token="<unk>", special_tokens=["<unk>", "</s>"], show_progress=False)
    tokenizer.train_from_iterator(own_texts(), trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder / "tokenizer.json"


def test_adopt_unigram_tokenizer_encodes_as_hf_and_gives_back_what_it_can(tmp_path: Path) -> None:
    path = unigram(tmp_path)
    texts = ["The bridge was closed.", "ﬁne", "𐌰 unknown", "\u3000\u3000"]  # the last one: nothing is left of it
    source = jsonl(tmp_path / "a.jsonl", [*texts, "\ufeff\u200b x"])
    job = Job((str(source),), tmp_path / "out", str(path), eval_fraction=0.0, workers=1)
    tokenize_files(job)
    found = read_back(tmp_path / "out")
    assert {"The bridge was closed.", "fine"} <= set(found)
    assert "𐌰 unknown" not in found


@pytest.mark.parametrize("content", ["{}", "not json", '{"model": {"vocab": {}}}'])
def test_adopt_something_else_is_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(RecipeError, match="tokenizer"):
        adopt(tmp_path / "tokenizer.json", tmp_path / "out")
