"""One recognizer on one text: Presidio's pattern recognizers, run only where the automaton says they could match.

Raw findings are what `recognizer.analyze` would return (spans and scores), without the explanation objects that take
stock most of its time on dense text.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from curation.pii.extent import Extent, extent_of
from curation.pii.factoring import factored
from curation.pii.spans import Span
from curation.pii.windows import finditer

FIRST_GROUP = re.compile(r"^[^(]*\((\[[^\]]+\])\)")  # a first group that is one character class
TIMEOUT_SECONDS = int(os.environ.get("REGEX_TIMEOUT_SECONDS", "60"))  # Presidio's own


class CompiledPattern:
    """A pattern of a recognizer with the recognizer's flags."""

    def __init__(self, regex: str, flags: int, score: float, gate: str | None = None) -> None:
        import regex as engine

        self.regex, self.flags, self.score = regex, flags, score
        self.compiled = engine.compile(factored(regex), flags)
        self.extent: Extent = extent_of(regex, flags)
        self._gate = gate
        if gate is not None and self.extent.max_width is not None:  # it may end one character later
            self.extent = replace(self.extent, max_width=self.extent.max_width + 1)

    @property
    def any_end(self) -> bool:
        """Is the stretch around any place in a match where the whole match lies?"""
        return self._gate is None and self.extent.max_width is None and self.extent.is_local

    def expression(self) -> str:
        """What the automaton looks for: it knows no back-reference and would take anything for it."""
        if self._gate is not None:
            return self._gate
        group = FIRST_GROUP.search(self.regex)
        return self.regex.replace(r"\1", group.group(1)) if group else self.regex


def _compiled(pattern: Any, flags: int) -> CompiledPattern:
    return CompiledPattern(pattern.regex, flags, pattern.score, getattr(pattern, "gate", None))


class PatternMatcher:
    """A PatternRecognizer whose `analyze` is Presidio's own, or that of IbanRecognizer."""

    def __init__(self, recognizer: Any, is_iban: bool = False) -> None:
        self.recognizer = recognizer
        self._entity: str = recognizer.supported_entities[0]
        flags: int = recognizer.global_regex_flags
        self.patterns: list[CompiledPattern] = [_compiled(pattern, flags) for pattern in recognizer.patterns]
        self._is_iban = is_iban
        self._checks = _checks(recognizer)
        self.finds_duplicates = len(self.patterns) != 1

    def find(self, text: str, ends: Sequence[Sequence[int] | None]) -> list[Span]:
        """`ends` per pattern: where it may end; None = look everywhere."""
        found: list[Span] = []
        for pattern, pattern_ends in zip(self.patterns, ends, strict=True):
            if pattern_ends is None or (pattern_ends and not pattern.extent.is_local):
                matches: Iterable[Any] = pattern.compiled.finditer(text, timeout=TIMEOUT_SECONDS)
            elif pattern_ends:
                matches = finditer(pattern.compiled, text, pattern_ends, pattern.extent)
            else:
                continue
            for match in matches:
                for start, end in _parts_of_iban(match) if self._is_iban else (match.span(),):
                    score = self._score(text[start:end], pattern.score) if self._checks else pattern.score
                    if score > 0 and (self._checks or end > start):
                        found.append(Span(self._entity, start, end, score))
                        break
        return found

    def _score(self, value: str, score: float) -> float:
        if not value:
            return 0.0
        is_valid = self.recognizer.validate_result(value)
        if is_valid is not None:
            score = 1.0 if is_valid else 0.0
        return 0.0 if self.recognizer.invalidate_result(value) else score


def _checks(recognizer: Any) -> bool:
    """Does it look at what its patterns match?"""
    from presidio_analyzer import PatternRecognizer

    rules = ((recognizer.validate_result, "validate_result"), (recognizer.invalidate_result, "invalidate_result"))
    return any(getattr(rule, "__func__", None) is not getattr(PatternRecognizer, name) for rule, name in rules)


def _parts_of_iban(match: Any) -> Iterator[tuple[int, int]]:
    """The match, then without its optional groups: a word of four letters after an IBAN looks like one more group."""
    for group in range(len(match.groups()), 0, -1):
        end = match.end(group)
        yield match.start(), end if end > 0 else match.end()


def without_duplicates(spans: Iterable[Span]) -> list[Span]:
    """As `EntityRecognizer.remove_duplicates`: none inside another of its type with an equal or higher score."""
    spans = list(spans)
    if len(spans) < 2:
        return [span for span in spans if span.score]
    ordered = sorted(set(spans), key=lambda span: (span.entity, span.start, -(span.end - span.start), -span.score))
    kept: list[Span] = []
    for _, group in groupby(ordered, key=lambda span: span.entity):
        active: list[Span] = []
        reach = -1
        for span in group:
            if span.score == 0:
                continue
            if span.start > reach:  # nothing before it comes so far: the common case
                kept.append(span)
                active, reach = [span], span.end
                continue
            reach = max(reach, span.end)
            active = [other for other in active if other.end >= span.start]
            if not any(other.start <= span.start and span.end <= other.end and span.score <= other.score for other in active):
                kept.append(span)
                active.append(span)
    return sorted(kept, key=lambda span: (-span.score, span.start, -(span.end - span.start)))
