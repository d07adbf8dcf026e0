"""Text to spans: Presidio's answers, faster. One analyzer per language.

`FastAnalyzer` gives entity types, spans and scores equal to those of a stock `AnalyzerEngine` with the same recognizers
and NLP engine. It differs in what it does not do: it scans all patterns at once (`automaton`), runs a regex only where
it can match (`windows`), looks phone numbers up once for all regions (`phones`), and tokenizes only the words before a
candidate (`context`). What it does not know it does as stock does: a recognizer with an `analyze` of its own runs on
the whole text, and so does a pattern that the automaton cannot hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from curation.pii.alphabet import narrow
from curation.pii.automaton import Automaton, Expression
from curation.pii.context import SIGMA, Context, TextContext
from curation.pii.matching import PatternMatcher, without_duplicates
from curation.pii.nlp import is_piecewise, word_engine
from curation.pii.phones import PhoneScan
from curation.pii.registry import registry_of
from curation.pii.spans import Span
from curation.pii.whole import WholeText

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer
    from presidio_analyzer.nlp_engine import NlpEngine

MAX_FEW = 5  # places whose surroundings are looked at before the text as a whole


class FastAnalyzer:
    """Presidio's analysis of texts of one language with `recognizers`."""

    def __init__(
        self,
        recognizers: Iterable[EntityRecognizer],
        language: str,
        nlp_engine: NlpEngine | None = None,
        use_hyperscan: bool | None = None,
    ) -> None:
        from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer

        self._enhancer: Any = LemmaContextAwareEnhancer()
        self._engine = nlp_engine or word_engine(language)
        self._language = language
        self._context: Context | None = None
        if is_piecewise(self._engine, language):
            self._context = Context(self._engine, language, self._enhancer.context_prefix_count)
        self._patterns: list[tuple[PatternMatcher, list[int]]] = []
        self._phones: list[tuple[Any, PhoneScan, int]] = []
        self._others: list[Any] = []
        expressions: list[Expression] = []
        for recognizer in recognizers:
            self._add(recognizer, expressions)
        self._keywords = {id(recognizer): _keywords(recognizer) for recognizer in self._recognizers()}
        self._automaton = Automaton(expressions, use_hyperscan)
        self._everywhere = self._automaton.everywhere
        # Which entry of _patterns an expression belongs to; -1 = telephone numbers.
        self._matcher_of = dict.fromkeys(range(len(expressions)), -1)
        self._matcher_of |= {index: number for number, (_, ids) in enumerate(self._patterns) for index in ids}
        self._ungated = {self._matcher_of[index] for index in self._everywhere}

    def analyze(self, text: str) -> list[Span]:
        """Spans in Presidio's order: surest first, then by place."""
        data = narrow(text)
        hits = self._automaton.hits(text, data)
        beyond = [index for _, scan, index in self._phones if scan.is_beyond(text)]
        if not hits and not beyond and not self._everywhere and not self._others:
            return []
        found: list[tuple[Any, list[Span]]] = []
        for number in sorted({self._matcher_of[index] for index in hits} | self._ungated):
            if number < 0:
                continue
            matcher, ids = self._patterns[number]
            spans = matcher.find(text, [self._ends(hits, index) for index in ids])
            found.append((matcher.recognizer, without_duplicates(spans) if matcher.finds_duplicates else spans))
        for recognizer, scan, index in self._phones:
            if index in hits or index in beyond or index in self._everywhere:
                found.append((recognizer, _numbers(recognizer, scan, text, data, self._ends(hits, index))))
        whole = WholeText(self._engine, text, self._language)
        found += [(recognizer, whole.spans(recognizer)) for recognizer in self._others]
        return self._settle(text, [(recognizer, spans) for recognizer, spans in found if spans], whole)

    def _settle(self, text: str, found: list[tuple[Any, list[Span]]], whole: WholeText) -> list[Span]:
        if not found:
            return []
        context = TextContext(self._context, text) if self._context is not None else None
        lowered = ""
        settled: list[Span] = []
        for recognizer, spans in found:
            keywords = self._keywords[id(recognizer)]
            if len(spans) > MAX_FEW and SIGMA not in text:
                # Most texts hold none of a recognizer's words at all.
                lowered = lowered or text.lower()
                keywords = [word for word in keywords if word in lowered]
            if keywords:
                spans = [self._raised(recognizer, span, keywords, context, whole) for span in spans]
            lowest = recognizer.score_thresholds
            settled += (
                [span for span in spans if span.score >= lowest.get(span.entity, lowest.get("default", 0))] if lowest else spans
            )
        return without_duplicates(settled) if len(settled) > 1 else [span for span in settled if span.score]

    def _raised(self, recognizer: Any, span: Span, keywords: list[str], context: TextContext | None, whole: WholeText) -> Span:
        """The span with the score that the words before it give it."""
        if recognizer in self._others and whole.is_raised(span):
            return span
        if context is not None and not context.may_hold(span.start, keywords):
            return span
        words = context.before(span.start) if context is not None else whole.words_before(span.start, self._enhancer)
        if not any(keyword in words for keyword in keywords):
            return span
        enhancer = self._enhancer
        score = max(span.score + enhancer.context_similarity_factor, enhancer.min_score_with_context_similarity)
        return span._replace(score=min(score, enhancer.MAX_SCORE))

    def _ends(self, hits: dict[int, list[int]], index: int) -> Sequence[int] | None:
        return None if index in self._everywhere else hits.get(index, ())

    def _recognizers(self) -> list[Any]:
        fast = [matcher.recognizer for matcher, _ in self._patterns] + [recognizer for recognizer, _, _ in self._phones]
        return fast + self._others

    def _add(self, recognizer: Any, expressions: list[Expression]) -> None:
        from presidio_analyzer import EntityRecognizer, PatternRecognizer
        from presidio_analyzer.predefined_recognizers import IbanRecognizer, PhoneRecognizer

        kind = type(recognizer)
        is_iban = isinstance(recognizer, IbanRecognizer) and kind.analyze is IbanRecognizer.analyze
        if kind.enhance_using_context is not EntityRecognizer.enhance_using_context:
            self._others.append(recognizer)
        elif is_iban or (isinstance(recognizer, PatternRecognizer) and kind.analyze is PatternRecognizer.analyze):
            matcher = PatternMatcher(recognizer, is_iban)
            first = len(expressions)
            expressions += [Expression(one.expression(), one.flags, one.any_end) for one in matcher.patterns]
            self._patterns.append((matcher, list(range(first, len(expressions)))))
        elif kind.analyze is PhoneRecognizer.analyze and recognizer.leniency == 1:
            scan = PhoneScan(recognizer.supported_regions)
            self._phones.append((recognizer, scan, len(expressions)))
            expressions.append(Expression(scan.expression(), re.IGNORECASE | re.MULTILINE))
        else:
            self._others.append(recognizer)


