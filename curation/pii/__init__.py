"""Stage `scrub`: replaces personal data in text, origin and work.

In: batches of RAW_SCHEMA with `lang` filled. Out: the same rows with scrubbed `text`, `origin`, `work`; column `view`
added (null where it equals `text`), column `speakers` gone. Drops nothing. Values go nowhere but into the replaced
text: no log, no error, no count but one number per entity.

Presidio's recognizers, validators and context rules decide what is found; see `analysis` for how they are made fast
and `policy` for what is replaced in which kind of source.
"""

from __future__ import annotations

from pathlib import Path

from curation.pii.languages import analyzer_of
from curation.pii.ner import check_model, model_files
from curation.pii.policy import Config, KindPolicy
from curation.pii.scrubber import Scrubber
from curation.stage import Place

__all__ = ["LIBRARIES", "MODELS", "NAME", "REASONS", "Config", "KindPolicy", "Scrubber", "build", "models"]

NAME = "scrub"
TABLE = "pii"
REASONS: dict[str, str] = {}
LIBRARIES = ("presidio-analyzer", "spacy", "phonenumbers", "tldextract", "regex")
MODELS: tuple[Path, ...] = ()


def models(config: Config) -> list[Path]:
    """Files whose bytes decide the output: of the NER models that the recipe names."""
    return [path for name in sorted(set(config.ner.values())) for path in model_files(name)]


def build(config: Config, place: Place) -> Scrubber:
    """The scrubber of one source; loads Presidio and spaCy when the first text of a language comes."""
    for language, name in config.ner.items():
        check_model(language, name)
    return Scrubber(config, place, lambda language: analyzer_of(language, config.ner.get(language)))
