"""The bundled GPT trainer. It reads a release's manifest, Parquet shards and tokenizer, and nothing else of this project.

Read in this order: `config` (sizes), `model`, `shards` and `data` (tokens), `optimizer`, `train` (the loop), `sample`.
"""
