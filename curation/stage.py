"""The shape of a stage: a function batch -> Outcome. Local and stateless.

A stage module offers
    NAME        its name, as in ledgers and docs
    REASONS     dict of structural drop reason -> one sentence; empty for most
    TABLE       its table of the recipe, where that is not called like the stage
    LIBRARIES   distributions whose version decides its output, e.g. ("ftfy",)
    Config      a frozen pydantic model
    build(config: Config, place: Place) -> Callable[[pa.RecordBatch], Outcome]     loads models; called once per process
and, where it computes scores that a threshold may later judge (see filters/):
    SCORES      pa.schema of the columns it appends
    judge(scores, config, place) -> Judgement

It counts nothing, logs nothing per document, writes nothing: the runner counts rows and characters.
A stage's version is a hash of its code (and of ours that it imports), of its libraries' versions, of its models.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Base of every table of the recipe: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def threshold(default: Any, **constraints: Any) -> Any:
    """A setting that judges scores and changes no stored byte of a segment: the step `select` alone reads it."""
    return Field(default, json_schema_extra={"threshold": True}, **constraints)


def segment_settings(config: BaseModel) -> dict[str, Any]:
    """The settings of a stage that belong to a segment's fingerprint: all but the thresholds."""
    dumped = config.model_dump(mode="json")
    fields = type(config).model_fields
    return {name: dumped[name] for name in fields if not is_threshold(fields[name].json_schema_extra)}


def is_threshold(extra: object) -> bool:
    return isinstance(extra, dict) and bool(extra.get("threshold"))


def table(stage: ModuleType) -> str:
    """The name of a stage's table in the recipe."""
    return str(getattr(stage, "TABLE", stage.NAME))


DROP_SCHEMA = pa.schema([("input", pa.string()), ("origin", pa.string()), ("work", pa.string()), ("reason", pa.string())])


@dataclass(frozen=True, slots=True)
class Place:
    """What a stage may know about where a batch comes from."""

    source: str
    kind: str


class Outcome(NamedTuple):
    """`kept`: the batch, possibly changed or with fewer rows; `dropped`: rows of DROP_SCHEMA that left here."""

    kept: pa.RecordBatch
    dropped: pa.RecordBatch


class Judgement(NamedTuple):
    """Per row of a score table: `reason` (string, null = keep) and `score` (float32, the number that decided, or null)."""

    reason: pa.Array
    score: pa.Array


StageFunction = Callable[[pa.RecordBatch], Outcome]

NOTHING_DROPPED = pa.RecordBatch.from_pylist([], schema=DROP_SCHEMA)


def keep_all(batch: pa.RecordBatch) -> Outcome:
    return Outcome(batch, NOTHING_DROPPED)


def drop_rows(batch: pa.RecordBatch, reasons: Sequence[str | None]) -> Outcome:
    """Split a batch by `reasons`, one per row: None keeps the row, a word drops it."""
    column = pa.array(reasons, pa.string())
    if column.null_count == len(column):
        return keep_all(batch)
    kept = batch.filter(pc.is_null(column))
    gone = batch.append_column("reason", column).filter(pc.is_valid(column))
    return Outcome(kept, gone.select(DROP_SCHEMA.names))


def version(module: str, libraries: Sequence[str] = (), models: Sequence[Path] = ()) -> str:
    """Hash (hex) of everything that decides what the module computes; nobody bumps a number by hand."""
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(_our_imports(module)):
        digest.update(name.encode() + b"\0" + _syntax_hash(name))
    for library in sorted(libraries):
        digest.update(f"{library}=={importlib.metadata.version(library)}".encode())
    for model in sorted(models):
        digest.update(model.name.encode() + b"\0" + _file_hash(model))
    return digest.hexdigest()


@cache
def _our_imports(module: str) -> frozenset[str]:
    found: set[str] = set()
    queue = [module]
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += _named_in(name)
    return frozenset(found)


@cache
def _named_in(module: str) -> tuple[str, ...]:
    """Our modules that one of them imports. Each is walked once: once for every stage that reaches it took a second a run."""
    found: list[str] = []
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(name for name in found if name.startswith("curation") and _path(name))


@cache
def _path(module: str) -> Path | None:
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None
    return Path(spec.origin) if spec and spec.origin else None


@cache
def _tree(module: str) -> ast.Module:
    path = _path(module)
    if path is None:
        raise ModuleNotFoundError(module)
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _syntax_hash(module: str) -> bytes:
    return hashlib.blake2b(ast.dump(_tree(module)).encode(), digest_size=16).digest()


@cache
def _file_hash(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
