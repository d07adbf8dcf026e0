"""Reads a release by its on-disk contract: manifest.json, Parquet footers, tokenizer.json. Nothing of the rest of the project
is imported.

In: a release folder, or a workspace whose latest.json names one. Out: `Release`, row groups known from footers alone, token
arrays. Refused: footers or a tokenizer.json whose hash is not the manifest's; a shard that the manifest names and the disk
lacks.

Token ids are read from their Parquet pages without what nobody asked for: pyarrow makes two int16 of each token's levels,
widens ids to int32 and narrows them again, 3.4 ns a token, of which zstd is 1.4. Here the levels cost 0.5 (they are runs, two a
document) and the ids' byte planes 0.3. Reference: the Parquet format's parquet.thrift (page headers), Encodings.md (levels,
byte planes).
"""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from tokenizers import Tokenizer

from trainer.config import TrainerError

Array = npt.NDArray[Any]
DATA_PAGE, FRAME = b"\x15\x00", b"\x28\xb5\x2f\xfd"  # how page headers begin, and zstd's frames, which no header resembles
ZEROS = [[bit for bit in range(8) if not byte >> bit & 1] for byte in range(256)]


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

    def read(self, group: RowGroup, columns: list[str]) -> pa.Table:
        """The named columns, decoded on the calling thread."""
        file = pq.ParquetFile(self.folder / group.path, metadata=self.footers[group.path], memory_map=True)
        return file.read_row_group(group.number, columns=columns, use_threads=False).select(columns)

    def tokens(self, group: RowGroup) -> tuple[Array, Array]:
        """A row group's token ids end to end, and the offsets [rows + 1] where documents begin."""
        footer, dtype = self.footers[group.path], np.uint16 if self.vocab_size <= 1 << 16 else np.uint32
        column = footer.row_group(group.number).column(footer.schema.to_arrow_schema().names.index("input_ids"))
        if (found := read_lists(self.folder / group.path, column, dtype)) is None:
            lists = self.read(group, ["input_ids"]).column(0).combine_chunks()
            found = lists.values.to_numpy(), lists.offsets.to_numpy()
        return found

    def documents(self, group: RowGroup) -> list[Array]:
        """The token ids of each document of a row group."""
        values, offsets = self.tokens(group)
        return np.split(values, offsets[1:-1])


def varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at `at`, seven bits a byte, and where it ends."""
    rest, stop = varint(data, at + 1) if data[at] > 127 else (0, at + 1)
    return data[at] & 127 | rest << 7, stop


def list_starts(levels: bytes, place: int) -> list[int]:
    """Where lists begin (level 0; inside them 1), of levels in runs of one value or in groups of eight bits from `place` on."""
    found, at, end = list[int](), 0, len(levels)
    while at < end:
        head, at = (levels[at], at + 1) if levels[at] < 128 else varint(levels, at)
        if head & 1:
            for byte in levels[at : at + (head >> 1)]:
                for bit in ZEROS[byte]:
                    found.append(place + bit)
                at, place = at + 1, place + 8
        else:
            found += range(place, place + (head >> 1) * (not levels[at]))
            at, place = at + 1, place + (head >> 1)
    return found


def read_lists(path: Path, column: Any, dtype: Any) -> tuple[Array, Array] | None:
    """Values end to end and offsets [rows + 1] of one column chunk of lists, given its footer. None where it is not as the
    contract says (zstd, BYTE_STREAM_SPLIT, neither nulls nor empty lists): that is pyarrow's to read."""
    if (column.physical_type, column.compression, *sorted(column.encodings)) != ("INT32", "ZSTD", "BYTE_STREAM_SPLIT", "RLE"):
        return None
    raw = pa.OSFile(str(path)).read_at(column.total_compressed_size, column.data_page_offset)
    ids: Array = np.frombuffer(pa.allocate_buffer(column.num_values * np.dtype(dtype).itemsize), dtype)
    starts, at, done = list[int](), 0, 0
    while at < len(raw):
        if raw[at : at + 2] != DATA_PAGE:
            return None
        size, at = varint(raw, at + 3)  # in bytes and doubled, as the compressed size is
        packed, at = varint(raw, at + 1)
        begin, at = raw.index(FRAME, at), raw.index(FRAME, at) + packed // 2
        page = memoryview(pa.decompress(raw[begin:at], size // 2, "zstd"))
        repetition = 4 + int.from_bytes(page[:4], "little")
        definition = repetition + 4 + int.from_bytes(page[repetition : repetition + 4], "little")
        planes = np.frombuffer(page, np.uint8, offset=definition).reshape(4, -1)[: ids.itemsize]
        part, done = ids[done : done + planes.shape[1]], done + planes.shape[1]
        found = list_starts(bytes(page[4:repetition]), done - len(part))
        starts += [start for start in found if start < done]  # the last group is filled up with zeros
        part[:] = planes[-1]
        for plane in planes[-2::-1]:
            part <<= 8
            part |= plane
    return (ids, np.array([*starts, done])) if done == len(ids) else None


def file_sha256(path: Path) -> str:
    """Hex digest of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


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
        tokens = group.column(footer.schema.to_arrow_schema().names.index("input_ids")).num_values
        release.groups[split].append(RowGroup(path, number, source, group.num_rows, tokens))
