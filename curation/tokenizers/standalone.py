"""Token shards from any Parquet, JSON lines or text: the stand-alone form of `python -m curation.tokenize`.

In: files. Out, in the output folder: train/*.parquet, eval/*.parquet, tokenizer/, manifest.json (written last).

About 64 MiB of input at a time are encoded in a worker process and leave a record under .work/done/ once their shards
lie in place; a run that is killed goes on from there, and ends in the same bytes. One folder, one tokenizer: another one is
refused. A document is held out for evaluation by a hash of its text, so exact copies never part; if chance holds out
none, the document with the lowest hash is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from curation import manifest, storage
from curation.engine import Engine
from curation.errors import InputError, RecipeError, WorkspaceError
from curation.shards import ShardWriter
from curation.tokenizers.encoder import Encoder
from curation.tokenizers.files import Unit, grouped, list_units, read_unit
from curation.tokenizers.segments import SPLITS, encode_documents
from curation.tokenizers.standalone_tokenizer import refuse_another, split_place, tokenizer_of

WORK = ".work"
Report = Callable[[str, int, int], None]  # what is done, bytes done, bytes in all


@dataclass(frozen=True, slots=True)
class Job:
    """The command line, checked."""

    inputs: tuple[str, ...]
    output: Path
    tokenizer: str | None = None
    text_column: str = "text"
    eval_fraction: float = 0.01
    max_tokens: int = 100_000_000
    workers: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.eval_fraction < 1:
            raise RecipeError("out of range", where="--eval-fraction", got=str(self.eval_fraction), expected="from 0 to below 1")
        if self.max_tokens < 1:
            raise RecipeError("out of range", where="--max-tokens", got=str(self.max_tokens), expected="1 or more")


def silent(name: str, done: int, total: int) -> None:
    """No report."""


def tokenize_files(job: Job, report: Report = silent) -> dict[str, Any]:
    """Do the job, or what is left of it. Returns the manifest."""
    work = job.output / WORK
    with storage.lock(work):
        storage.clear_drafts(work)
        units = list_units(job.inputs, job.text_column)
        engine = Engine(work, workers=job.workers or os.cpu_count() or 1)
        tokenizer = tokenizer_of(job.output, job.tokenizer, units, job.text_column, job.eval_fraction, engine)
        encoder = Encoder.load(tokenizer)
        refuse_another(job.output, encoder.sha256, str(tokenizer))
        groups = grouped(units)
        records = _encode(job, groups, engine, encoder, report)
        if job.eval_fraction and not any(shard["split"] == "eval" for record in records for shard in record["shards"]):
            lowest = sorted(record["lowest"] for record in records if record["lowest"])
            if sum(record["documents"] for record in records) > 1:
                records = _encode(job, groups, engine, encoder, report, forced=lowest[0][1])
        return _finish(job, units, records, encoder)


def _encode(
    job: Job, groups: list[list[Unit]], engine: Engine, encoder: Encoder, report: Report, forced: str = ""
) -> list[dict[str, Any]]:
    """The record of every group, in order; those that have none yet are encoded first."""
    settings = {
        "text_column": job.text_column,
        "eval_fraction": job.eval_fraction,
        "max_tokens": job.max_tokens,
        "forced": forced,
    }
    keys = [manifest.fingerprint([unit.identity() for unit in group], encoder.sha256, settings) for group in groups]
    files = [job.output / WORK / "done" / f"{key}.json" for key in keys]
    common = {**settings, "tokenizer": str(encoder.path), "output": str(job.output)}
    tasks = [
        {"units": [unit.to_json() for unit in group], "record": str(file), **common}
        for group, file in zip(groups, files, strict=True)
        if not _is_done(file, job.output)
    ]
    sizes = [sum(unit.size for unit in group) for group in groups]

    def progress(finished: int, of: int) -> None:
        report("encode", sum(size for size, file in zip(sizes, files, strict=True) if file.is_file()), sum(sizes))

    engine.run(encode_group, tasks, progress)
    return [storage.read_json(file) for file in files]


def _is_done(file: Path, output: Path) -> bool:
    if not file.is_file():
        return False
    return all((output / shard["split"] / shard["path"]).is_file() for shard in storage.read_json(file)["shards"])


def encode_group(
    units: list[dict[str, Any]],
    text_column: str,
    eval_fraction: float,
    max_tokens: int,
    tokenizer: str,
    output: str,
    record: str,
    forced: str,
) -> None:
    """Some units to shards in train/ and eval/, then their record. Runs in a worker."""
    encoder = Encoder.load(tokenizer)
    out = Path(output)
    found: dict[str, Any] = {"documents": 0, "dropped": 0, "quarantined": [], "lowest": None, "shards": []}
    with storage.draft_folder(out / WORK) as draft:
        writers = {split: ShardWriter(draft, split, encoder.vocab_size, encoder.sha256, max_tokens) for split in SPLITS}
        with writers["train"], writers["eval"]:
            for unit in units:
                for split, batch in _batches(Unit(**unit), text_column, eval_fraction, forced, found):
                    writers[split].add(encode_documents(batch, encoder))
            for split in SPLITS:
                for shard in writers[split].close().shards:
                    storage.keep_once(draft / shard.path, out / split / shard.path)
                    found["shards"].append(shard.to_json())
    storage.write_json(Path(record), found)


def _batches(
    unit: Unit, text_column: str, eval_fraction: float, forced: str, found: dict[str, Any]
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """(split, documents) while the file can be read; counts go into `found`."""
    try:
        for rows, dropped in read_unit(unit, text_column):
            found["documents"] += len(rows)
            found["dropped"] += dropped
            parts: dict[str, list[dict[str, Any]]] = {split: [] for split in SPLITS}
            for row in rows:
                place = split_place(row["id"])
                found["lowest"] = min(found["lowest"] or [place, row["id"]], [place, row["id"]])
                parts["eval" if place < eval_fraction or row["id"] == forced else "train"].append(row)
            for split, part in parts.items():
                if part:
                    yield split, pa.RecordBatch.from_pylist(part)
    except InputError as error:
        found["quarantined"].append([unit.name, error.reason])


def _finish(job: Job, units: list[Unit], records: list[dict[str, Any]], encoder: Encoder) -> dict[str, Any]:
    """Write manifest.json over what the records name, then remove what they do not name."""
    shards = {f"{shard['split']}/{shard['path']}": shard for record in records for shard in record["shards"]}
    if not shards:
        raise WorkspaceError(
            "no document with text", where=", ".join(job.inputs), expected=f"a column {job.text_column!r} with text"
        )
    listed = [
        {
            "path": path,
            "source": "",
            **{key: shards[path][key] for key in ("split", "rows", "tokens", "bytes", "sha256", "tally")},
        }
        for path in sorted(shards)
    ]
    files = [*shards, *(str(file.relative_to(job.output)) for file in sorted((job.output / "tokenizer").iterdir()))]
    summary = {
        "schema_version": manifest.SCHEMA_VERSION,
        "files": {name: manifest.describe(job.output / name) for name in sorted(files)},
        "inputs": sorted({unit.name: unit.sha256 for unit in units}.items()),
        "tokenizer": {"sha256": encoder.sha256, "vocab_size": encoder.vocab_size},
        "shards": listed,
        "weights": {},
        "documents": sum(record["documents"] for record in records),
        "dropped": sum(record["dropped"] for record in records),
        "quarantined": [entry for record in records for entry in record["quarantined"]],
    }
    storage.write_json(job.output / storage.MANIFEST, summary)
    for split in SPLITS:
        for path in sorted((job.output / split).glob("*.parquet")):
            if f"{split}/{path.name}" not in shards:
                path.unlink()
    return summary
