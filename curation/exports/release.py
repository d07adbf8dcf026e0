"""A release as exports read it: its manifest, its tokenizer, its documents in order of shards, a row group at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from curation import manifest
from curation.errors import RecipeError
from curation.tokenizers.encoder import Encoder

END = "<|eos|>"
SPLITS = ("train", "eval")


@dataclass(frozen=True, slots=True)
class Release:
    """`folder` of a sealed release (or of the stand-alone form's output)."""

    folder: Path
    summary: dict[str, Any]
    encoder: Encoder

    @staticmethod
    def open(folder: Path) -> Release:
        return Release(folder, manifest.read(folder), Encoder.load(folder / "tokenizer"))

    @property
    def end(self) -> int:
        """Id of the token that ends a document: formats without borders need one."""
        special = self.encoder.vocabulary.special
        for name in (END, "<|endoftext|>", "</s>"):
            if name in special:
                return special[name]
        raise RecipeError("no token that ends a document", where=str(self.folder / "tokenizer"), expected=END)

    def shards(self, split: str) -> list[Path]:
        return [self.folder / shard["path"] for shard in self.summary["shards"] if shard["split"] == split]

    def tables(self, split: str) -> Iterator[pa.Table]:
        """Row groups of all shards of a split, in order of their names."""
        for path in self.shards(split):
            with pq.ParquetFile(path, memory_map=True) as file:
                for group in range(file.num_row_groups):
                    yield file.read_row_group(group, use_threads=False)

    def ended(self, split: str) -> Iterator[tuple[npt.NDArray[Any], npt.NDArray[np.int64]]]:
        """Per row group: tokens with the end token after each document, and the documents' lengths with it."""
        for table in self.tables(split):
            lists = table.column("input_ids").combine_chunks()
            values, ends = lists.flatten().to_numpy(), lists.offsets.to_numpy()[1:] - lists.offsets[0].as_py()
            yield np.insert(values, ends, self.end), np.diff(ends, prepend=0).astype(np.int64) + 1
