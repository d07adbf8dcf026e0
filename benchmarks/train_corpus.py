"""Texts and releases for `benchmarks.train`: a byte tokenizer, books in pieces of 4,000 characters, shards."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

SPECIALS = ["<|bos|>", "<|eos|>", "<|pad|>", "<|end|>"]
LIST = pa.list_(pa.field("element", pa.uint16(), nullable=False))


def byte_tokenizer() -> Tokenizer:
    """256 bytes and the special tokens: on English what nanoGPT's character recipe is."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({token: i for i, token in enumerate([*SPECIALS, *alphabet])}, []))
    tokenizer.add_special_tokens(SPECIALS)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def read_text(corpus: Path, limit: int) -> str:
    """English books of the corpus, else any text of it."""
    files = sorted((corpus / "books" / "en").glob("*.txt")) or sorted(path for path in corpus.rglob("*.txt"))
    if not files:
        raise SystemExit(f"error: no .txt under {corpus}: give another --corpus")
    return "".join(path.read_text(encoding="utf-8-sig", errors="replace") for path in files)[:limit].replace("\r\n", "\n")


def byte_documents(text: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """(train, eval) documents of some 4,000 characters; the last tenth is eval, as in nanoGPT's recipe."""
    tokenizer, size = byte_tokenizer(), 4000
    pieces = [np.array(tokenizer.encode(text[at : at + size]).ids, np.uint16) for at in range(0, len(text), size)]
    return pieces[: -len(pieces) // 10], pieces[-len(pieces) // 10 :]


def write_release(folder: Path, train: list[np.ndarray], held: list[np.ndarray], vocab_size: int, group_rows: int) -> Path:
    """A release by the on-disk contract. Shards beyond 8 M tokens are cut."""
    (folder / "tokenizer").mkdir(parents=True)
    byte_tokenizer().save(str(folder / "tokenizer" / "tokenizer.json"))
    digest = hashlib.sha256((folder / "tokenizer" / "tokenizer.json").read_bytes()).hexdigest()
    shards = []
    for split, documents in (("train", train), ("eval", held)):
        values, rows = pa.array(np.concatenate(documents)), len(documents)
        offsets = np.concatenate(([0], np.cumsum([len(d) for d in documents]))).astype(np.int32)
        columns = {
            "id": [f"{i:032x}" for i in range(rows)],
            "source": ["bytes"] * rows,
            "lang": ["en"] * rows,
            "n_bytes": pa.array([len(d) for d in documents], pa.uint32()),
            "input_ids": pa.ListArray.from_arrays(pa.array(offsets), values, type=LIST),
        }
        schema = pa.schema([pa.field(name, pa.array(column).type, nullable=False) for name, column in columns.items()])
        table = pa.table(columns, schema=schema)
        path = folder / split / "bytes.parquet"
        path.parent.mkdir()
        pq.write_table(
            table.replace_schema_metadata({"tokenizer_sha256": digest}),
            path,
            row_group_size=group_rows,
            compression="zstd",
            compression_level=3,
            use_dictionary=["source", "lang"],
            column_encoding={"input_ids.list.element": "BYTE_STREAM_SPLIT"},
        )
        shards.append({"path": f"{split}/bytes.parquet", "split": split, "source": "bytes"})
    tokenizer = {"sha256": digest, "vocab_size": vocab_size}
    (folder / "manifest.json").write_text(
        json.dumps({"id": folder.name, "tokenizer": tokenizer, "shards": shards, "weights": {"bytes": 1.0}})
    )
    return folder
