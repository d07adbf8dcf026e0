"""Everything a run made, as one immutable folder: shards, tokenizer, ledger, conversations, pins, card, report, manifest.

The id is a hash of what is published, so a result equal to the newest publishes nothing. Nothing here reads a clock.
`latest.json` names the newest release and is replaced last of all: it moves the data and its pins at once.
"""

from __future__ import annotations

import importlib.metadata
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation import manifest, storage
from curation.attribution import FILE, added_up, attribution
from curation.card import write_card
from curation.engine import Engine
from curation.errors import ContractError
from curation.recipe import Recipe, published
from curation.release_ledger import publish_rows
from curation.report import write_report
from curation.segment import Segment
from curation.tally import Tally, by_source
from curation.tokenize_step import shards_of

LATEST = "latest.json"
LIBRARIES = ("datatrove", "datasketch", "fasttext-predict", "presidio-analyzer", "pyarrow", "tokenizers")


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a release."""

    segments: Sequence[Segment]
    verdicts: Path
    places: Sequence[Path]
    tokenizer: Path
    tokenizer_info: dict[str, Any]
    eval_pins: Path
    takedowns: Sequence[str]
    tallies: Sequence[Tally]
    inputs: dict[str, list[dict[str, Any]]]
    notes: dict[str, Any]


def newest(workspace: Path) -> Path | None:
    """Folder of the newest release, or None before the first."""
    latest = workspace / LATEST
    if not latest.is_file():
        return None
    folder = workspace / "releases" / storage.read_json(latest)["release"]
    return folder if storage.is_sealed(folder) else None


def build(recipe: Recipe, contents: Contents, engine: Engine) -> str:
    """Publish the release of `contents` unless it stands there already; returns its id. Does not move `latest.json`."""
    workspace = recipe.workspace
    with storage.draft_folder(workspace) as draft:
        shards = _link_shards(workspace, contents, draft)
        shutil.copytree(contents.tokenizer, draft / "tokenizer", ignore=_only_tokenizer_files)
        names = {shard["sha256"]: shard["path"] for shard in shards}
        tasks = [
            {"segment": segment.to_json(), "verdicts": str(contents.verdicts), "places": str(places / "places.parquet"),
             "names": names, "out": str(draft)} for segment, places in zip(contents.segments, contents.places, strict=True)
        ]  # fmt: skip
        rows = engine.run(publish_rows, tasks, workers=None if sum(piece.rows for piece in contents.segments) > 200_000 else 1)
        _join_chats(draft)
        _write_pins(draft / "pins", contents)
        sources, mix = by_source(contents.tallies), _mix(contents.places)
        if owed := attribution(published(recipe)["sources"], mix):
            (draft / FILE).write_text(owed, encoding="utf-8")
        if sum(rows) != sum(tally["in"] for tally in sources.values()):
            raise ContractError("the ledger has another number of rows than documents came in", got=str(sum(rows)))
        files = {str(path.relative_to(draft)): manifest.describe(path) for path in sorted(draft.rglob("*")) if path.is_file()}
        release = manifest.fingerprint(sorted((name, entry["sha256"]) for name, entry in files.items()), _weights(recipe))[:16]
        summary = _summary(recipe, contents, shards, sources, mix, release)
        write_card(draft / "README.md", summary)
        write_report(draft / "report.html", summary)
        manifest.seal(draft, summary)
        storage.publish(draft, workspace / "releases" / release)
    return release


def point_at(workspace: Path, release: str) -> None:
    latest = workspace / LATEST
    if not latest.is_file() or storage.read_json(latest)["release"] != release:
        storage.write_json(latest, {"release": release})


def _link_shards(workspace: Path, contents: Contents, draft: Path) -> list[dict[str, Any]]:
    found = []
    for segment, folder in zip(contents.segments, contents.places, strict=True):
        for number, shard in enumerate(shards_of(folder)):
            path = f"{shard['split']}/{segment.source}-{segment.unit}-{number:03d}-{shard['sha256'][:12]}.parquet"
            storage.link(workspace / "shards" / f"{shard['sha256']}.parquet", draft / path)
            found.append(
                {
                    **{key: shard[key] for key in ("split", "rows", "tokens", "bytes", "sha256")},
                    "path": path,
                    "source": segment.source,
                }
            )
    return sorted(found, key=lambda shard: shard["path"])


def _mix(places: Sequence[Path]) -> list[dict[str, Any]]:
    """Documents, tokens and bytes in the shards by split, source, language and licence."""
    rows = [{"split": shard["split"], **row} for folder in places for shard in shards_of(folder) for row in shard["tally"]]
    keys = ("split", "source", "lang", "license")
    return [{**dict(zip(keys, key, strict=True)), **counts} for key, counts in added_up(rows, *keys).items()]


def _only_tokenizer_files(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name not in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")]


def _join_chats(draft: Path) -> None:
    for split in ("train", "eval"):
        if parts := sorted((draft / "chat").glob(f"{split}.*.part")):
            with (draft / "chat" / f"{split}.jsonl").open("wb") as stream:
                for part in parts:
                    with part.open("rb") as source:
                        shutil.copyfileobj(source, stream)
                    part.unlink()


def _write_pins(folder: Path, contents: Contents) -> None:
    folder.mkdir()
    shutil.copyfile(contents.eval_pins, folder / "eval.parquet")
    storage.write_json(
        folder / "tokenizer.json", {key: contents.tokenizer_info[key] for key in ("config", "sha256", "vocab_size")}
    )
    storage.write_json(folder / "tokenizer_card.json", contents.notes["tokenizer_card"])
    storage.write_json(folder / "takedowns.json", sorted(contents.takedowns))


def _weights(recipe: Recipe) -> dict[str, float]:
    return {source.name: source.weight for source in recipe.sources}


def _summary(
    recipe: Recipe,
    contents: Contents,
    shards: list[dict[str, Any]],
    sources: dict[str, Tally],
    mix: list[dict[str, Any]],
    release: str,
) -> dict[str, Any]:
    settings = published(recipe)
    totals = {name: sum(tally[name] for tally in sources.values()) for name in ("in", "kept")}
    return {
        "id": release,
        "name": recipe.run.name,
        "recipe": settings,
        "recipe_hash": manifest.fingerprint(settings),
        "inputs": contents.inputs,
        "tokenizer": {key: contents.tokenizer_info[key] for key in ("sha256", "vocab_size", "config_name")},
        "tokenizer_card": contents.notes.get("tokenizer_card"),
        "drift": contents.notes.get("drift"),
        "shards": shards,
        "weights": _weights(recipe),
        "mix": mix,
        "ledger": {**totals, "dropped": totals["in"] - totals["kept"]},
        "sources": sources,
        "duplicates": contents.notes.get("duplicates"),
        "split": contents.notes.get("split"),
        "alarms": contents.notes.get("alarms", []),
        "versions": {
            "curation": importlib.metadata.version("curation"),
            **{name: importlib.metadata.version(name) for name in LIBRARIES},
        },
    }


def load(folder: Path) -> dict[str, Any]:
    return manifest.read(folder)


def tokenizer_card(folder: Path, newest: Path | None) -> Any:
    """The report card that training left beside the tokenizer, or that the newest release carries for a pinned one."""
    made = folder / "card.json"
    path = made if made.is_file() else (newest / "pins" / "tokenizer_card.json" if newest else made)
    return storage.read_json(path) if path.is_file() else None
