"""Is a release what its manifest says? Every promise that can be checked from the folder alone.

In: a release folder. Out: nothing, or ContractError naming the first thing that is wrong:
every file's hash; each shard's schema, encoding, footer, order of ids, lengths, tokenizer; the ledger's places against
the shards' rows; decode(encode(x)) == x on a sample of documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation import manifest
from curation.errors import ContractError
from curation.segment import scan
from curation.shards import LIST_PATH, read_footer, shard_schema
from curation.tokenizers.encoder import Encoder

SAMPLE_ROWS = 32


def verify(release: Path) -> None:
    """Raises ContractError where the release breaks the contract."""
    summary = manifest.read(release)
    manifest.check(release)
    encoder = Encoder.load(release / "tokenizer")
    if encoder.sha256 != summary["tokenizer"]["sha256"]:
        raise ContractError("another tokenizer than the manifest names", where=str(release / "tokenizer"), got=encoder.sha256)
    _check_listing(release, summary["shards"])
    for shard in summary["shards"]:
        verify_shard(release / shard["path"], shard, encoder)
    if (release / "ledger").is_dir():
        _check_ledger(release, summary["shards"])


def verify_shard(path: Path, shard: dict[str, Any], encoder: Encoder) -> None:
    footer = read_footer(path)
    if manifest.file_sha256(path) != shard["sha256"]:
        raise ContractError("shard has changed", where=str(path), expected=shard["sha256"])
    if footer["tokenizer_sha256"] != encoder.sha256:
        raise ContractError(
            "shard of another tokenizer", where=str(path), got=footer["tokenizer_sha256"], expected=encoder.sha256
        )
    with pq.ParquetFile(path) as file:
        _check_layout(path, file, encoder.vocab_size)
        counted = _check_rows(path, file, encoder)
    promised = {"rows": shard["rows"], "tokens": shard["tokens"], "bytes": shard["bytes"]}
    if counted != promised or (str(counted["tokens"]), str(counted["bytes"])) != (footer["num_tokens"], footer["num_bytes"]):
        raise ContractError("counts differ", where=str(path), got=str(counted), expected=str(promised))


def _check_layout(path: Path, file: pq.ParquetFile, vocab_size: int) -> None:
    schema = file.schema_arrow.remove_metadata()
    if not schema.equals(shard_schema(vocab_size)):
        raise ContractError("other columns than the contract's", where=str(path), got=str(schema))
    for group in range(file.metadata.num_row_groups):
        names = {
            file.metadata.row_group(group).column(number).path_in_schema: number for number in range(file.metadata.num_columns)
        }
        column = file.metadata.row_group(group).column(names[LIST_PATH])
        if "BYTE_STREAM_SPLIT" not in column.encodings or column.compression != "ZSTD":
            raise ContractError(
                "token column in another encoding", where=str(path), got=f"{column.encodings} {column.compression}"
            )


def _check_rows(path: Path, file: pq.ParquetFile, encoder: Encoder) -> dict[str, int]:
    last, counts = "", {"rows": 0, "tokens": 0, "bytes": 0}
    for number in range(file.metadata.num_row_groups):
        table = file.read_row_group(number, use_threads=False).combine_chunks()
        ids, lists = table.column("id").combine_chunks(), table.column("input_ids").combine_chunks()
        order = pa.concat_arrays([pa.array([last]), ids])
        if not pc.all(pc.less_equal(order[:-1], order[1:])).as_py():
            raise ContractError("rows are not sorted by id", where=str(path))
        if not np.diff(lists.offsets.to_numpy()).all():
            raise ContractError("document without tokens", where=str(path))
        if pc.max(lists.flatten()).as_py() >= encoder.vocab_size:
            raise ContractError("token beyond the vocabulary", where=str(path))
        last = ids[-1].as_py()
        sizes = table.column("n_bytes")
        for name, more in (("rows", len(table)), ("tokens", len(lists.flatten())), ("bytes", pc.sum(sizes).as_py())):
            counts[name] += more
        if number == 0:
            _check_texts(path, lists, sizes, encoder)
    return counts


def _check_texts(path: Path, lists: pa.ListArray, sizes: pa.ChunkedArray, encoder: Encoder) -> None:
    if encoder.vocabulary.token_bytes is None:  # not byte-level: decoding is not exact by nature
        return
    for row in range(0, len(lists), max(len(lists) // SAMPLE_ROWS, 1)):
        ids = lists[row].values.to_numpy()
        text = encoder.decode(ids)
        if len(text.encode()) != sizes[row].as_py() or not np.array_equal(encoder.encode(text), ids):
            raise ContractError("tokens that do not give their text back", where=f"{path} row {row}")


def _check_listing(release: Path, shards: list[dict[str, Any]]) -> None:
    listed = {shard["path"] for shard in shards}
    found = {str(path.relative_to(release)) for split in ("train", "eval") for path in (release / split).glob("*.parquet")}
    if listed != found:
        raise ContractError("shards and manifest differ", where=str(release), got=", ".join(sorted(listed ^ found)))


def _check_ledger(release: Path, shards: list[dict[str, Any]]) -> None:
    """Every row of every shard has exactly one kept ledger row that names it, by the same id."""
    ids = {
        shard["path"]: pq.read_table(release / shard["path"], columns=["id"], use_threads=False)["id"].combine_chunks()
        for shard in shards
    }
    seen = {path: np.zeros(len(column), bool) for path, column in ids.items()}
    for path, batch in _kept(release):
        for name in pc.unique(batch.column("shard")).to_pylist():
            part = batch.filter(pc.equal(batch.column("shard"), name))
            if name not in ids:
                raise ContractError("ledger names a shard that is not there", where=str(path), got=str(name))
            rows = part.column("row").to_numpy()
            is_new = rows.max() < len(ids[name]) and len(np.unique(rows)) == len(rows) and not seen[name][rows].any()
            if not is_new or not ids[name].take(pa.array(rows)).equals(part.column("id")):
                raise ContractError("ledger and shard name different documents", where=str(path), got=str(name))
            seen[name][rows] = True
    for name, rows in seen.items():
        if not rows.all():
            raise ContractError("shard rows without a ledger row", where=name, got=str(int((~rows).sum())))


def _kept(release: Path) -> Iterator[tuple[Path, pa.RecordBatch]]:
    for path in sorted((release / "ledger").glob("*.parquet")):
        for batch in scan(path, ("id", "verdict", "shard", "row")):
            kept = batch.filter(pc.equal(batch.column("verdict"), "kept"))
            if len(kept):
                yield path, kept
