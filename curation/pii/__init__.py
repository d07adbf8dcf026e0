"""Stage `scrub`: replaces personal data in text, origin and work.

In: batches of RAW_SCHEMA with `lang` filled. Out: the same rows with scrubbed `text`, `origin`, `work`; column `view`
added (null where it equals `text`), column `speakers` gone. Drops nothing. Values go nowhere but into the replaced
text: no log, no error, no count but one number per entity.

Presidio's recognizers, validators and context rules decide what is found; see `analysis` for how they are made fast
and `policy` for what is replaced in which kind of source.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from curation.pii.analysis import FastAnalyzer
from curation.pii.policy import Config, KindPolicy
from curation.pii.scrubber import Scrubber
from curation.stage import Place

__all__ = ["LIBRARIES", "MODELS", "NAME", "REASONS", "Config", "KindPolicy", "Scrubber", "build", "models"]

NAME = "scrub"
REASONS: dict[str, str] = {}
LIBRARIES = ("presidio-analyzer", "spacy", "phonenumbers", "tldextract", "regex")
MODELS: tuple[Path, ...] = ()


def models(config: Config) -> list[Path]:
    """Files whose bytes decide the output: of the NER models that the recipe names by path."""
    folders = [Path(name) for name in config.ner.values() if Path(name).is_dir()]
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


def build(config: Config, place: Place) -> Scrubber:
    """The scrubber of one source; loads Presidio and spaCy when the first text of a language comes."""
    return Scrubber(config, place, _analyzer)


@lru_cache(maxsize=64)
def _analyzer(language: str) -> FastAnalyzer:
    """One analyzer a language and process, shared by all sources: compiling its patterns takes about a second."""
    from curation.pii.registry import recognizers

    return FastAnalyzer(recognizers(language or "xx"), language or "xx")
