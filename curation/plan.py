"""From a recipe to units of work: which files, which inputs, which segments they make.

Real paths stand in one file of the workspace only, `inputs.json` (file names can be personal data); everything else
knows an input by its digest. File hashes are kept there too, keyed by size and time of change, so that an unchanged
dump is not read again.

Inputs over PART_BYTES stand alone, in parts where their reader can split them; so do packed files over MIN_PACKED_BYTES
that hold more than PART_BYTES (40 MB of xz may hold 400). Smaller ones share NUM_BUCKETS buckets a source, by hash of their
path: adding a file re-reads no other file. How a file is cut is kept beside its hash: counting what is packed takes a pass.
"""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from curation import manifest, storage
from curation.errors import RecipeError
from curation.recipe import Recipe, Source
from curation.source import PART_BYTES, File, Input, Part
from curation.sources import SOURCES, archives, compression
from curation.stage import Settings, version

NUM_BUCKETS = 16
MIN_PACKED_BYTES = 8 << 20
INPUTS = "inputs.json"


@dataclass(frozen=True, slots=True)
class Unit:
    """What becomes one segment: inputs as (digest of path, digest of content), in order of the first."""

    source: str
    kind: str
    name: str
    inputs: tuple[tuple[str, str], ...]
    part: Part | None = None
    num_bytes: int = field(default=0, compare=False)  # as they lie there, packed or not


@dataclass(frozen=True, slots=True)
class Plan:
    units: tuple[Unit, ...]
    num_files: int
    num_bytes: int


Cut = Callable[[Input, dict[str, Any]], Sequence[Part]]  # (input, what is known of its source's files) -> its parts


def plan(recipe: Recipe, sample: float = 1.0) -> Plan:
    """List, hash and group. `sample` keeps that share of a source's inputs, chosen by hash, at least one."""
    known = _known(recipe.workspace)
    table: dict[str, Any] = {}
    units: list[Unit] = []
    for source in recipe.sources:
        files = matched_files(recipe.folder, source)
        config = SOURCES[source.kind].Config.model_validate(source.reader)
        inputs = _sampled(SOURCES[source.kind].list_inputs(files, config), sample)
        kept = {file.path for item in inputs for file in item.files}
        hashes = {file.path: _hashed(file, known.get(source.name, {}).get("files", {})) for file in files if file.path in kept}
        table[source.name] = {
            "files": hashes,
            "inputs": {digest(item.key): {"key": item.key, "files": [file.path for file in item.files]} for item in inputs},
        }
        units += _units(source, inputs, hashes, partial(_parts, source, config))
    storage.write_json(recipe.workspace / INPUTS, table)
    return _plan(units, table)


def last_plan(recipe: Recipe) -> Plan:
    """What the last plan made of the recipe's sources, from `inputs.json` alone: the dumps need not be there any more."""
    known = _known(recipe.workspace)
    units: list[Unit] = []
    for source in recipe.sources:
        if source.name in known:
            table = known[source.name]
            units += _units(source, [_input(table, key) for key in table["inputs"]], table["files"], _parts_then)
    return _plan(units, known)


def _plan(units: list[Unit], table: dict[str, Any]) -> Plan:
    files = [entry for part in table.values() for entry in part["files"].values()]
    return Plan(tuple(units), len(files), sum(entry["size"] for entry in files))


def digest(text: str) -> str:
    return manifest.fingerprint(text)[:16]


def matched_files(folder: Path, source: Source) -> list[File]:
    """All regular files that the source's paths name, by path relative to the source's folder. An error if none."""
    base, found = source_base(folder, source.paths), set()
    for pattern in source.paths:
        found |= _expand(folder / Path(pattern).expanduser())
    if not found:
        raise RecipeError(
            f"source `{source.name}` matches no file", got=", ".join(source.paths), expected=f"files below {folder}",
            do="Paths are relative to the recipe's folder.",
        )  # fmt: skip
    return [File(path.relative_to(base).as_posix(), path, path.stat().st_size) for path in sorted(found)]


def source_base(folder: Path, paths: tuple[str, ...]) -> Path:
    """The source's folder: the common parent of what stands before the first wildcard of each path."""
    parents = []
    for pattern in paths:
        absolute = _absolute(folder / Path(pattern).expanduser())
        parts = absolute.parts
        fixed = next((index for index, part in enumerate(parts) if glob.has_magic(part)), len(parts))
        start = Path(*parts[:fixed])
        parents.append(start if fixed < len(parts) or start.is_dir() else start.parent)
    return Path(os.path.commonpath(parents))


