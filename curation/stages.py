"""The stages of a segment, in order, and what decides their output. The one list of what happens to a document.

read ▸ clean ▸ language ▸ scrub ▸ (boilerplate of the input) ▸ identify ▸ quality ▸ toxicity ▸ other filters ▸ sign
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from curation import cleaning, pii
from curation.dedup import signature
from curation.filters import FILTERS, language
from curation.recipe import Recipe, Source
from curation.sources import SOURCES
from curation.stage import Place, StageFunction, segment_settings, table, version

SCORERS = tuple(module for module in FILTERS if module is not language)
BEFORE_IDENTITY = (cleaning, language, pii)
AFTER_IDENTITY = (*SCORERS, signature)
STAGES = (*BEFORE_IDENTITY, *AFTER_IDENTITY)


def config(recipe: Recipe, stage: ModuleType) -> Any:
    return getattr(recipe, table(stage))


def identity(recipe: Recipe, source: Source) -> dict[str, Any]:
    """JSON of everything but the inputs that decides a segment's bytes."""
    reader = SOURCES[source.kind]
    return {
        "source": source.name,
        "kind": source.kind,
        "license": source.license,
        "reader": [
            version(reader.__name__, reader.LIBRARIES),
            reader.Config.model_validate(source.reader).model_dump(mode="json"),
        ],
        "ingest": version("curation.ingest_unit", ("pyarrow",)),
        "stages": {stage.NAME: _stage_identity(stage, config(recipe, stage)) for stage in STAGES},
    }


def _stage_identity(stage: ModuleType, settings: Any) -> list[Any]:
    """Models count by content: where they lie decides nothing."""
    models = getattr(stage, "models", None)
    decides = {name: value for name, value in segment_settings(settings).items() if name != "model"}
    return [version(stage.__name__, stage.LIBRARIES, models(settings) if models else ()), decides]


def build(recipe: Recipe, place: Place, stages: tuple[ModuleType, ...]) -> Iterator[tuple[str, StageFunction]]:
    """(name, function) of each stage; loads its models."""
    for stage in stages:
        yield stage.NAME, stage.build(config(recipe, stage), place)
