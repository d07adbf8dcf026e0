"""Plan -> sealed segments: one task per segment that is not there yet, under the engine.

A segment is found by its fingerprint. A changed bucket names as `reuse` the sealed segment of the same bucket and
settings that shares most inputs with it, so unchanged inputs are copied and not read again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation import manifest, stages, storage
from curation.engine import Engine, Progress
from curation.ingest_unit import ingest_unit
from curation.plan import Plan, Unit
from curation.recipe import Recipe
from curation.segment import Segment


@dataclass(frozen=True, slots=True)
class Ingested:
    """All segments of the plan, in stable order; `num_fresh` were made now, `seconds` by stage tells what they cost."""

    segments: tuple[Segment, ...]
    num_fresh: int
    seconds: dict[str, float]
    chars: int


def named_segments(recipe: Recipe, plan: Plan) -> list[tuple[Unit, dict[str, Any], Path]]:
    """(unit, identity, folder) of every segment that the plan asks for, made or not."""
    settings = {source.name: stages.identity(recipe, source) for source in recipe.sources}
    found = []
    for unit in plan.units:
        identity = {**settings[unit.source], "unit": _unit_identity(unit)}
        found.append((unit, identity, recipe.workspace / "segments" / manifest.fingerprint("segment", identity)))
    return found


def ingest(recipe: Recipe, plan: Plan, engine: Engine, progress: Progress | None = None) -> Ingested:
    named = named_segments(recipe, plan)
    folders = [folder for _, _, folder in named]
    missing = [index for index, folder in enumerate(folders) if not storage.is_sealed(folder)]
    earlier = _by_family(recipe.workspace / "segments") if missing else {}
    dumped = dump(recipe)
    tasks = [
        {
            "recipe": dumped,
            "unit": _unit_json(named[index][0]),
            "identity": {**named[index][1], "family": _family(named[index][1])},
            "final": str(folders[index]),
            "reuse": _closest(earlier.get(_family(named[index][1]), []), named[index][0]),
        }
        for index in missing
    ]
    num_bytes = sum(named[index][0].num_bytes for index in missing)
    costs = engine.run(ingest_unit, tasks, progress, num_bytes=num_bytes)
    seconds: Counter[str] = Counter()
    for cost in costs:
        seconds.update(cost["seconds"])
    return Ingested(tuple(sealed_segments(recipe, named)), len(missing), dict(seconds), sum(cost["chars"] for cost in costs))


def sealed_segments(recipe: Recipe, named: list[tuple[Unit, dict[str, Any], Path]]) -> list[Segment]:
    """The segments of `named` that are made already."""
    priorities = {source.name: source.priority for source in recipe.sources}
    return [_segment(folder, unit, priorities[unit.source]) for unit, _, folder in named if storage.is_sealed(folder)]


def dump(recipe: Recipe) -> dict[str, Any]:
    """The recipe as JSON for a worker; `Recipe.model_validate` reads it back."""
    return {**recipe.model_dump(mode="json"), "folder": str(recipe.folder)}


def _segment(folder: Path, unit: Unit, priority: int) -> Segment:
    rows = manifest.read(folder)["rows"]
    return Segment(folder.name, str(folder), unit.source, unit.kind, unit.name, priority, rows)


def _unit_json(unit: Unit) -> dict[str, Any]:
    part = [unit.part.start, unit.part.stop] if unit.part else None
    return {"source": unit.source, "name": unit.name, "inputs": unit.inputs, "part": part}


def _unit_identity(unit: Unit) -> dict[str, Any]:
    return {**_unit_json(unit), "inputs": [list(pair) for pair in unit.inputs]}


def _family(identity: dict[str, Any]) -> str:
    """What two states of one bucket share: everything but the list of inputs."""
    unit = {name: value for name, value in identity["unit"].items() if name != "inputs"}
    return manifest.fingerprint({**{name: value for name, value in identity.items() if name != "family"}, "unit": unit})


def _by_family(folder: Path) -> dict[str, list[tuple[Path, dict[str, Any]]]]:
    found: dict[str, list[tuple[Path, dict[str, Any]]]] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if storage.is_sealed(path):
            content = manifest.read(path)
            found.setdefault(content["identity"]["family"], []).append((path, content["inputs"]))
    return found


def _closest(candidates: list[tuple[Path, dict[str, Any]]], unit: Unit) -> str | None:
    def shared(inputs: dict[str, Any]) -> int:
        return sum(key in inputs and inputs[key]["content"] == content for key, content in unit.inputs)

    best = max(candidates, key=lambda candidate: (shared(candidate[1]), candidate[0].name), default=None)
    return str(best[0]) if best and shared(best[1]) else None
