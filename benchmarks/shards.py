"""Shards on disk and read back: bits per token and tokens per second beside .bin and plain Parquet. `python -m benchmarks.shards`

The same tokens in every form, one core, files warm in the page cache, alternating. Reading means every token in a numpy
array, document borders included where the form has them. The tokens are compared; a difference prints `mismatch …`.

    --corpus DIR, --json FILE, --quick

Last line: bits_per_token B (our shards; a raw .bin has 16).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.encode import CORPUS, documents, shards
from curation.shards import LIST_PATH
from curation.tokenizers.config import load_config
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.train import train

Tokens = npt.NDArray[np.uint16]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shards")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    pa.set_cpu_count(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shard = write(options.corpus, folder, (1 if options.quick else 4) << 20)
        forms, expected = other_forms(shard, folder)
        figures: dict[str, dict[str, float]] = {}
        for form, (path, read) in forms.items():
            if not np.array_equal(read(path), expected):
                print(f"mismatch {form}")
                return 1
        seconds: dict[str, list[float]] = {form: [] for form in forms}
        for _ in range(3 if options.quick else 9):
            for form, (path, read) in forms.items():
                seconds[form].append(timed(read, path))
        print(f"{len(expected):,} tokens")
        for form, (path, _) in forms.items():
            bits = 8 * size_of_tokens(path) / len(expected)
            speed = len(expected) / statistics.median(seconds[form]) / 1e6
            figures[form] = {"bits_per_token": bits, "million_tokens_per_second": speed}
            print(f"{form:36} {bits:6.2f} bits a token  {speed:8.1f} M tokens/s")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"bits_per_token {figures['our shards']['bits_per_token']:.2f} (our shards; a raw .bin has 16)")
    return 0


def write(corpus: Path, folder: Path, max_bytes: int) -> Path:
    rows = documents(corpus, max_bytes)
    train((str(row["text"]) for row in rows), load_config("bpe_32k"), folder / "tokenizer")
    shards(rows, Encoder.load(folder / "tokenizer"), folder / "ours")
    (path,) = (folder / "ours").glob("*.parquet")
    return path


def other_forms(shard: Path, folder: Path) -> tuple[dict[str, tuple[Path, Callable[[Path], Tokens]]], Tokens]:
    table = pq.read_table(shard, columns=["input_ids"])
    tokens = table["input_ids"].combine_chunks().flatten().to_numpy()
    (folder / "tokens.bin").write_bytes(tokens.tobytes())
    group = pq.read_metadata(shard).row_group(0).num_rows
    pq.write_table(table, folder / "plain.parquet", compression="none", use_dictionary=False, row_group_size=group)
    pq.write_table(table, folder / "default.parquet", compression="zstd", row_group_size=group)
    forms: dict[str, tuple[Path, Callable[[Path], Tokens]]] = {
        "our shards": (shard, read_parquet),
        ".bin, memory-mapped and copied": (folder / "tokens.bin", read_bin),
        "Parquet, plain": (folder / "plain.parquet", read_parquet),
        "Parquet, zstd with dictionary": (folder / "default.parquet", read_parquet),
    }
    return forms, tokens


def read_parquet(path: Path) -> Tokens:
    with pq.ParquetFile(path, memory_map=True) as file:
        parts = [
            file.read_row_group(group, columns=["input_ids"], use_threads=False)["input_ids"]
            .combine_chunks()
            .flatten()
            .to_numpy()
            for group in range(file.num_row_groups)
        ]
    return np.concatenate(parts)


def read_bin(path: Path) -> Tokens:
    return np.array(np.memmap(path, np.uint16, mode="r"))


def size_of_tokens(path: Path) -> int:
    """Bytes of the token column alone: the other columns are not what is compared."""
    if path.suffix == ".bin":
        return path.stat().st_size
    metadata = pq.read_metadata(path)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    columns = [group.column(number) for group in groups for number in range(metadata.num_columns)]
    return sum(column.total_compressed_size for column in columns if column.path_in_schema == LIST_PATH)


def timed(read: Callable[[Path], Tokens], path: Path) -> float:
    start = time.perf_counter()
    read(path)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
