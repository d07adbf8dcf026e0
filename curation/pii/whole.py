"""The slow path: recognizers with an `analyze` or a context rule of their own, which want Presidio's full artifacts."""

from __future__ import annotations

from typing import Any

from curation.pii.spans import Span


class WholeText:
    """One text as Presidio hands it to a recognizer; tokenized only when one asks."""

    def __init__(self, nlp_engine: Any, text: str, language: str) -> None:
        self._engine = nlp_engine
        self._text = text
        self._language = language
        self._artifacts: Any = None
        self._raised: set[Span] = set()

    def spans(self, recognizer: Any) -> list[Span]:
        """What the recognizer finds, after its own context rule."""
        from presidio_analyzer import RecognizerResult

        entities = recognizer.supported_entities
        results = recognizer.analyze(self._text, entities, self._needed(recognizer)) or []
        for result in results:
            result.recognition_metadata = result.recognition_metadata or {}
        results = recognizer.enhance_using_context(
            text=self._text,
            raw_recognizer_results=results,
            other_raw_recognizer_results=[],
            nlp_artifacts=self._needed(recognizer),
            context=None,
        )
        spans = []
        for result in results:
            span = Span(result.entity_type, result.start, result.end, result.score)
            spans.append(span)
            if result.recognition_metadata.get(RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY):
                self._raised.add(span)
        return spans

    def is_raised(self, span: Span) -> bool:
        """Has the recognizer's own context rule raised it already?"""
        return span in self._raised

    def words_before(self, start: int, enhancer: Any) -> str:
        """The keywords before a candidate, for a pipeline that must see the whole text."""
        artifacts = self._all()
        words = enhancer._extract_surrounding_words(nlp_artifacts=artifacts, word="", start=start)
        return "\0".join(words)

    def _needed(self, recognizer: Any) -> Any:
        return self._all() if getattr(recognizer, "reads_artifacts", True) else None

    def _all(self) -> Any:
        if self._artifacts is None:
            self._artifacts = self._engine.process_text(self._text, self._language)
        return self._artifacts
