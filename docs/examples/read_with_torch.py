"""Fixed-length batches for a training loop of one's own: `python docs/examples/read_with_torch.py data/my-corpus/releases/ID`

The bundled trainer mixes shards, weighs sources and masks documents; this is the least that learns something.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import torch
from torch.utils.data import DataLoader, IterableDataset
from transformers import AutoTokenizer

release = Path(sys.argv[1])
tokenizer = AutoTokenizer.from_pretrained(release / "tokenizer")


class Chunks(IterableDataset):
    """Runs of `length` + 1 tokens; documents are joined by the BOS token, since shards hold the text alone."""

    def __init__(self, shards: list[Path], length: int) -> None:
        self.shards, self.length = shards, length

    def __iter__(self) -> Iterator[torch.Tensor]:
        rest = np.empty(0, np.int64)
        for path in self.shards:
            for batch in pq.ParquetFile(path).iter_batches(256, columns=["input_ids"]):
                documents = [np.append(tokenizer.bos_token_id, ids.values.to_numpy()) for ids in batch["input_ids"]]
                rest = np.concatenate([rest, *documents])
                count = len(rest) // (self.length + 1)
                yield from torch.from_numpy(rest[: count * (self.length + 1)].copy()).view(count, self.length + 1)
                rest = rest[count * (self.length + 1) :]


loader = DataLoader(Chunks(sorted(release.glob("train/*.parquet")), length=16), batch_size=4)
for chunk in loader:
    inputs, targets = chunk[:, :-1], chunk[:, 1:]
    print(inputs.shape, targets.shape, repr(tokenizer.decode(inputs[0])[:40]))
    break
