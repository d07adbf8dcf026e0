"""The tokenizer in force: pinned by the newest release, or trained once from the recipe's configuration.

Every shard hangs on the tokenizer, so it never changes by itself: a recipe whose tokenizer differs from the pinned one is
an error that names --retrain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation import manifest, stages, storage
from curation.engine import Engine
from curation.errors import RecipeError
from curation.filters import language
from curation.recipe import Recipe
from curation.segment import Segment
from curation.stage import version
from curation.step import Dataset, cached
from curation.tokenize_step import shards_of
from curation.tokenizer import TokenizerConfig, identity, load_config, train_step
from curation.tokenizers.drift import drift
from curation.tokenizers.fresh import Shard, new_documents


@dataclass(frozen=True, slots=True)
class Tokenizer:
    folder: Path
    sha256: str
    vocab_size: int
    config: str  # fingerprint of the configuration it was trained from
    config_name: str
    pinned: bool

    def info(self) -> dict[str, Any]:
        return {"sha256": self.sha256, "vocab_size": self.vocab_size, "config": self.config, "config_name": self.config_name}


def choose_tokenizer(
    recipe: Recipe, segments: Sequence[Segment], parted: Dataset, before: Path | None, retrain: bool, engine: Engine
) -> Tokenizer:
    name = recipe.tokenizer.config
    config = _judged_as_asked(load_config(name, recipe.folder), recipe)
    wanted = manifest.fingerprint(_decides(config))
    pin = storage.read_json(before / "pins" / "tokenizer.json") if before else None
    if before and pin and not retrain:
        if pin["config"] != wanted:
            raise RecipeError(
                "the recipe's tokenizer is not the one this workspace's shards were made with", where="[tokenizer] config",
                got=name, expected=release_name(before), do="Pass --retrain to train a new one and encode everything again.",
            )  # fmt: skip
        return Tokenizer(before / "tokenizer", pin["sha256"], pin["vocab_size"], wanted, name, pinned=True)
    languages = _kept_languages(recipe)
    identity = {
        "version": version("curation.tokenizer", ("tokenizers",)),
        "config": wanted,
        "judged": [config.model_dump(mode="json"), recipe.pii.model_dump(mode="json"), languages],
        "split": parted.fingerprint,
    }

    def make(out: Path) -> dict[str, Any]:
        return train_step(list(segments), parted.folder, config, out, engine, policy=recipe.pii, languages=languages)

    made = cached(recipe.workspace, "tokenizer", identity, make)
    return Tokenizer(made.folder, made.manifest["sha256"], made.manifest["vocab_size"], wanted, name, pinned=False)


def _kept_languages(recipe: Recipe) -> list[str]:
    """The languages that the recipe asks for; empty where it takes all."""
    chosen: language.Config = stages.config(recipe, language)
    return sorted({*(chosen.keep or ()), *(name for names in chosen.by_source.values() for name in names)})


def _judged_as_asked(config: TokenizerConfig, recipe: Recipe) -> TokenizerConfig:
    """What the recipe says of the report card goes before what the tokenizer's own file says."""
    changes: dict[str, Any] = {}
    if recipe.tokenizer.compare:
        changes["compare"] = tuple(str((recipe.folder / path).resolve()) for path in recipe.tokenizer.compare)
    if recipe.tokenizer.parallel:
        changes["parallel"] = str((recipe.folder / recipe.tokenizer.parallel).resolve())
    return config.model_copy(update=changes)


def drift_since(recipe: Recipe, tokenizer: Tokenizer, places: Sequence[Path], before: Path | None) -> dict[str, Any] | None:
    """Whether the pinned tokenizer fits what this run added; None where no tokenizer was pinned."""
    card = tokenizer_card(before) if before and tokenizer.pinned else None
    if before is None or card is None:
        return None
    found = [shard for folder in places for shard in shards_of(folder)]
    kept = recipe.workspace / "shards"
    now = [Shard(kept / f"{shard['sha256']}.parquet", shard["sha256"], shard["tokens"]) for shard in found]
    old = [Shard(before / shard["path"], shard["sha256"], shard["tokens"]) for shard in manifest.read(before)["shards"]]
    return drift(card, new_documents(now, old), recipe.tokenizer.max_drift, recipe.tokenizer.min_drift_tokens)


def tokenizer_card(release: Path) -> dict[str, Any] | None:
    """The report card that a release carries on."""
    path = release / "pins" / "tokenizer_card.json"
    card: dict[str, Any] | None = storage.read_json(path) if path.is_file() else None
    return card


def _decides(config: TokenizerConfig) -> dict[str, Any]:
    """What makes another tokenizer: not the thresholds it is judged by; of an existing one the content, not the place."""
    settings = identity(config)
    if config.existing:
        settings["existing"] = manifest.file_sha256(Path(config.existing))
    return settings


def release_name(folder: Path) -> str:
    return str(manifest.read(folder)["tokenizer"]["config_name"])
