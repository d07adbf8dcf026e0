"""Which tokenizer the stand-alone form uses: the one that lies in the folder, one that is named, or one it trains.

One folder, one tokenizer: shards of two would be read as one corpus and mean nothing. A tokenizer is made in .work/ and
linked when it is complete, so a killed training leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from curation import manifest, storage
from curation.engine import Engine
from curation.errors import InputError, RecipeError, WorkspaceError
from curation.shards import read_footer
from curation.stage import segment_settings
from curation.step import cached
from curation.tokenizers.config import TokenizerConfig, load_config
from curation.tokenizers.existing import adopt
from curation.tokenizers.files import Unit, read_unit
from curation.tokenizers.sampling import SAMPLE_SCHEMA, Rate, choose, rates, training_texts, uniform
from curation.tokenizers.train import TOKENIZER_FILES, train

DEFAULT_CONFIG = "bpe_32k"


def tokenizer_of(
    output: Path, name: str | None, units: list[Unit], text_column: str, eval_fraction: float, engine: Engine
) -> Path:
    """The folder output/tokenizer, made if it is not there. WorkspaceError where it is another than the one asked for."""
    folder = output / "tokenizer"
    if name is None and (folder / "tokenizer.json").is_file():
        return folder
    config = load_config(name or DEFAULT_CONFIG)

    def make(draft: Path) -> dict[str, Any]:
        if config.existing:
            return adopt(Path(config.existing), draft)
        return _train(config, units, text_column, eval_fraction, engine, draft)

    identity = _identity(config)
    known = engine.workspace / "steps" / f"tokenizer-{manifest.fingerprint('tokenizer', identity)}"
    if not config.existing and not storage.is_sealed(known):
        refuse_another(output, "none yet", name or DEFAULT_CONFIG)  # before minutes of training, not after
    made = cached(engine.workspace, "tokenizer", identity, make)
    refuse_another(output, made.manifest["sha256"], name or DEFAULT_CONFIG)
    for file in sorted(made.folder.iterdir(), reverse=True):  # tokenizer.json last: it tells that the others are there
        if file.name in TOKENIZER_FILES:
            (folder / file.name).unlink(missing_ok=True)
            storage.link(file, folder / file.name)
    return folder


def refuse_another(output: Path, sha256: str, name: str) -> None:
    """WorkspaceError if the folder has a tokenizer, or shards of a tokenizer, other than `sha256`."""
    found = {read_footer(path)["tokenizer_sha256"] for split in ("train", "eval") for path in (output / split).glob("*.parquet")}
    if (file := output / "tokenizer" / "tokenizer.json").is_file():
        found.add(manifest.file_sha256(file))
    if others := found - {sha256}:
        raise WorkspaceError(
            "this folder holds shards of another tokenizer",
            where=str(output),
            got=f"{name} ({sha256[:12]})",
            expected=", ".join(sorted(other[:12] for other in others)),
            do="Take another output folder, or leave --tokenizer out to go on with the one that is there.",
        )


def _identity(config: TokenizerConfig) -> dict[str, Any]:
    """What names the tokenizer. Not the input: more files never change the tokenizer of a folder by themselves."""
    settings = segment_settings(config)
    return settings | {"existing": manifest.file_sha256(Path(config.existing))} if config.existing else settings


def _train(
    config: TokenizerConfig, units: list[Unit], text_column: str, eval_fraction: float, engine: Engine, out: Path
) -> dict[str, Any]:
    tasks = [{"unit": unit.to_json(), "text_column": text_column, "eval_fraction": eval_fraction} for unit in units]
    sizes: dict[tuple[str, str], int] = {}
    for found in engine.run(measure_unit, tasks):
        for source, lang, size in found:
            sizes[source, lang] = sizes.get((source, lang), 0) + size
    if not sizes:
        raise RecipeError("no text to train a tokenizer on", where="--input", expected=f"a column {text_column!r} with text")
    taken = rates(sizes, config.model_copy(update={"card_bytes": 0}))
    shares = [[*key, rate.train, 0.0, rate.times] for key, rate in taken.items()]
    with storage.draft_folder(engine.workspace) as folder:
        more = {"out": str(folder), "rates": shares, "seed": config.seed}
        engine.run(sample_unit, [{**task, "number": number, **more} for number, task in enumerate(tasks)])
        return train(training_texts(folder), config, out)


def measure_unit(unit: dict[str, Any], text_column: str, eval_fraction: float) -> list[list[Any]]:
    """UTF-8 bytes per source and language of one unit."""
    sizes: dict[tuple[str, str], int] = {}
    for row in _train_rows(Unit(**unit), text_column, eval_fraction):
        key = row["source"], row["lang"]
        sizes[key] = sizes.get(key, 0) + len(row["text"].encode())
    return [[*key, size] for key, size in sorted(sizes.items())]


def sample_unit(
    unit: dict[str, Any], number: int, text_column: str, eval_fraction: float, out: str, rates: list[list[Any]], seed: int
) -> None:
    """The sampled passages of one unit."""
    by_stratum = {(source, lang): Rate(*rate) for source, lang, *rate in rates}
    with pq.ParquetWriter(Path(out) / f"{number:06d}.parquet", SAMPLE_SCHEMA, compression="zstd") as writer:
        for passage in choose(_train_rows(Unit(**unit), text_column, eval_fraction), by_stratum, seed):
            writer.write_batch(pa.RecordBatch.from_pylist([passage], schema=SAMPLE_SCHEMA))


def _train_rows(unit: Unit, text_column: str, eval_fraction: float) -> Iterator[dict[str, Any]]:
    try:
        for rows, _ in read_unit(unit, text_column):
            yield from (row for row in rows if split_place(row["id"]) >= eval_fraction)
    except InputError:
        return  # what was readable; the encoding of the unit reports the rest


def split_place(key: str) -> float:
    """Where a document stands in [0, 1): below the eval fraction it is held out."""
    return uniform(f"split\0{key}")
