"""The analyzer of each language, built once a process: the automaton alone takes a second."""

from __future__ import annotations

from functools import lru_cache

from curation.pii.analysis import FastAnalyzer
from curation.pii.loading import load_presidio
from curation.pii.ner import spacy_names
from curation.pii.registry import NATIONAL, recognizers
from curation.pii.schemes import SCHEMES
from curation.pii.words import CONTEXT, REGIONS

# A language that nothing is known of, and every programming language, is read like English.
KNOWN = (
    frozenset(NATIONAL)
    | frozenset(CONTEXT)
    | frozenset(REGIONS)
    | {language for scheme in SCHEMES for language in scheme.languages}
)


def analyzer_of(language: str, ner: str | None = None) -> FastAnalyzer:
    """The analyzer for texts whose column `lang` says `language`."""
    return _built(language if language in KNOWN and language else "en", ner)


@lru_cache(maxsize=32)
def _built(language: str, ner: str | None) -> FastAnalyzer:
    load_presidio(with_torch=ner is not None)
    active = recognizers(language)
    if ner is not None:
        active.append(spacy_names(ner, language))
    return FastAnalyzer(active, language)
