"""For every key of the recipe another value, chosen so that no verdict on the tiny corpus changes where that can be."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import spacy
from pydantic import BaseModel

from curation.filters import language
from curation.ingest import dump
from curation.recipe import Recipe, Source

SOURCE = "books"  # the source of the tiny recipe that keys of [[sources]] are changed in

VALUES: dict[str, Any] = {
    "run.name": "other",
    "sources.name": "tomes",
    "sources.kind": "papers",
    "sources.paths": ["dumps/books/book-*.txt"],
    "sources.license": "CC0-1.0",
    "sources.reader": {"max_document_bytes": 50_000},
    "sources.allow_licenses": ["*"],
    "sources.attribution": "the authors of the books",
    "sources.weight": 2.0,
    "sources.priority": 5,
    "cleaning.repair_mojibake": False,
    "cleaning.unify_arabic": True,
    "cleaning.boilerplate": False,
    "languages.keep": ["en"],
    "languages.by_source": {"talks": ["en"]},
    "languages.min_score": 0.45,
    **{f"quality.{kind}": ["gopher_quality"] for kind in ("books", "wiki", "papers", "web")},
    "quality.code": ["prose"],
    "quality.chat": ["prose"],
    "quality.by_source": {"talks": ["chat"]},
    "quality.limits": {"few_words": 2},
    "quality.good_label": "fine",
    "quality.min_model_score": 0.1,
    "toxicity.max_score": 0.97,
    "toxicity.action": "mark",
    "toxicity.passages": "drop",
    "toxicity.passage_score": 0.95,
    "datatrove.filters": [{"name": "C4QualityFilter", "kinds": ["web"]}],
    "datatrove.action": "mark",
    "pii.enabled": False,
    "pii.replace": "surrogate",
    "pii.min_score": 0.5,
    "pii.seed": 1,
    "pii.speakers": False,
    "pii.kinds": {"web": {"min_score": 0.5}},
    "dedup.ngram": 6,
    "dedup.num_perm": 64,
    "dedup.bands": 32,
    "dedup.threshold": 0.85,
    "dedup.containment": 0.95,
    "dedup.min_contained_shingles": 120,
    "split.eval_fraction": 0.25,
    "split.max_eval_tokens": 9_000_000,
    "split.seed": 1,
    "split.min_documents": 2,
    "split.max_share": 0.3,
    "split.max_overlap": 0.15,
    "split.max_covered": 0.6,
    "split.max_test_overlap": 0.6,
    "split.max_common": 25,
    "tokenizer.max_drift": 0.5,
    "tokenizer.min_drift_tokens": 10,
    "shards.max_tokens": 50,
    "alarms.max_dropped": 0.9,
    "alarms.max_removed": 0.6,
    "alarms.max_increase": 0.3,
    "alarms.min_documents": 2000,
    "alarms.action": "warn",
    "execution.workers": 2,
    "execution.slurm": {"partition": "night"},
}
ALONG = {"dedup.num_perm": {"bands": 8}, "quality.model": {"good_label": "en"}}  # keys that must change together


def model_file(folder: Path) -> str:
    return str(shutil.copyfile(language.models(language.Config())[0], folder / "model.ftz"))


def ner_package(folder: Path) -> dict[str, str]:
    pipeline = spacy.blank("fi")
    pipeline.add_pipe("ner").add_label("PERSON")  # type: ignore[attr-defined]
    pipeline.initialize()
    pipeline.to_disk(folder / "names")
    return {"fi": str(folder / "names")}


def test_set(folder: Path) -> list[str]:
    (folder / "questions.jsonl").write_text('{"question": "What is asked in no document at all?"}\n')
    return [str(folder / "questions.jsonl")]


def other_tokenizer(folder: Path) -> str:
    (folder / "other.toml").write_text('vocab_size = 300\npretokenizer = "gpt-2"\n')
    return str(folder / "other.toml")


def parallel_passages(folder: Path) -> str:
    (folder / "parallel.jsonl").write_text('{"en": "The bridge.", "pl": "Most."}\n')
    return str(folder / "parallel.jsonl")


MADE: dict[str, Callable[[Path], Any]] = {
    "languages.model": model_file,
    "quality.model": model_file,
    "toxicity.model": model_file,
    "pii.ner": ner_package,
    "split.test_sets": test_set,
    "tokenizer.config": other_tokenizer,
    "tokenizer.compare": lambda folder: [other_tokenizer(folder)],
    "tokenizer.parallel": parallel_passages,
}

# Keys that no run beside another can show, each with the test that does.
ELSEWHERE = {
    "run.workspace": "tests/test_recipe.py: the place of everything",
    "execution.engine": "tests/end_to_end/test_engines.py: the same bytes on every engine",
}


def keys(model: type[BaseModel] = Recipe, table: str = "") -> Iterator[str]:
    """Every key that a recipe can have, as `table.key`."""
    for name, field in model.model_fields.items():
        if name == "sources":
            yield from keys(Source, "sources.")
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys(field.annotation, f"{name}.")
        elif not field.exclude:
            yield table + name


def changed(recipe: Recipe, key: str, folder: Path) -> Recipe:
    """The recipe with another value of `key`; files that the value names are made in `folder`."""
    table, _, name = key.partition(".")
    values = {name: MADE[key](folder) if key in MADE else VALUES[key], **ALONG.get(key, {})}
    raw = dump(recipe)
    if table == "sources":
        sources = [{**source, **values} if source["name"] == SOURCE else source for source in raw["sources"]]
        return Recipe.model_validate({**raw, "sources": sources})
    return Recipe.model_validate({**raw, table: {**raw[table], **values}})
