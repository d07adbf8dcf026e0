"""Writes small releases by the on-disk contract, so that the trainer is tested without the package that normally makes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIALS = ["<|bos|>", "<|eos|>", "<|pad|>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>", "<|end|>"]
TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}{{ '<|' + m['role'] + '|>' + m['content'] + '<|end|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
NOUNS = ["fox", "hare", "river", "mill", "baker", "ship", "lamp", "king", "garden", "clock", "road", "winter"]
VERBS = ["sees", "finds", "follows", "paints", "forgets", "carries"]
ADJECTIVES = ["old", "quiet", "red", "small", "bright", "lost"]
POLISH = ["lis", "zając", "rzeka", "młyn", "piekarz", "statek", "lampa", "król", "ogród", "zegar", "droga", "zima"]


def sentences(seed: int, count: int, nouns: list[str] = NOUNS) -> str:
    """Regular enough that a tiny model learns it within a hundred steps."""
    rng = np.random.default_rng(seed)
    pick = [
        f"The {rng.choice(ADJECTIVES)} {rng.choice(nouns)} {rng.choice(VERBS)} the {rng.choice(nouns)}." for _ in range(count)
    ]
    return " ".join(pick)


def train_tokenizer(folder: Path, texts: Iterable[str], vocab_size: int = 400) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(
        texts,
        trainers.BpeTrainer(
            vocab_size=vocab_size,
            special_tokens=SPECIALS,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "bos_token": "<|bos|>",
                "eos_token": "<|eos|>",
                "pad_token": "<|pad|>",
                "chat_template": TEMPLATE,
            }
        )
    )
    return tokenizer


def write_shard(
    path: Path, documents: list[tuple[str, str, list[int], int]], tokenizer_sha256: str, group_rows: int
) -> dict[str, object]:
    """`documents`: (source, lang, ids, num_bytes)."""
    schema = pa.schema(
        [
            ("id", pa.string()),
            ("source", pa.string()),
            ("lang", pa.string()),
            ("license", pa.string()),
            ("work", pa.string()),
            ("ordinal", pa.int32()),
            ("n_bytes", pa.uint32()),
            ("input_ids", pa.list_(pa.field("element", pa.uint16(), nullable=False))),
        ]
    )
    rows = sorted(
        (
            {
                "id": hashlib.md5(f"{path.name}{i}{d[2]}".encode()).hexdigest(),
                "source": d[0],
                "lang": d[1],
                "license": None,
                "work": None,
                "ordinal": i,
                "n_bytes": d[3],
                "input_ids": d[2],
            }
            for i, d in enumerate(documents)
        ),
        key=lambda row: str(row["id"]),
    )
    tokens, num_bytes = sum(len(d[2]) for d in documents), sum(d[3] for d in documents)
    table = pa.Table.from_pylist(rows, schema).replace_schema_metadata(
        {"tokenizer_sha256": tokenizer_sha256, "num_tokens": str(tokens), "num_bytes": str(num_bytes), "schema_version": "1"}
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        table,
        path,
        row_group_size=group_rows,
        compression="zstd",
        compression_level=3,
        use_dictionary=["source", "lang", "license"],
        column_encoding={"input_ids.list.element": "BYTE_STREAM_SPLIT"},
    )
    return {
        "path": f"{path.parent.name}/{path.name}",
        "split": path.parent.name,
        "source": documents[0][0],
        "rows": len(rows),
        "tokens": tokens,
        "bytes": num_bytes,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def write_release(
    folder: Path,
    texts: dict[str, list[tuple[str, str]]] | None = None,
    *,
    vocab_size: int = 400,
    group_rows: int = 8,
    weights: dict[str, float] | None = None,
    num_eval: int = 4,
) -> Path:
    """`texts`: source -> [(lang, text)]; each source's first `num_eval` documents are its eval shard."""
    if texts is None:
        texts = {
            "books": [("en", sentences(i, 30)) for i in range(60)],
            "wiki": [("pl", sentences(i, 8, POLISH)) for i in range(100, 160)],
        }
    tokenizer = train_tokenizer(folder / "tokenizer", [text for documents in texts.values() for _, text in documents], vocab_size)
    digest = hashlib.sha256((folder / "tokenizer" / "tokenizer.json").read_bytes()).hexdigest()
    shards = []
    for source, documents in texts.items():
        encoded = [(source, lang, tokenizer.encode(text).ids, len(text.encode())) for lang, text in documents]
        for split, part in (("eval", encoded[:num_eval]), ("train", encoded[num_eval:])):
            shards.append(write_shard(folder / split / f"{source}.parquet", part, digest, group_rows))
    (folder / "manifest.json").write_text(
        json.dumps(
            {
                "schema_version": 1,
                "id": folder.name,
                "tokenizer": {"sha256": digest, "vocab_size": tokenizer.get_vocab_size()},
                "shards": shards,
                "weights": weights or dict.fromkeys(texts, 1.0),
            }
        )
    )
    return folder
