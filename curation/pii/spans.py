"""What a recognizer found: type, place, score. And how overlapping findings become disjoint ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """`text[start:end]` is a value of `entity`; score as Presidio gives it, 0 to 1."""

    entity: str
    start: int
    end: int
    score: float


def disjoint(spans: Iterable[Span]) -> list[Span]:
    """Spans in order of place, without overlaps. Overlapping ones become one, as wide as all of them together.

    It takes the type of the longest (then the surest): a URL with a password in it is no e-mail address. The union is
    what is removed, so that no rest of a losing span stays behind.
    """
    result: list[Span] = []
    best: Span | None = None
    start = end = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if best is not None and span.start < end:
            end = max(end, span.end)
            if (span.end - span.start, span.score, span.entity) > (best.end - best.start, best.score, best.entity):
                best = span
            continue
        if best is not None:
            result.append(Span(best.entity, start, end, best.score))
        best, start, end = span, span.start, span.end
    if best is not None:
        result.append(Span(best.entity, start, end, best.score))
    return result
