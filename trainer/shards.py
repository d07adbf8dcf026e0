"""Reads a release by its on-disk contract: manifest.json, Parquet footers, tokenizer.json. Nothing of the rest of the project
is imported.

In: a release folder, or a workspace whose latest.json names one. Out: `Release`, row groups known from footers alone, token
arrays. Refused: footers or a tokenizer.json whose hash is not the manifest's; a shard that the manifest names and the disk
lacks.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy.typing as npt
import pyarrow.parquet as pq
from tokenizers import Tokenizer

from trainer.config import TrainerError

Array = npt.NDArray[Any]
CHUNK_TOKENS = 1 << 18  # pieces that stay in the processor's cache are decoded faster: 3.4 ns a token instead of 4.5


class RowGroup(NamedTuple):
    """One row group of one shard, as its footer tells it; `tokens` counts text only (no BOS)."""

    path: str
    number: int
    source: str
    rows: int
    tokens: int


@dataclass
class Release:
    """An opened release. `files` maps each shard to a digest of its footer, size and manifest hash: the data's fingerprint."""

    folder: Path
    tokenizer: Tokenizer
    bos: int
    tokenizer_sha256: str
    vocab_size: int
    weights: dict[str, float]
    files: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[RowGroup]] = field(default_factory=lambda: {"train": [], "eval": []})
    footers: dict[str, pq.FileMetaData] = field(default_factory=dict)

    def read(self, group: RowGroup, columns: list[str], rows: int = 1 << 30) -> Iterator[Any]:
        """Record batches of the named columns, decoded on the calling thread."""
        file = pq.ParquetFile(self.folder / group.path, metadata=self.footers[group.path], memory_map=True)
        return file.iter_batches(rows, row_groups=[group.number], columns=columns, use_threads=False)  # type: ignore[no-any-return]

    def chunks(self, group: RowGroup) -> Iterator[tuple[Array, Array]]:
        """A row group's token ids end to end, and the offsets [rows + 1] where documents begin, in pieces."""
        for batch in self.read(group, ["input_ids"], max(1, group.rows * CHUNK_TOKENS // max(1, group.tokens))):
            offsets = batch.column(0).offsets.to_numpy()
            yield batch.column(0).values.to_numpy()[offsets[0] : offsets[-1]], offsets - offsets[0]

    def documents(self, group: RowGroup) -> list[Array]:
        """The token ids of each document of a row group."""
        return [values[start:stop] for values, offsets in self.chunks(group) for start, stop in pairwise(offsets)]


def file_sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def load_tokenizer(path: Path) -> Tokenizer:
    """A tokenizer.json; special tokens that stand in plain text are encoded as text."""
    if not path.is_file():
        raise TrainerError(f"no tokenizer at {path}: a release or model folder needs its tokenizer.json")
    tokenizer: Tokenizer = Tokenizer.from_file(str(path))
    tokenizer.encode_special_tokens = True
    return tokenizer


def bos_id(tokenizer: Tokenizer) -> int:
    """What stands before each document: our `<|bos|>`, or what the published Llama, Qwen and GPT-2 tokenizers have."""
    for name in ("<|bos|>", "<|begin_of_text|>", "<s>", "<|endoftext|>"):
        if (found := tokenizer.token_to_id(name)) is not None:
            return int(found)
    raise TrainerError("the tokenizer has no <|bos|>: retrain it with the project's special tokens")


def open_release(path: Path) -> Release:
    """Read the manifest (of the release that a workspace's latest.json names) and every footer; check that shards and
    tokenizer agree."""
    latest = path / "latest.json"
    folder = path / "releases" / json.loads(latest.read_text())["release"] if latest.is_file() else path
    if not (folder / "manifest.json").is_file():
        advice = "make one with `python -m curation run RECIPE`"
        raise TrainerError(f"{path} is neither a release (manifest.json) nor a workspace with one (latest.json): {advice}")
    manifest = json.loads((folder / "manifest.json").read_text())
    file, wanted = folder / "tokenizer" / "tokenizer.json", manifest["tokenizer"]["sha256"]
    tokenizer, size = load_tokenizer(file), manifest["tokenizer"]["vocab_size"]
    release = Release(folder, tokenizer, bos_id(tokenizer), wanted, size, manifest.get("weights", {}))
    if (got := file_sha256(file)) != wanted:
        raise TrainerError(f"{file} has sha256 {got}, the manifest says {wanted}: the tokenizer was changed after the release")
    for shard in manifest["shards"]:
        _add_shard(release, **shard)
    if empty := [split for split, groups in release.groups.items() if not groups]:
        raise TrainerError(f"{folder} has no text in {' and '.join(empty)}")
    return release


def _add_shard(release: Release, path: str, split: str, source: str, sha256: str = "", **_: Any) -> None:
    file = release.folder / path
    if not file.is_file():
        raise TrainerError(f"the manifest names {file}, which is not there: copy the release whole")
    footer = release.footers[path] = pq.read_metadata(file)
    release.files[path] = hashlib.sha256(f"{footer.to_dict()} {file.stat().st_size} {sha256}".encode()).hexdigest()
    if (found := (footer.metadata or {}).get(b"tokenizer_sha256", b"none").decode()) != release.tokenizer_sha256:
        raise TrainerError(f"{file} was written with tokenizer {found}, not {release.tokenizer_sha256}: tokenize it again")
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        columns = (group.column(index) for index in range(group.num_columns))
        tokens = next(column.num_values for column in columns if column.path_in_schema.startswith("input_ids."))
        release.groups[split].append(RowGroup(path, number, source, group.num_rows, tokens))
