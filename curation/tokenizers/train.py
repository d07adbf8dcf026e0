"""Train a byte-level BPE and write it as a folder that transformers, llama.cpp's converters and we read.

In: texts and a TokenizerConfig. Out: tokenizer.json, tokenizer_config.json, special_tokens_map.json.
Ids: 256 bytes, then merges in the order they were learned (id order = rank order, which the fast engine relies on),
then the special tokens. A corpus too small for `vocab_size` gives fewer tokens and is not padded: the real size is
what manifest, shards and trainer see, and a padding id would be an embedding that nothing ever trains.

Deterministic: the same bytes for any order of texts and number of threads (tested). Memory follows the number of
distinct words, which the sample bounds. Reference: Hugging Face tokenizers' BpeTrainer; 4.5 MB/s on one core.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation.document import valid_text
from curation.manifest import file_sha256
from curation.tokenizers.config import TokenizerConfig
from curation.tokenizers.pretokenizers import PRETOKENIZERS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")

# `generation` marks what the assistant said, so that trainers can put the loss on it alone.
CHAT_TEMPLATE = (
    "{{- bos_token -}}"
    "{%- for message in messages -%}"
    "{%- if message['role'] not in ['system', 'user', 'assistant', 'tool'] -%}"
    "{{- raise_exception('unknown role: ' + message['role']) -}}"
    "{%- endif -%}"
    "{%- if message['role'] == 'assistant' -%}"
    "{{- '<|assistant|>' -}}{%- generation -%}{{- message['content'] + '<|end|>' -}}{%- endgeneration -%}"
    "{%- else -%}"
    "{{- '<|' + message['role'] + '|>' + message['content'] + '<|end|>' -}}"
    "{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}"
)


def train(texts: Iterable[str], config: TokenizerConfig, out: Path) -> dict[str, Any]:
    """Learn merges from `texts` and write the folder `out`. Returns sha256, vocab_size, pretokenizer."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    tokenizer = _untrained(config)
    tokenizer.train_from_iterator(_batches(texts), _trainer(config))
    tokenizer.add_special_tokens(list(config.special_tokens))
    return write(tokenizer, config, out)


def write(tokenizer: Tokenizer, config: TokenizerConfig, out: Path) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_text(tokenizer.to_str(pretty=True) + "\n", encoding="utf-8")
    _write_json(out / "tokenizer_config.json", _hf_config(config))
    _write_json(out / "special_tokens_map.json", _special_map(config))
    return {
        "sha256": file_sha256(out / "tokenizer.json"),
        "vocab_size": tokenizer.get_vocab_size(with_added_tokens=True),
        "pretokenizer": config.pretokenizer,
        "trained": True,
    }


def _untrained(config: TokenizerConfig) -> Tokenizer:
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors

    regex = PRETOKENIZERS[config.pretokenizer].regex
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(regex), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def _trainer(config: TokenizerConfig) -> Any:
    from tokenizers import pre_tokenizers, trainers

    return trainers.BpeTrainer(
        vocab_size=config.vocab_size - len(config.special_tokens),
        min_frequency=config.min_frequency,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=config.max_token_bytes + 1,  # HF leaves out what reaches its bound (tried with 0.23)
        show_progress=sys.stderr.isatty(),
    )


def _batches(texts: Iterable[str], size: int = 256) -> Iterator[list[str]]:
    # Lists let HF split words on all cores; single strings would be split one after another.
    batch: list[str] = []
    for text in texts:
        batch.append(valid_text(text))
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _hf_config(config: TokenizerConfig) -> dict[str, Any]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": 1_000_000_000_000,
        "clean_up_tokenization_spaces": False,
        "add_bos_token": False,
        "add_eos_token": False,
        **_special_map(config),
        "chat_template": CHAT_TEMPLATE,
        "pretokenizer": config.pretokenizer,
        "gguf_pre": PRETOKENIZERS[config.pretokenizer].gguf,
    }


def _special_map(config: TokenizerConfig) -> dict[str, Any]:
    named = {"bos_token": "<|bos|>", "eos_token": "<|eos|>", "pad_token": "<|pad|>"}
    return {**named, "additional_special_tokens": [token for token in config.special_tokens if token not in named.values()]}


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
