"""Use a tokenizer that exists: any Hugging Face tokenizer.json, or a SentencePiece model through transformers' converters.

In: the file. Out: the same folder that training writes. tokenizer.json is copied byte for byte; the contract's special
tokens that it lacks are not added, since that would make it another tokenizer. What stands beside it
(tokenizer_config.json, special_tokens_map.json) is copied where it exists.

A SentencePiece model is converted only where ids stay SentencePiece's own on a probe text: BPE with byte fallback as Llama
has it, and unigram models. These tokenizers are not lossless (a blank in front may go, runs of blanks may shrink, characters
may be unknown), so exports of text and byte spans refuse them.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from curation.errors import RecipeError
from curation.manifest import file_sha256
from curation.tokenizers.train import CHAT_TEMPLATE, TOKENIZER_FILES
from curation.tokenizers.vocabulary import Vocabulary, read_vocabulary


def adopt(path: Path, out: Path) -> dict[str, Any]:
    """Copy or convert the tokenizer at `path` into the folder `out`. Returns sha256, vocab_size, pretokenizer, trained."""
    out.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".model":
        _convert(path, out)
    else:
        for name in TOKENIZER_FILES:
            beside = path if name == "tokenizer.json" else path.with_name(name)
            if beside.is_file():
                shutil.copyfile(beside, out / name)
    words = _readable(out / "tokenizer.json", path)
    if not (out / "tokenizer_config.json").is_file():
        (out / "tokenizer_config.json").write_text(json.dumps(_minimal_config(words), indent=1) + "\n", encoding="utf-8")
    return {
        "sha256": file_sha256(out / "tokenizer.json"),
        "vocab_size": words.size,
        "pretokenizer": words.pretokenizer,
        "trained": False,
    }


def _readable(file: Path, named: Path) -> Vocabulary:
    try:
        words = read_vocabulary(file)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecipeError("not a tokenizer that can be read", where=str(named), got=type(error).__name__) from None
    if not words.size:
        raise RecipeError("a tokenizer without tokens", where=str(named))
    return words


def _minimal_config(words: Vocabulary) -> dict[str, Any]:
    template = {"chat_template": CHAT_TEMPLATE} if {"<|bos|>", "<|user|>", "<|end|>"} <= words.special.keys() else {}
    return {"tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False, **template}


def _convert(path: Path, out: Path) -> None:
    """SentencePiece to tokenizer.json by transformers' converters; refused where ids differ from SentencePiece's own."""
    try:
        import sentencepiece
        from transformers import LlamaTokenizerFast, PreTrainedTokenizerFast
        from transformers.convert_slow_tokenizer import SpmConverter, import_protobuf
    except ImportError as error:
        do = "Install sentencepiece and protobuf, or give the tokenizer.json of the same tokenizer."
        raise RecipeError("a SentencePiece model needs another package", where=str(path), got=str(error), do=do) from None
    model = sentencepiece.SentencePieceProcessor(model_file=str(path))
    proto = import_protobuf().ModelProto.FromString(path.read_bytes())  # type: ignore[no-untyped-call]
    if proto.trainer_spec.model_type == _SENTENCEPIECE_BPE:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copyfile(path, Path(folder) / "tokenizer.model")
            converted = LlamaTokenizerFast.from_pretrained(folder)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that byte fallback may be lost: the probe below decides
            backend = SpmConverter(SimpleNamespace(vocab_file=str(path))).converted()  # type: ignore[no-untyped-call]
        converted = PreTrainedTokenizerFast(tokenizer_object=backend)  # type: ignore[no-untyped-call]
    if any(converted.encode(text, add_special_tokens=False) != model.encode(text) for text in _SENTENCEPIECE_PROBE):
        do = "Give the tokenizer.json of the same tokenizer."
        raise RecipeError("converted, this SentencePiece model gives other ids", where=str(path), do=do)
    converted.save_pretrained(out)


_SENTENCEPIECE_BPE = 2
_SENTENCEPIECE_PROBE = (
    "The quick brown fox jumps over the lazy dog, 3.14 times.\nAnd again: don't!",
    "Zażółć gęślą jaźń — съешь ещё этих булок 日本語 👍",
    "two  blanks,\ttab, ﬁ ligature, é, می‌خواهم",
    "a blank at the end ",  # one at the start is another matter: transformers adds no second one before it
    "rare letters \u1b83\U00010330 that only byte fallback can say",
)
