"""Read a release with Hugging Face datasets: `python docs/examples/read_with_datasets.py data/my-corpus/releases/ID`"""

import sys
from pathlib import Path

from datasets import load_dataset

release = Path(sys.argv[1])
data = load_dataset(
    "parquet",
    data_files={"train": str(release / "train/*.parquet"), "eval": str(release / "eval/*.parquet")},
    cache_dir=str(release.parent / ".cache") if len(sys.argv) < 3 else sys.argv[2],
)
print(data)
print(sum(len(row["input_ids"]) for row in data["train"]), "tokens in train")