def _numbers(recognizer: Any, scan: PhoneScan, text: str, data: bytes, ends: Sequence[int] | None) -> list[Span]:
    """Telephone numbers, as the recognizer finds them."""
    entity = recognizer.supported_entities[0]
    places = scan.find(text, data, ends)
    if places is None:
        results = recognizer.analyze(text, [entity], None)  # it reads no tokens
        return [Span(entity, result.start, result.end, result.score) for result in results]
    return without_duplicates(Span(entity, *place, recognizer.SCORE) for place in places)


def _keywords(recognizer: Any) -> list[str]:
    return [word.lower() for word in recognizer.context or () if word]


def stock_engine(recognizers: Iterable[EntityRecognizer], language: str, nlp_engine: NlpEngine | None = None) -> AnalyzerEngine:
    """Presidio's AnalyzerEngine with exactly these recognizers, on a blank pipeline: the reference."""
    from presidio_analyzer import AnalyzerEngine

    registry = registry_of(recognizers, language)
    return AnalyzerEngine(registry=registry, nlp_engine=nlp_engine or word_engine(language), supported_languages=[language])


def stock_spans(engine: AnalyzerEngine, text: str, language: str) -> list[Span]:
    """What a stock engine finds, as spans."""
    return [Span(found.entity_type, found.start, found.end, found.score) for found in engine.analyze(text, language)]
