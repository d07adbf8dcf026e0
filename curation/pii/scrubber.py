"""The built stage: finds values in a batch and replaces them. Holds the analyzers of the languages it has met."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import pyarrow as pa

from curation.document import with_column
from curation.pii.innocent import is_other
from curation.pii.partners import partners
from curation.pii.policy import Config, rules
from curation.pii.spans import Span, disjoint
from curation.pii.speakers import Mention, as_spans, find_speakers
from curation.pii.surrogates import ascii_digits, is_reserved, normal_form, numbered, placeholder, surrogate
from curation.stage import DROP_SCHEMA, Outcome, Place, keep_all

NUMBERS = re.compile(r"[A-Z]?\d{1,9}(?:\+\d{1,9})?")
MAX_NAMES = 10_000
PARTS = re.compile(r"[/!#]")
WORDS = re.compile(r"[\W_]")
MAX_PASSES = 5
ENDINGS = re.compile(r"[/!#]|\.(?=\w{1,8}(?:\.(?:gz|bz2|xz|zst))?(?:[/!#]|$))")


class Analyzer(Protocol):
    def analyze(self, text: str) -> list[Span]: ...


class Scrubbed(NamedTuple):
    text: str
    view: str | None  # None = like text


class Found(NamedTuple):
    spans: list[Span]  # disjoint, in order
    speakers: dict[int, str]  # start of a mention -> whom it means


class Replaced(NamedTuple):
    """A text in the work, and where in it replacements stand."""

    text: str
    regions: list[Span]


class Numbers:
    """Numbers the distinct values of each type in one document, from 1."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], int] = {}
        self._last: Counter[str] = Counter()

    def of(self, entity: str, value: str) -> int:
        key = (entity, normal_form(value))
        if key not in self._known:
            self._last[entity] += 1
            self._known[key] = self._last[entity]
        return self._known[key]


