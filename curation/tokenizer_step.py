"""The tokenizer in force: pinned by the newest release, or trained once from the recipe's configuration.

Every shard hangs on the tokenizer, so it never changes by itself: a recipe whose tokenizer differs from the pinned one is
an error that names --retrain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation import manifest, storage
from curation.engine import Engine
from curation.errors import RecipeError
from curation.recipe import Recipe
from curation.segment import Segment
from curation.stage import version
from curation.step import Dataset, cached
from curation.tokenizer import TokenizerConfig, identity, load_config, train_step


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
    config = load_config(name, recipe.folder)
    wanted = manifest.fingerprint(_decides(config))
    pin = storage.read_json(before / "pins" / "tokenizer.json") if before else None
    if before and pin and not retrain:
        if pin["config"] != wanted:
            raise RecipeError(
                "the recipe's tokenizer is not the one this workspace's shards were made with", where="[tokenizer] config",
                got=name, expected=release_name(before), do="Pass --retrain to train a new one and encode everything again.",
            )  # fmt: skip
        return Tokenizer(before / "tokenizer", pin["sha256"], pin["vocab_size"], wanted, name, pinned=True)
    identity = {
        "version": version("curation.tokenizer", ("tokenizers",)),
        "config": wanted,
        "judged": config.model_dump(mode="json"),
        "split": parted.fingerprint,
    }
    made = cached(
        recipe.workspace, "tokenizer", identity, lambda out: train_step(list(segments), parted.folder, config, out, engine)
    )
    return Tokenizer(made.folder, made.manifest["sha256"], made.manifest["vocab_size"], wanted, name, pinned=False)


def _decides(config: TokenizerConfig) -> dict[str, Any]:
    """What makes another tokenizer: not the thresholds it is judged by; of an existing one the content, not the place."""
    settings = identity(config)
    if config.existing:
        settings["existing"] = manifest.file_sha256(Path(config.existing))
    return settings


def release_name(folder: Path) -> str:
    return str(manifest.read(folder)["tokenizer"]["config_name"])
