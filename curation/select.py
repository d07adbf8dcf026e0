"""Scores -> verdicts: the only step that applies the thresholds of [languages] [quality] [toxicity] [datatrove].

In: score tables of segments. Out: one verdict file a segment, row-aligned. The first filter that objects names the
reason. Documents that the user took out (takedowns.jsonl) leave here, reason `takedown`, and those whose licence the source
does not allow, reason `license_not_allowed`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation import licenses, stages
from curation.engine import Engine
from curation.filters import FILTERS
from curation.recipe import Recipe
from curation.segment import VERDICTS, Segment, scan
from curation.stage import Judgement, Place, version

NAME = "select"
REASONS = {"takedown": "the document was taken out by its id; see takedowns.jsonl", **licenses.REASONS}


def identity(recipe: Recipe, segments: Sequence[Segment], takedowns: Sequence[str]) -> dict[str, Any]:
    # A model decides scores, and those stand in the segments: where it lies decides no verdict.
    tables = {module.NAME: stages.config(recipe, module).model_dump(mode="json", exclude={"model"}) for module in FILTERS}
    code = {module.NAME: version(module.__name__, module.LIBRARIES) for module in FILTERS}
    return {
        "version": version(__name__), "filters": code, "tables": tables,
        "segments": [segment.fingerprint for segment in segments], "takedowns": sorted(takedowns),
        "licenses": {source.name: source.allow_licenses for source in recipe.sources},
    }  # fmt: skip


def select(
    recipe: dict[str, Any], segments: Sequence[Segment], takedowns: Sequence[str], out: Path, engine: Engine
) -> dict[str, Any]:
    """Verdict files for all segments into `out`."""
    tasks = [
        {"recipe": recipe, "segment": segment.to_json(), "takedowns": sorted(takedowns), "out": str(out)} for segment in segments
    ]
    counts = engine.run(select_segment, tasks, workers=None if sum(segment.rows for segment in segments) > 200_000 else 1)
    return {"dropped": sum(counts)}


def select_segment(recipe: dict[str, Any], segment: dict[str, Any], takedowns: list[str], out: str) -> int:
    settings, piece = Recipe.model_validate(recipe), Segment(**segment)
    dropped = 0
    with pq.ParquetWriter(Path(out) / f"{piece.fingerprint}.parquet", VERDICTS, compression="zstd") as writer:
        for batch in verdicts(settings, piece, takedowns):
            dropped += len(batch) - batch["reason"].null_count
            writer.write_batch(batch)
    return dropped


def verdicts(recipe: Recipe, segment: Segment, takedowns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """VERDICTS batches, row-aligned with the segment."""
    place = Place(segment.source, segment.kind)
    removed = pa.array(sorted(takedowns), pa.string())
    for scores in scan(segment.table("scores")):
        size = scores.num_rows
        stage, reason, score = pa.nulls(size, pa.string()), pa.nulls(size, pa.string()), pa.nulls(size, pa.float32())
        judgements = [(NAME, judgement) for judgement in unfiltered(recipe, segment, scores, removed)]
        judgements += [(module.NAME, module.judge(scores, stages.config(recipe, module), place)) for module in FILTERS]
        for name, judgement in judgements:
            new = pc.and_(pc.is_null(reason), pc.is_valid(judgement.reason))
            stage = pc.if_else(new, name, stage)
            score = pc.if_else(new, judgement.score, score)
            reason = pc.if_else(new, judgement.reason, reason)
        nothing = pa.nulls(size, pa.string())
        yield pa.RecordBatch.from_arrays([scores["id"], stage, reason, score, nothing, nothing], schema=VERDICTS)


def unfiltered(recipe: Recipe, segment: Segment, scores: pa.RecordBatch, removed: pa.Array) -> list[Judgement]:
    """What drops documents before any filter is asked: takedowns and licences."""
    allowed = next(source.allow_licenses for source in recipe.sources if source.name == segment.source)
    return [_taken_down(scores, removed), licenses.judge(scores["license"], allowed)]


def _taken_down(scores: pa.RecordBatch, removed: pa.Array) -> Judgement:
    named = pc.is_in(scores["id"], value_set=removed)
    reason = pc.if_else(named, "takedown", pa.scalar(None, pa.string()))
    return Judgement(reason, pa.nulls(scores.num_rows, pa.float32()))