class Scrubber:
    """One source's scrubber. Not for threads: it counts what it replaced."""

    def __init__(self, config: Config, place: Place, analyzer_of: Callable[[str], Analyzer]) -> None:
        self._config = config
        self._rules = rules(config, place.kind)
        self._analyzer_of = analyzer_of
        self._analyzers: dict[str, Analyzer] = {}
        self._counts: Counter[str] = Counter()
        self._by_input: dict[str, Counter[str]] = defaultdict(Counter)
        self._names: dict[tuple[str, tuple[str, ...]], str] = {}

    def __call__(self, batch: pa.RecordBatch) -> Outcome:
        """RAW_SCHEMA to the same with scrubbed text, origin, work; plus `view`, minus `speakers`."""
        columns = {name: batch.column(name).to_pylist() for name in ("input", "text", "origin", "work", "lang", "speakers")}
        speakers = [names or [] for names in columns["speakers"]]
        done = []
        for key, *row in zip(columns["input"], columns["text"], columns["lang"], speakers, strict=True):
            done.append(self.text(*row))
            self._by_input[key].update(self.counts())
        batch = with_column(batch, "text", pa.array([row.text for row in done], pa.string()))
        for name in ("origin", "work"):
            batch = with_column(batch, name, pa.array(self.names(columns[name], speakers), pa.string()))
        batch = with_column(batch, "view", pa.array([row.view for row in done], pa.string()))
        return keep_all(batch.drop_columns(["speakers"]))

    def text(self, text: str, language: str, speakers: Sequence[str] = ()) -> Scrubbed:
        """One text, scrubbed, and as hashing sees it."""
        if not self._config.enabled or not text:
            return Scrubbed(text, None)
        state = Replaced(text, [])
        numbers = Numbers()
        # A value gone, what stood beside it may be one: again until nothing is found, so that scrubbing twice changes nothing.
        for _ in range(MAX_PASSES):
            found = self._find(state.text, language, speakers)
            if not found.spans:
                break
            state = self._replace(state, found, numbers)
        if not state.regions:
            return Scrubbed(text, None)
        view = _cut(state.text, [(region, placeholder(region.entity)) for region in state.regions])
        return Scrubbed(state.text, None if view == state.text else view)

    def find(self, text: str, language: str, speakers: Sequence[str] = ()) -> list[Span]:
        """What the policy would replace: disjoint spans in order of place."""
        return self._find(text, language, speakers).spans

    def names(self, origins: Sequence[str], speakers: Sequence[Sequence[str]]) -> list[str]:
        """Names of files, pages, channels as they may be published: every value becomes its type word."""
        return [self.scrub_name(origin, known) for origin, known in zip(origins, speakers, strict=True)]

    def scrub_name(self, text: str, speakers: Sequence[str] = ()) -> str:
        """One name of a file, page or channel as it may be published."""
        if not self._config.enabled or not text:
            return text
        path, mark, place = text.rpartition("#")
        if mark and NUMBERS.fullmatch(place):  # line 12 and 3 more: thousands of origins that differ in nothing else
            return self._known_name(path, tuple(speakers)) + mark + place
        return self._known_name(text, tuple(speakers))

    def _known_name(self, text: str, speakers: tuple[str, ...]) -> str:
        if len(self._names) > MAX_NAMES:
            self._names.clear()
        key = (text, speakers)
        if key not in self._names:
            self._names[key] = self._scrubbed_name(text, speakers)
        return self._names[key]

    def _scrubbed_name(self, text: str, speakers: Sequence[str]) -> str:
        # "to a@b.org.txt": the ending is no part of the address, and no domain ends in .txt; "team/to-a@b.org/2024": the
        # folder is none either; "dm-ada": a hyphen ends a handle. All readings count.
        readings = dict.fromkeys((text, ENDINGS.sub(" ", text), PARTS.sub(" ", text)))
        found = [span for reading in readings for span in self._find(reading, "", speakers).spans]
        if speakers:
            found += as_spans(find_speakers(WORDS.sub(" ", text), speakers, ""))
        found += partners(text)
        return _cut(text, [(span, placeholder(span.entity)) for span in disjoint(found)])

    def scrub_drops(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Rows of DROP_SCHEMA, with a column `speakers` or without, to publishable rows of DROP_SCHEMA."""
        has_speakers = "speakers" in batch.schema.names
        speakers = [names or [] for names in batch.column("speakers").to_pylist()] if has_speakers else [[]] * batch.num_rows
        for name in ("origin", "work"):
            values = [value or "" for value in batch.column(name).to_pylist()]
            batch = with_column(batch, name, pa.array(self.names(values, speakers), pa.string()))
        return batch.select(DROP_SCHEMA.names)

    def counts_by_input(self) -> dict[str, Counter[str]]:
        """Values replaced in batches, by input and entity, since the last call."""
        counts, self._by_input = self._by_input, defaultdict(Counter)
        return counts

    def counts(self) -> dict[str, int]:
        """Values replaced in single texts, by entity, since the last call."""
        counts = dict(sorted(self._counts.items()))
        self._counts.clear()
        return counts

    def _find(self, text: str, language: str, speakers: Sequence[str]) -> Found:
        text = ascii_digits(text)
        min_scores = self._rules.min_scores
        spans = [span for span in self._analyzer(language).analyze(text) if span.score >= min_scores.get(span.entity, 2.0)]
        reserved = [span for span in spans if is_reserved(span.entity, text[span.start : span.end])]
        spans = [span for span in spans if not is_other(span, text, spans)]
        # The @ of an example's password makes no e-mail address.
        spans = [span for span in spans if not any(one.start <= span.start and span.end <= one.end for one in reserved)]
        mentions: list[Mention] = []
        if speakers and self._rules.speakers:
            mentions = find_speakers(text, speakers, language)
        return Found(disjoint([*spans, *as_spans(mentions)]), {mention.start: mention.speaker for mention in mentions})

    def _analyzer(self, language: str) -> Analyzer:
        analyzer = self._analyzers.get(language)
        if analyzer is None:
            analyzer = self._analyzers[language] = self._analyzer_of(language)
        return analyzer

    def _replace(self, state: Replaced, found: Found, numbers: Numbers) -> Replaced:
        """Replaces what was found, and what it overlaps of earlier replacements."""
        text = state.text
        new = {span.start: span for span in disjoint([*found.spans, *_touched(state.regions, found.spans)])}
        pieces: list[str] = []
        regions: list[Span] = []
        position = length = 0
        for span in disjoint([*state.regions, *found.spans]):
            value = text[span.start : span.end]
            if span.start in new:
                self._counts[span.entity] += 1
                n = numbers.of(span.entity, found.speakers.get(span.start, value))
                value = self._instead(span.entity, n, value)
            pieces += (text[position : span.start], value)
            start = length + span.start - position
            length, position = start + len(value), span.end
            regions.append(Span(span.entity, start, length, span.score))
        return Replaced("".join((*pieces, text[position:])), regions)

    def _instead(self, entity: str, n: int, value: str) -> str:
        if self._rules.replace == "surrogate":
            return surrogate(entity, n, value, self._config.seed)
        return numbered(entity, n) if entity == "PERSON" else placeholder(entity)


def _touched(regions: list[Span], spans: list[Span]) -> list[Span]:
    return [region for region in regions if any(span.start < region.end and region.start < span.end for span in spans)]


def _cut(text: str, replaced: list[tuple[Span, str]]) -> str:
    """The text with each (disjoint, ordered) span replaced."""
    pieces: list[str] = []
    position = 0
    for span, instead in replaced:
        pieces += (text[position : span.start], instead)
        position = span.end
    pieces.append(text[position:])
    return "".join(pieces)
