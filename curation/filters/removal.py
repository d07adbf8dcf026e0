"""Takes passages out of documents that already have an id, a view and turns, and keeps the three in step.

`view` has the same lines as `text` (a replaced value never holds a line break), so a passage leaves it by whole
lines; where a cut does not fall on line ends, or the lines do not match, the view becomes the text itself.
"""

from __future__ import annotations

import pyarrow as pa

from curation.document import TURNS_TYPE, document_id, with_column

Span = tuple[int, int]


def without_passages(batch: pa.RecordBatch, cuts: list[list[Span]], kind: str) -> pa.RecordBatch:
    """Rows with cuts get a shorter text, view and turns and a new id; a text may become empty."""
    columns = {name: batch.column(name).to_pylist() for name in ("text", "view", "turns", "id") if name in batch.schema.names}
    for row, spans in enumerate(cuts):
        if not spans:
            continue
        text = columns["text"][row]
        columns["text"][row] = rest = _without(text, spans)
        view = None
        if "view" in columns:
            columns["view"][row] = view = _view_without(columns["view"][row], text, spans)
        if "turns" in columns and columns["turns"][row] is not None:
            columns["turns"][row] = _turns_without(columns["turns"][row], spans)
        if "id" in columns:
            columns["id"][row] = document_id(kind, view if view is not None else rest)
    for name, values in columns.items():
        batch = with_column(batch, name, pa.array(values, TURNS_TYPE if name == "turns" else pa.string()))
    return batch


def _without(text: str, spans: list[Span]) -> str:
    kept, position = [], 0
    for start, stop in spans:
        kept.append(text[position:start])
        position = stop
    kept.append(text[position:])
    return "".join(kept)


def _view_without(view: str | None, text: str, spans: list[Span]) -> str | None:
    if view is None or view.count("\n") != text.count("\n"):
        return None
    lines = view.split("\n")
    for start, stop in reversed(spans):
        ends_line = stop == len(text) or text[stop - 1] == "\n"
        begins_line = start == 0 or text[start - 1] == "\n"
        if not (begins_line and ends_line):
            return None
        del lines[text.count("\n", 0, start) : text.count("\n", 0, stop) + (stop == len(text))]
    return "\n".join(lines)


def _turns_without(turns: list[dict[str, str | int]], spans: list[Span]) -> list[dict[str, str | int]]:
    def moved(place: int) -> int:
        return place - sum(max(0, min(stop, place) - start) for start, stop in spans)

    found = [turn | {"start": moved(int(turn["start"])), "end": moved(int(turn["end"]))} for turn in turns]
    return [turn for turn in found if turn["start"] != turn["end"]]
