"""Tokens per source and language with Polars: `python docs/examples/read_with_polars.py data/my-corpus/releases/ID`"""

import sys

import polars as pl

table = pl.scan_parquet(f"{sys.argv[1]}/train/*.parquet")
counts = table.group_by("source", "lang").agg(pl.len().alias("documents"), pl.col("input_ids").list.len().sum().alias("tokens"))
print(counts.sort("source", "lang").collect())
print(table.select(pl.col("input_ids").list.len().sum()).collect().item(), "tokens in train")
