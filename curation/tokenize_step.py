"""Kept documents -> shards, segment by segment; a segment's shards change only with its verdicts or the tokenizer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from curation import manifest, storage
from curation.engine import Engine, Progress
from curation.segment import Segment
from curation.stage import version
from curation.tokenizers.segments import tokenize_segment

NAME = "tokenize"


def tokenize_all(
    segments: Sequence[Segment], verdicts: Path, tokenizer: Path, tokenizer_sha256: str, max_tokens: int, engine: Engine,
    progress: Progress | None = None,
) -> list[Path]:  # fmt: skip
    """The sealed folder of each segment: shards.json and places.parquet; shard files lie in <workspace>/shards/."""
    code = version("curation.tokenizers.segments", ("tokenizers", "tiktoken", "pyarrow"))
    folders, tasks = [], []
    for segment in segments:
        sealed = manifest.file_sha256(verdicts / f"{segment.fingerprint}.parquet")
        identity = [code, segment.fingerprint, sealed, tokenizer_sha256, max_tokens]
        folder = engine.workspace / "steps" / f"{NAME}-{manifest.fingerprint(identity)}"
        folders.append(folder)
        if not _complete(folder, engine.workspace):
            tasks.append(
                {"segment": segment.to_json(), "verdicts": str(verdicts), "tokenizer": str(tokenizer), "max_tokens": max_tokens,
                 "workspace": str(engine.workspace), "final": str(folder)}
            )  # fmt: skip
    engine.run(tokenize_unit, tasks, progress, rows=sum(segment.rows for segment in segments))
    return folders


def tokenize_unit(segment: dict[str, Any], verdicts: str, tokenizer: str, max_tokens: int, workspace: str, final: str) -> None:
    with storage.draft_folder(Path(workspace)) as draft:
        tokenize_segment(segment=segment, verdicts=verdicts, tokenizer=tokenizer, max_tokens=max_tokens, out=str(draft))
        shards = json.loads((draft / "shards.json").read_bytes())
        for shard in shards:
            storage.keep_once(draft / shard["path"], Path(workspace) / "shards" / f"{shard['sha256']}.parquet")
        manifest.seal(draft, {"name": NAME})
        storage.publish(draft, Path(final))


def shards_of(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "shards.json").read_bytes())
    return found


def _complete(folder: Path, workspace: Path) -> bool:
    if not storage.is_sealed(folder):
        return False
    if all((workspace / "shards" / f"{shard['sha256']}.parquet").is_file() for shard in shards_of(folder)):
        return True
    storage.remove(folder)  # a shard was deleted by hand: make it again
    return False
