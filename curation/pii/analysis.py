"""Text to spans, by Presidio. One analyzer per language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from curation.pii.nlp import word_engine
from curation.pii.registry import registry_of
from curation.pii.spans import Span

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer

GATE = re.compile(r"\d|@|://|[\w/+-]{20}")


class StockAnalyzer:
    """Presidio's own AnalyzerEngine behind a cheap gate: text without a digit or an @ holds no direct identifier."""

    def __init__(self, recognizers: Iterable[EntityRecognizer], language: str) -> None:
        self._language = language
        self._engine = stock_engine(recognizers, language)

    def analyze(self, text: str) -> list[Span]:
        if not GATE.search(text):
            return []
        found = self._engine.analyze(text, self._language)
        return [Span(result.entity_type, result.start, result.end, result.score) for result in found]


def stock_engine(recognizers: Iterable[EntityRecognizer], language: str) -> AnalyzerEngine:
    """Presidio's AnalyzerEngine with exactly these recognizers, on a blank pipeline."""
    from presidio_analyzer import AnalyzerEngine

    registry = registry_of(recognizers, language)
    return AnalyzerEngine(registry=registry, nlp_engine=word_engine(language), supported_languages=[language])
