"""Any filter of datatrove by name, from a recipe:

    [[datatrove.filters]]
    name = "C4ParagraphFilter"            # a class of datatrove.pipeline.filters
    kinds = ["web"]                       # absent: all kinds
    options = { }                         # its keyword arguments

In: scrubbed batches. Out: the same rows with the column `datatrove`: the reason of the first filter that would drop
the document, as `name:reason` in datatrove's words; null where all keep it. Filters see a copy: text stays as it is.
Drop reasons (step select): datatrove (the ledger's reason is the same word; the column says which filter).
Cost: datatrove's own, 0.1 to 1 MB/s a filter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from curation.document import with_column
from curation.errors import RecipeError
from curation.stage import Judgement, Outcome, Place, Settings, StageFunction, keep_all, threshold

NAME = "datatrove"
REASONS: dict[str, str] = {}
JUDGED = {"datatrove": "a filter of datatrove named in the recipe drops it; the column `datatrove` says which"}
LIBRARIES = ("datatrove",)
SCORES = pa.schema([("datatrove", pa.string())])

Verdict = Callable[[str, str, dict[str, str]], str | None]


class Filter(Settings):
    name: str
    kinds: tuple[str, ...] | None = None
    options: dict[str, Any] = Field(default_factory=dict)


class Config(Settings):
    """`[datatrove]`"""

    filters: tuple[Filter, ...] = ()
    action: str = threshold("drop", pattern="^(drop|mark)$")


def build(config: Config, place: Place) -> StageFunction:
    verdicts = [verdict(item) for item in config.filters if item.kinds is None or place.kind in item.kinds]

    def stage(batch: pa.RecordBatch) -> Outcome:
        reasons: list[str | None] = [None] * len(batch)
        if verdicts:
            texts, languages = batch.column("text").to_pylist(), batch.column("lang").to_pylist()
            for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
                metadata = {"language": language, "license": "", "source": place.source}
                found = (judged(text, str(row), metadata) for judged in verdicts)
                reasons[row] = next((reason for reason in found if reason), None)
        return keep_all(with_column(batch, "datatrove", pa.array(reasons, pa.string())))

    return stage


def verdict(item: Filter) -> Verdict:
    """A function (text, id, metadata) -> reason or None, from one datatrove filter."""
    from datatrove.data import Document
    from datatrove.pipeline import filters
    from datatrove.pipeline.filters.base_filter import BaseFilter, get_filter_result

    kind = getattr(filters, item.name, None)
    if not (isinstance(kind, type) and issubclass(kind, BaseFilter)):
        known = sorted(name for name in vars(filters) if name.endswith("Filter") and name != "BaseFilter")
        raise RecipeError(f"datatrove has no filter {item.name}", where="[[datatrove.filters]]", expected=", ".join(known))
    try:
        built = kind(**item.options)
    except TypeError as error:
        raise RecipeError("wrong options", where=f"[[datatrove.filters]] {item.name}", got=str(error)) from error

    def judged(text: str, key: str, metadata: dict[str, str]) -> str | None:
        is_kept, reason = get_filter_result(built.filter(Document(text=text, id=key, metadata=dict(metadata))))
        return None if is_kept else f"{item.name}:{re.sub(r'[^a-z0-9]+', '_', (reason or 'dropped').lower()).strip('_')}"

    return judged


def judge(scores: pa.RecordBatch, config: Config, place: Place) -> Judgement:
    nothing = pa.nulls(len(scores), pa.float32())
    if config.action == "mark":
        return Judgement(pa.nulls(len(scores), pa.string()), nothing)
    return Judgement(pc.if_else(pc.is_valid(scores.column("datatrove")), "datatrove", pa.scalar(None, pa.string())), nothing)
