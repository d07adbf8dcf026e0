"""Reads a release by its on-disk contract: manifest.json, Parquet footers, tokenizer.json. Nothing of the rest of the project is imported.

In: a release folder, or a workspace whose latest.json names one. Out: `Release`, row groups known from footers alone, token arrays.
Refused: footers or a tokenizer.json whose hash is not the manifest's; a shard that the manifest names and the disk lacks.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq
from tokenizers import Tokenizer

from trainer.errors import TrainerError

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class RowGroup:
    """One row group of one shard, as its footer tells it; `tokens` counts text only (no BOS)."""

    path: str
    index: int
    source: str
    rows: int
    tokens: int


@dataclass
class Release:
    """An opened release. `files` maps each shard to a digest of its footer, size and manifest hash: the data's fingerprint."""

    folder: Path
    id: str
    tokenizer_sha256: str
    tokenizer: Tokenizer
    vocab_size: int
    bos: int
    weights: dict[str, float]
    files: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[RowGroup]] = field(default_factory=lambda: {"train": [], "eval": []})
    footers: dict[str, pq.FileMetaData] = field(default_factory=dict)

    def read(self, group: RowGroup, columns: list[str]) -> Any:
        """The named columns of one row group as an Arrow table, decoded on the calling thread."""
        return pq.ParquetFile(self.folder / group.path, metadata=self.footers[group.path]).read_row_group(
            group.index, columns=columns, use_threads=False)

    def tokens(self, group: RowGroup) -> tuple[Array, Array]:
        """All token ids of a row group end to end, and the offsets [rows + 1] where documents begin."""
        column = self.read(group, ["input_ids"]).column(0).combine_chunks()
        offsets = column.offsets.to_numpy()
        return column.values.to_numpy()[offsets[0]:offsets[-1]], offsets - offsets[0]


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


def token_id(tokenizer: Tokenizer, *names: str) -> int:
    """The id of the first of the names that the vocabulary has."""
    for name in names:
        if (found := tokenizer.token_to_id(name)) is not None:
            return int(found)
    raise TrainerError(f"the tokenizer has none of {', '.join(names)}: retrain it with the project's special tokens")


def bos_id(tokenizer: Tokenizer) -> int:
    """What stands before each document: our `<|bos|>`, or what the published Llama, Qwen and GPT-2 tokenizers use."""
    return token_id(tokenizer, "<|bos|>", "<|begin_of_text|>", "<s>", "<|endoftext|>")


def find_release(path: Path) -> Path:
    """The folder itself, or the release that the workspace's latest.json names."""
    if (path / "manifest.json").is_file():
        return path
    if (path / "latest.json").is_file():
        name = json.loads((path / "latest.json").read_text())["release"]
        if (path / "releases" / name / "manifest.json").is_file():
            return path / "releases" / name
    raise TrainerError(f"{path} is neither a release (manifest.json) nor a workspace with one (latest.json): run `python -m curation run` first")


def open_release(path: Path) -> Release:
    """Read the manifest and every footer; check that shards and tokenizer belong together."""
    folder = find_release(path)
    manifest = json.loads((folder / "manifest.json").read_text())
    wanted = manifest["tokenizer"]["sha256"]
    tokenizer_file = folder / "tokenizer" / "tokenizer.json"
    tokenizer = load_tokenizer(tokenizer_file)
    if (got := file_sha256(tokenizer_file)) != wanted:
        raise TrainerError(f"{tokenizer_file} has sha256 {got}, the manifest says {wanted}: the tokenizer was changed after release")
    release = Release(folder, str(manifest.get("id", folder.name)), wanted, tokenizer, int(manifest["tokenizer"]["vocab_size"]),
                      bos_id(tokenizer), {str(k): float(v) for k, v in (manifest.get("weights") or {}).items()})
    for shard in sorted(manifest["shards"], key=lambda entry: str(entry["path"])):
        _add_shard(release, shard)
    for split, groups in release.groups.items():
        if not groups:
            raise TrainerError(f"release {release.id} has no {split} shard with text")
    return release


def _add_shard(release: Release, shard: dict[str, Any]) -> None:
    path = release.folder / shard["path"]
    if not path.is_file():
        raise TrainerError(f"the manifest names {path}, which is not there: copy the release whole")
    raw = path.read_bytes() if path.stat().st_size < 1 << 16 else _tail(path)
    release.files[shard["path"]] = hashlib.sha256(raw + f"{path.stat().st_size} {shard.get('sha256')}".encode()).hexdigest()
    footer = release.footers[shard["path"]] = pq.read_metadata(path)
    found = (footer.metadata or {}).get(b"tokenizer_sha256", b"").decode()
    if found != release.tokenizer_sha256:
        raise TrainerError(f"{path} was written with tokenizer {found or 'unknown'}, the release has {release.tokenizer_sha256}: tokenize it again")
    names = [footer.row_group(0).column(i).path_in_schema for i in range(footer.num_columns)] if footer.num_row_groups else []
    split = shard.get("split") or ("eval" if shard["path"].startswith("eval/") else "train")
    for index in range(footer.num_row_groups):
        group = footer.row_group(index)
        ids = next(i for i, name in enumerate(names) if name.startswith("input_ids"))
        statistics = group.column(names.index("source")).statistics if "source" in names else None
        pure = statistics is not None and statistics.has_min_max and statistics.min == statistics.max
        source = statistics.min if pure else shard.get("source") or "mixed"
        release.groups[split].append(RowGroup(shard["path"], index, str(source), group.num_rows, group.column(ids).num_values))


def _tail(path: Path) -> bytes:
    """The Parquet footer's bytes, whose length stands before the closing magic word."""
    with path.open("rb") as stream:
        stream.seek(-8, 2)
        length = int.from_bytes(stream.read(4), "little")
        stream.seek(-8 - length, 2)
        return stream.read(length)


def byte_starts(lengths: Array) -> Array:
    """Running starts [n + 1] of pieces that lie end to end."""
    return np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
