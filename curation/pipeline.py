"""The whole function f: inputs, recipe, pins -> release. Each step is cached, so running it again does only what changed.

    plan ▸ ingest ▸ select ▸ deduplicate ▸ split ▸ tokenizer ▸ tokenize ▸ release

`deduplicate` and `split` run until the pins they leave are the pins they were given: see `fixed_point`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curation import release, select, storage, unreleased
from curation.alarms import alarms, enforce
from curation.engine import Engine
from curation.errors import ContractError, WorkspaceError
from curation.fixed_point import settle
from curation.ingest import Ingested, dump, ingest, named_segments
from curation.plan import INPUTS, Plan, plan
from curation.progress import Progress, silent
from curation.recipe import Recipe, load, published
from curation.stage import version
from curation.step import Dataset, cached
from curation.takedown import taken_down
from curation.tally import Tally, by_source, samples_of, tally_segments
from curation.tokenize_step import tokenize_all
from curation.tokenizer_step import Tokenizer, choose_tokenizer, drift_since

STEPS = ("ingest", "select", "deduplicate", "split", "tokenizer", "tokenize", "release")


@dataclass
class Run:
    """One run: what it was asked, and what it knows so far."""

    recipe: Recipe
    engine: Engine
    progress: Progress
    retrain: bool = False
    ignore_alarms: bool = False
    sample: float = 1.0
    seconds: dict[str, float] = field(default_factory=dict)
    plan: Plan | None = None
    notes: dict[str, Any] = field(default_factory=dict)

    def timed(self, step: str, work: Callable[[], Any]) -> Any:
        self.progress.step(step)
        started = time.perf_counter()
        result = work()
        self.seconds[step] = time.perf_counter() - started
        self.progress.done(step, self.seconds[step])
        return result


def run(
    recipe: Recipe, *, until: str = "release", retrain: bool = False, ignore_alarms: bool = False, sample: float = 1.0,
    progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Run the recipe to a release (or to the end of step `until`); returns a JSON summary. One run at a time a workspace."""
    workspace = recipe.workspace
    where = recipe.execution
    engine = Engine(workspace, where.engine, where.num_workers(), where.slurm, is_asked=bool(where.workers))
    work = Run(recipe, engine, progress or silent(), retrain, ignore_alarms, sample)
    with storage.lock(workspace):
        storage.clear_drafts(workspace)
        return _run(work, until)


def _run(work: Run, until: str) -> dict[str, Any]:
    recipe = work.recipe
    work.plan = work.timed("plan", lambda: plan(recipe, work.sample))
    ingested: Ingested = work.timed("ingest", lambda: ingest(recipe, work.plan, work.engine, work.progress.tasks))  # type: ignore[arg-type]
    work.notes["ingest_seconds"] = ingested.seconds
    summary: dict[str, Any] = {
        "workspace": str(recipe.workspace), "files": work.plan.num_files, "bytes": work.plan.num_bytes,
        "segments": len(ingested.segments), "segments_made": ingested.num_fresh,
        "stage_seconds": {name: round(value, 3) for name, value in sorted(ingested.seconds.items())},
    }  # fmt: skip
    if until != "ingest":
        summary |= _judge(work, ingested, until)
    summary["seconds"] = {name: round(value, 3) for name, value in work.seconds.items()}
    return summary


def _judge(work: Run, ingested: Ingested, until: str) -> dict[str, Any]:
    recipe, workspace, segments = work.recipe, work.recipe.workspace, ingested.segments
    if not sum(segment.rows for segment in segments):
        raise ContractError("no document could be read", where=str(workspace), do="`curation init` says what it cannot read.")
    takedowns = taken_down(workspace)
    selected = work.timed(
        "select",
        lambda: cached(
            workspace, "select", select.identity(recipe, segments, takedowns),
            lambda out: select.select(dump(recipe), segments, takedowns, out, work.engine),
        ),
    )  # fmt: skip
    if until == "select":
        return {"dropped": selected.manifest["dropped"]}
    deduplicated, parted = settle(recipe, segments, selected, work.engine, work.timed)
    unreleased.note(workspace, parted.folder)
    before = release.newest(workspace)
    tallies: list[Tally] = _tallies(work, ingested, parted)
    found = alarms(
        recipe.alarms, by_source(tallies), release.load(before)["sources"] if before else {}, samples_of(tallies)
    )  # fmt: skip
    for alarm in found:
        work.progress.warn(alarm)
    summary = {"documents": _documents(tallies), "sources": by_source(tallies), "alarms": found}
    if until in ("deduplicate", "split"):
        return summary
    enforce(recipe.alarms, found, work.ignore_alarms)
    tokenizer: Tokenizer = work.timed(
        "tokenizer", lambda: choose_tokenizer(recipe, segments, parted, before, work.retrain, work.engine)
    )  # fmt: skip
    summary["tokenizer"] = {"sha256": tokenizer.sha256, "vocab_size": tokenizer.vocab_size, "pinned": tokenizer.pinned}
    if until == "tokenizer":
        return summary
    places = work.timed(
        "tokenize",
        lambda: tokenize_all(
            segments,
            parted.folder,
            tokenizer.folder,
            tokenizer.sha256,
            recipe.shards.max_tokens,
            work.engine,
            work.progress.tasks,
        ),
    )
    if until == "tokenize":
        return summary
    drift = drift_since(recipe, tokenizer, places, before)
    card = release.tokenizer_card(tokenizer.folder, before)
    private = len(card["entities"]) if card else 0
    summary["tokenizer"] = {**tokenizer.info(), "pinned": tokenizer.pinned, "drift": drift, "private_tokens": private}
    notes = {
        "drift": drift,
        "tokenizer_card": card, "alarms": found,
        "duplicates": _public(deduplicated.manifest), "split": _public(parted.manifest),
    }  # fmt: skip
    contents = release.Contents(
        segments, parted.folder, places, tokenizer.folder, tokenizer.info(), parted.folder / "pins.parquet", takedowns, tallies,
        _inputs(workspace), notes,
    )  # fmt: skip
    published_as: dict[str, Any] = work.timed("release", lambda: _publish(work, contents, parted, before))
    return summary | published_as


