"""The recipe: the one TOML file a user edits. Read, validated whole, frozen; nobody below sees more than one table.

In: a path. Out: Recipe. Errors: RecipeError naming file, table, key and what would be right, before any work starts.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError, create_model, field_validator, model_validator

from curation.cleaning import Config as Cleaning
from curation.dedup.config import Config as Dedup
from curation.errors import RecipeError
from curation.filters import FILTERS
from curation.pii import Config as Pii
from curation.recipe_errors import explain
from curation.sources import SOURCES
from curation.split_config import Config as Split
from curation.stage import Settings, table


class Run(Settings):
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    workspace: str = ""


class Source(Settings):
    """One [[sources]] table. `reader` holds settings of the kind's reader."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")
    kind: Literal[tuple(SOURCES)]  # type: ignore[valid-type]
    paths: tuple[str, ...] = Field(min_length=1)
    weight: float = Field(1.0, gt=0)
    priority: int = 0
    license: str = ""
    allow_licenses: tuple[str, ...] | None = None  # SPDX ids or patterns; None = all
    attribution: str = ""  # what a licence such as CC BY-SA wants to be said of this source
    reader: dict[str, Any] = Field(default_factory=dict)

    @field_validator("paths")
    @classmethod
    def _local(cls, paths: tuple[str, ...]) -> tuple[str, ...]:
        for path in paths:
            if "://" in path:
                raise ValueError(f"{path!r} is a URL: only files, folders and globs are read; download it first")
        return paths

    @model_validator(mode="after")
    def _reader(self) -> Source:
        SOURCES[self.kind].Config.model_validate(self.reader)
        return self


class Tokenizer(Settings):
    config: str = "bpe_8k"  # a preset of tokenizers_cfg/, or a path to a TOML file or a tokenizer.json
    compare: tuple[str, ...] = ()  # tokenizers by path that stand beside ours in its card
    parallel: str | None = None  # JSON lines of parallel passages for the card; None = the bundled ones
    max_drift: float = Field(0.05, ge=0)  # a refresh advises to retrain when new text costs this share more tokens
    min_drift_tokens: int = Field(50_000, ge=1)  # less is noise: one book of verse moves a language by more


class Shards(Settings):
    max_tokens: int = Field(100_000_000, ge=1)


class Alarms(Settings):
    """When a source or a language loses more than it should. `stop` ends the run unless --ignore-alarms, `warn` says it."""

    max_dropped: float = Field(0.95, ge=0, le=1)
    max_removed: float = Field(0.5, ge=0, le=1)
    max_increase: float = Field(0.2, ge=0, le=1)
    min_documents: int = Field(1000, ge=1)
    action: Literal["warn", "stop"] = "stop"


class Execution(Settings):
    """Where the run happens; never what it makes."""

    engine: Literal["local", "slurm", "ray"] = "local"
    workers: int = Field(0, ge=0)
    slurm: dict[str, Any] = Field(default_factory=dict)

    def num_workers(self) -> int:
        return self.workers or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1))


if TYPE_CHECKING:
    FilterTables = Settings
else:  # a filter's table comes with its line in curation/filters/__init__.py
    _tables = {table(each): (each.Config, each.Config()) for each in FILTERS}
    FilterTables = create_model("FilterTables", __base__=Settings, **_tables)


class Recipe(FilterTables):
    run: Run
    sources: tuple[Source, ...] = Field(min_length=1)
    cleaning: Cleaning = Cleaning()
    pii: Pii = Pii()
    dedup: Dedup = Dedup()
    split: Split = Split()
    tokenizer: Tokenizer = Tokenizer()
    shards: Shards = Shards()
    alarms: Alarms = Alarms()
    execution: Execution = Execution()
    folder: Path = Field(exclude=True)  # where the recipe lies: paths are relative to it

    @field_validator("sources")
    @classmethod
    def _unique(cls, sources: tuple[Source, ...]) -> tuple[Source, ...]:
        names = [source.name for source in sources]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two sources are called {twice[0]!r}; names must be unique")
        return sources

    @field_validator("pii")
    @classmethod
    def _kinds_of_sources(cls, pii: Pii) -> Pii:
        if unknown := sorted(set(pii.kinds) - set(SOURCES)):
            raise ValueError(f"no kind {unknown[0]!r}; there are {', '.join(SOURCES)}")
        return pii

    @property
    def workspace(self) -> Path:
        place = self.run.workspace or f"data/{self.run.name}"
        base = self.folder if self.run.workspace else Path.cwd()
        return (base / place).resolve()


def load(path: Path) -> Recipe:
    """The validated recipe at `path`; RecipeError says in one message what is wrong and what would be right."""
    if not path.is_file():
        raise RecipeError("no such recipe", where=str(path), do="`python -m curation init FOLDER` writes one.")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecipeError("not valid TOML", where=str(path), got=str(error)) from None
    if "folder" in table:
        raise RecipeError("unknown key `folder`", where=str(path))
    try:
        recipe = Recipe.model_validate({**table, "folder": path.resolve().parent})
    except ValidationError as error:
        raise RecipeError(explain(error, Recipe), where=str(path)) from None
    recipe = _with_models_in_place(recipe)
    if "://" in recipe.run.workspace:
        raise RecipeError("run.workspace is a URL", where=str(path), got=recipe.run.workspace, expected="a folder")
    return recipe


def adjusted(recipe: Recipe, *, workers: int | None = None, sampled: bool = False) -> Recipe:
    """The recipe with what the command line says of where and how much: never of what is made."""
    changes: dict[str, Any] = {}
    if workers is not None:
        changes["execution"] = recipe.execution.model_copy(update={"workers": workers})
    if sampled:
        changes["run"] = recipe.run.model_copy(update={"workspace": f"{recipe.workspace}-sample"})
    return recipe.model_copy(update=changes)


MODEL_TABLES = tuple(table(each) for each in FILTERS if "model" in each.Config.model_fields)


def _with_models_in_place(recipe: Recipe) -> Recipe:
    """Paths of models are relative to the recipe's folder, as all paths of a recipe."""
    changes: dict[str, Any] = {}
    for name in MODEL_TABLES:
        table = getattr(recipe, name)
        if table.model:
            changes[name] = table.model_copy(update={"model": recipe.folder / table.model})
    local = {
        lang: str(recipe.folder / model) if (recipe.folder / model).is_dir() else model for lang, model in recipe.pii.ner.items()
    }
    return recipe.model_copy(update={**changes, "pii": recipe.pii.model_copy(update={"ner": local})})


def published(recipe: Recipe) -> dict[str, Any]:
    """The recipe as a release shows it: no paths, since names of files and folders can be personal data."""
    raw = recipe.model_dump(mode="json", exclude={"execution", "run"})
    for source in raw["sources"]:
        del source["paths"]
    for name in MODEL_TABLES:
        raw[name]["model"] = Path(raw[name]["model"]).name if raw[name]["model"] else None
    raw["pii"]["ner"] = {lang: Path(model).name for lang, model in raw["pii"]["ner"].items()}
    raw["split"]["test_sets"] = len(raw["split"]["test_sets"])
    return raw