def _expand(pattern: Path) -> set[Path]:
    absolute = _absolute(pattern)
    if absolute.is_dir():
        return {path for path in absolute.rglob("*") if path.is_file()}
    if absolute.is_file():
        return {absolute}
    # glob, not Path.glob: it takes a pattern whose fixed part is absolute, and braces of ours are none of its magic.
    matches = glob.glob(str(absolute), recursive=True, include_hidden=True)  # noqa: PTH207
    return {path for path in map(Path, matches) if path.is_file()}


def _absolute(path: Path) -> Path:
    """Absolute, `..` removed, links kept: an origin is named by where the user put a file, not by where a link leads."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def known_input(workspace: Path, source: str, key: str, part: list[int] | None) -> Input:
    """The input with digest `key`, as the last plan listed it."""
    return _input(storage.read_json(workspace / INPUTS)[source], key, Part(*part) if part else None)


def _input(table: dict[str, Any], key: str, part: Part | None = None) -> Input:
    entry, hashes = table["inputs"][key], table["files"]
    files = tuple(File(path, Path(hashes[path]["real"]), hashes[path]["size"]) for path in entry["files"])
    return Input(entry["key"], files, part)


def _known(workspace: Path) -> dict[str, Any]:
    path = workspace / INPUTS
    return storage.read_json(path) if path.is_file() else {}


def _hashed(file: File, known: dict[str, Any]) -> dict[str, Any]:
    status = file.real.stat()
    stamp = {"real": str(file.real), "size": status.st_size, "mtime_ns": status.st_mtime_ns, "inode": status.st_ino}
    before = known.get(file.path)
    if before and all(before[name] == value for name, value in stamp.items()):
        return dict(before)
    return {**stamp, "sha256": manifest.file_sha256(file.real)}


def _sampled(inputs: list[Input], share: float) -> list[Input]:
    if share >= 1:
        return inputs
    ranked = sorted(inputs, key=lambda item: digest(item.key))
    return sorted(ranked[: max(1, round(len(ranked) * share))], key=lambda item: item.key)


def _units(source: Source, inputs: list[Input], hashes: dict[str, Any], cut: Cut) -> list[Unit]:
    units: list[Unit] = []
    buckets: dict[int, list[tuple[str, str]]] = {}
    filled: Counter[int] = Counter()
    for item in inputs:
        key = digest(item.key)
        content = manifest.fingerprint([(file.path, hashes[file.path]["sha256"]) for file in item.files])
        size = sum(file.size for file in item.files)
        parts: list[Part | None] = [*cut(item, hashes)]
        if size <= PART_BYTES and not parts:
            bucket = int(key, 16) % NUM_BUCKETS
            buckets.setdefault(bucket, []).append((key, content))
            filled[bucket] += size
            continue
        for number, part in enumerate(parts or [None]):
            share = size // max(1, len(parts))
            units.append(Unit(source.name, source.kind, f"{key}-{number:05d}", ((key, content),), part, share))
    for number, members in sorted(buckets.items()):
        units.append(Unit(source.name, source.kind, f"bucket-{number:02d}", tuple(sorted(members)), None, filled[number]))
    return units


def _parts(source: Source, config: Settings, item: Input, hashes: dict[str, Any]) -> list[Part]:
    """How the reader cuts the one large file of an input; asked once for a state of the file, the reader and its settings."""
    reader = SOURCES[source.kind]
    splittable = getattr(reader, "splittable", None)
    if splittable is None or len(item.files) != 1:
        return []
    (file,) = item.files
    if file.size <= MIN_PACKED_BYTES or (file.size <= PART_BYTES and not _is_packed(file)):
        return []
    entry = hashes[file.path]
    by = manifest.fingerprint([version(reader.__name__, reader.LIBRARIES), config.model_dump(mode="json")])
    if entry.get("cut_by") != by:
        entry["cut_by"] = by
        entry["parts"] = [[part.start, part.stop] for part in splittable(file, config)]
    return [Part(*part) for part in entry["parts"]]


def _parts_then(item: Input, hashes: dict[str, Any]) -> list[Part]:
    """How the last plan cut the input."""
    found = hashes[item.files[0].path].get("parts", []) if len(item.files) == 1 else []
    return [Part(*part) for part in found]


def _is_packed(file: File) -> bool:
    with file.real.open("rb") as stream:
        head = stream.read(1024)
    return bool(compression.detect(head) or archives.detect(head))
