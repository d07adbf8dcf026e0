"""Tokens per licence with DuckDB: `python docs/examples/read_with_duckdb.py data/my-corpus/releases/ID`"""

import sys

import duckdb

shards = f"read_parquet('{sys.argv[1]}/train/*.parquet')"
print(duckdb.sql(f"SELECT license, count(*) AS documents, sum(len(input_ids)) AS tokens FROM {shards} GROUP BY license"))
print(duckdb.sql(f"SELECT sum(len(input_ids)) FROM {shards}").fetchall()[0][0], "tokens in train")
