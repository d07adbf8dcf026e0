"""One shard with pandas: `python docs/examples/read_with_pandas.py data/my-corpus/releases/ID`"""

import sys
from pathlib import Path

import pandas as pd

table = pd.concat([pd.read_parquet(path) for path in sorted(Path(sys.argv[1]).glob("train/*.parquet"))])
print(table[["id", "source", "lang", "n_bytes"]].head())
print(int(table["input_ids"].map(len).sum()), "tokens in train")