def _tallies(work: Run, ingested: Ingested, parted: Dataset) -> list[Tally]:
    identity = {"version": version("curation.tally"), "split": parted.fingerprint}

    def make(out: Path) -> dict[str, Any]:
        storage.write_json(out / "tallies.json", tally_segments(ingested.segments, parted.folder, work.engine))
        return {}

    found: list[Tally] = storage.read_json(cached(work.recipe.workspace, "tally", identity, make).folder / "tallies.json")
    return found


def _publish(work: Run, contents: release.Contents, parted: Dataset, before: Path | None) -> dict[str, Any]:
    workspace = work.recipe.workspace
    identity = {
        "version": version("curation.release"), "split": parted.fingerprint, "tokenizer": contents.tokenizer_info,
        "places": [folder.name for folder in contents.places],
        "recipe": published(work.recipe),
        "takedowns": list(contents.takedowns), "inputs": contents.inputs,
    }  # fmt: skip

    def make(out: Path) -> dict[str, Any]:
        return {"release": release.build(work.recipe, contents, work.engine)}

    made = cached(workspace, "release", identity, make)
    if not storage.is_sealed(workspace / "releases" / made.manifest["release"]):
        storage.remove(made.folder)  # the release was deleted by hand: make it again
        made = cached(workspace, "release", identity, make)
    name = made.manifest["release"]
    release.point_at(workspace, name)
    unreleased.clear(workspace)
    folder = workspace / "releases" / name
    return {"release": name, "path": str(folder), "report": str(folder / "report.html"), "published": before != folder}


def _inputs(workspace: Path) -> dict[str, list[dict[str, Any]]]:
    """Content hashes and sizes of all files by source. Names stay in the workspace: they may be personal data."""
    found = {}
    for source, table in sorted(storage.read_json(workspace / INPUTS).items()):
        files = [{"sha256": entry["sha256"], "bytes": entry["size"]} for entry in table["files"].values()]
        found[source] = sorted(files, key=lambda entry: entry["sha256"])
    return found


def _documents(tallies: list[Tally]) -> dict[str, int]:
    num_in, kept = (sum(tally[name] for tally in tallies) for name in ("in", "kept"))
    return {"in": num_in, "kept": kept, "dropped": num_in - kept}


def _public(content: dict[str, Any]) -> dict[str, Any]:
    private = {"schema_version", "files", "name", "fingerprint", "identity"}
    return {name: value for name, value in content.items() if name not in private}


def tokenize_recipe(path: Path, *, retrain: bool = False) -> dict[str, Any]:
    """Tokenizer and shards from the documents that a run has curated already, ending in a release; reads no dump.

    Raises WorkspaceError, naming the command, where documents of the recipe's sources are missing.
    """
    recipe = load(path)
    named = named_segments(recipe, plan(recipe))
    missing = sum(not storage.is_sealed(folder) for _, _, folder in named)
    if missing:
        raise WorkspaceError(
            "documents are not curated yet", where=str(recipe.workspace), got=f"{missing} of {len(named)} segments missing",
            do=f"Run `python -m curation run {path}` first.",
        )  # fmt: skip
    return run(recipe, retrain=retrain)


def require_newest(workspace: Path) -> Path:
    folder = release.newest(workspace)
    if folder is None:
        raise WorkspaceError("no release yet", where=str(workspace), do="`python -m curation run RECIPE` makes one.")
    return folder
